import { decibel, percent, shareOrCount, withUnit } from '../../charts/format';
import { MOST_LEVEL, type GraphTone, type PictureBox } from '../../charts/GraphPicture';
import { textWidth } from '../../charts/textWidth';
import type { GraphColour, LayerMetric } from '../../layersState';
import { METRICS, metricShares } from '../layers/layerMetrics';
import { decibels, errorBars, type LayerRow } from '../layers/layerRows';
import { markOf } from '../targets/placements';
import { verdictText } from '../targets/VerdictMark';
import { plural } from '../text';
import type { Grouping } from './groups';
import type { OpGraph } from './opGraph';
import type { VisibleBox, VisibleGraph } from './visibleGraph';

/** How a box is coloured, and what its second line says of it. */
interface Figure {
  readonly tone: GraphTone;
  readonly level: number;
  readonly note: string;
  /** Larger is worse: what stands for a group. */
  readonly weight: number;
  /** Of a group, what its operators have together is told in place of the worst. */
  readonly adds?: { readonly value: number; readonly text: (sum: number) => string };
}

const NOTHING: Figure = { tone: 'fg', level: 0, note: '', weight: -Infinity };

export const COLOUR_LABELS: Readonly<Record<GraphColour, string>> = {
  local: 'local error',
  accumulated: 'accumulated error',
  rails: 'at rails',
  rmse: METRICS.rmse.label,
  largest: METRICS.largest.label,
  cosine: METRICS.cosine.label,
  mean: METRICS.mean.label,
  bits: METRICS.bits.label,
  macs: METRICS.macs.label,
  params: METRICS.params.label,
  target: 'target',
  type: 'type',
};

/** What the colours of a choice stand for, from nothing to most. */
export function legendOf(
  colour: GraphColour,
): readonly { readonly tone: GraphTone; readonly level: number; readonly text: string }[] {
  switch (colour) {
    case 'local':
    case 'accumulated':
      return [
        { tone: 'fg', level: 1, text: 'least' },
        { tone: 'fg', level: MOST_LEVEL, text: 'most error' },
      ];
    case 'rails':
      return [
        { tone: 'fg', level: 2, text: 'at rails, none lost' },
        { tone: 'sat', level: MOST_LEVEL, text: 'lost' },
      ];
    case 'target':
      return [
        { tone: 'fg', level: MOST_LEVEL, text: 'native' },
        { tone: 'fg', level: 2, text: 'conditional' },
        { tone: 'warn', level: 4, text: 'CPU, thick lines: handed over' },
        { tone: 'sat', level: MOST_LEVEL, text: 'rejected' },
      ];
    case 'type':
      return [
        { tone: 'int', level: MOST_LEVEL, text: 'int8' },
        { tone: 'int', level: 2, text: 'int16' },
        { tone: 'float', level: MOST_LEVEL, text: 'float' },
        { tone: 'warn', level: 4, text: 'changes' },
        { tone: 'fg', level: 2, text: 'other' },
      ];
    default:
      return METRICS[colour].ends.map((text, at) => ({ tone: 'fg', level: at === 0 ? 1 : MOST_LEVEL, text }));
  }
}

/** Of every row, by one choice of colour. */
export function figuresOf(rows: readonly LayerRow[], colour: GraphColour): (row: LayerRow) => Figure {
  const bars = errorBars(rows);
  switch (colour) {
    case 'local':
    case 'accumulated':
      return ({ layer }) => {
        const error = layer?.[colour] ?? null;
        if (!error) return NOTHING;
        const share = bars(decibels(error));
        return {
          tone: 'fg',
          level: share === 0 ? 0 : Math.max(1, Math.round(share * MOST_LEVEL)),
          note: withUnit(decibel(error.sqnrDb, error.exact), 'dB'),
          weight: share,
        };
      };
    case 'rails':
      return ({ atRails }) => {
        if (!atRails) return NOTHING;
        const share = atRails.count / atRails.values;
        const level = share === 0 ? 0 : Math.max(1, Math.round(Math.sqrt(share) * MOST_LEVEL));
        const note = share === 0 ? 'none' : shareOrCount(atRails.count, atRails.values);
        return atRails.lost
          ? { tone: 'sat', level, note, weight: 1 + share }
          : { tone: 'fg', level: Math.min(2, level), note, weight: share };
      };
    case 'target':
      return ({ placement }) => {
        if (!placement) return NOTHING;
        const mark = markOf(placement);
        return { ...(TARGETS[mark] ?? UNVERIFIED), note: verdictText(mark) };
      };
    case 'type':
      return ({ dtypes }) => ({ ...typeFigure(dtypes), note: dtypes });
    default:
      return metricFigures(rows, colour);
  }
}

function metricFigures(rows: readonly LayerRow[], metric: LayerMetric): (row: LayerRow) => Figure {
  const { value: valueOf, text, adds } = METRICS[metric];
  const shareOf = metricShares(rows, metric);
  return (row) => {
    const value = valueOf(row);
    if (value === null) return NOTHING;
    const share = shareOf(value);
    const level = share === 0 ? 0 : Math.max(1, Math.round(share * MOST_LEVEL));
    return { tone: 'fg', level, note: text(value), weight: share, ...(adds ? { adds: { value, text } } : {}) };
  };
}

const UNVERIFIED = { tone: 'fg', level: 0, weight: 2 } as const;

/** Marks that are not among them say nothing for or against. */
const TARGETS: Readonly<Partial<Record<ReturnType<typeof markOf>, Omit<Figure, 'note'>>>> = {
  native: { tone: 'fg', level: MOST_LEVEL, weight: 0 },
  conditional: { tone: 'fg', level: 2, weight: 1 },
  blocked: { tone: 'fg', level: 1, weight: 2 },
  fallback: { tone: 'warn', level: 4, weight: 3 },
  rejected: { tone: 'sat', level: MOST_LEVEL, weight: 4 },
};

function typeFigure(dtypes: string): Omit<Figure, 'note'> {
  if (dtypes.includes('>')) return { tone: 'warn', level: 4, weight: 3 };
  if (dtypes.startsWith('float')) return { tone: 'float', level: MOST_LEVEL, weight: 2 };
  if (dtypes === 'int8' || dtypes === 'uint8') return { tone: 'int', level: MOST_LEVEL, weight: 1 };
  return dtypes === 'int16' ? { tone: 'int', level: 2, weight: 1 } : { tone: 'fg', level: 2, weight: 0 };
}

/** Texts of a box without figures: what its size follows from. */
export function titleOf(box: VisibleBox, graph: OpGraph, { groups }: Grouping): string {
  if (box.group !== null) return groups[box.group]?.label ?? '';
  const node = graph.nodes[box.node ?? -1];
  if (!node) return '';
  return node.kind === 'op' ? `${node.index} ${node.name}` : node.name;
}

const OP_HEIGHT = 36;
const PORT_HEIGHT = 24;

/** Pixels; the same whatever figures are shown, so that a run or another colour moves nothing. */
export function sizeOf(box: VisibleBox, graph: OpGraph, grouping: Grouping): { readonly width: number; readonly height: number } {
  const isPort = box.node !== null && graph.nodes[box.node]?.kind !== 'op';
  const text = textWidth(titleOf(box, graph, grouping), 12) + 18 + (box.group === null ? 0 : 18);
  return { width: Math.round(Math.min(220, Math.max(isPort ? 60 : 112, text))), height: isPort ? PORT_HEIGHT : OP_HEIGHT };
}

export interface BoxContext {
  readonly graph: OpGraph;
  readonly grouping: Grouping;
  readonly rowOf: ReadonlyMap<string, LayerRow>;
  readonly figure: (row: LayerRow) => Figure;
  /** Rows that filters leave, or null where none is set. */
  readonly kept: ReadonlySet<string> | null;
}

/**
 * Lines between operators of which one runs on the target and the other on the CPU: what goes along them is handed over. Of a closed
 * group, all operators that are known.
 */
export function handOvers({ boxes, lines }: VisibleGraph, { graph, rowOf }: BoxContext): readonly number[] {
  const sides = boxes.map(({ nodes, isOpen }) => {
    const marks = isOpen ? [] : nodes.flatMap((at) => rowOf.get(graph.nodes[at]?.id ?? '')?.placement ?? []).map(markOf);
    return {
      onTarget: marks.some((mark) => mark === 'native' || mark === 'conditional'),
      onCpu: marks.some((mark) => mark === 'fallback'),
    };
  });
  return lines.flatMap(({ from, to }, at) => {
    const [a, b] = [sides[from], sides[to]];
    return (a?.onTarget && b?.onCpu) || (a?.onCpu && b?.onTarget) ? [at] : [];
  });
}

function groupNote(figures: readonly Figure[], { note, adds }: Figure): string {
  return adds ? adds.text(figures.reduce((sum, one) => sum + (one.adds?.value ?? 0), 0)) : note;
}

/** A box with its colour, as it is drawn. */
export function pictureBox(box: VisibleBox, context: BoxContext): PictureBox {
  const { graph, grouping, rowOf, figure, kept } = context;
  const node = box.node === null ? null : graph.nodes[box.node];
  const title = titleOf(box, graph, grouping);
  if (node && node.kind === 'output') return { shape: 'port', title, note: '', tone: 'fg', level: 0, isFaded: kept !== null };
  const rows = box.nodes.flatMap((at) => rowOf.get(graph.nodes[at]?.id ?? '') ?? []);
  const figures = rows.map(figure);
  const worst = figures.reduce((a, b) => (b.weight > a.weight ? b : a), NOTHING);
  const isFaded = kept !== null && !rows.some(({ id }) => kept.has(id));
  const { tone, level } = worst;
  if (box.group !== null) {
    const size = plural(rows.length, 'op');
    return {
      shape: box.isOpen ? 'open' : 'group',
      title,
      note: worst.note === '' ? size : `${size}, ${groupNote(figures, worst)}`,
      tone,
      level,
      isFaded: isFaded && !box.isOpen,
    };
  }
  const shape = node?.kind === 'input' ? 'port' : 'op';
  return { shape, title, note: worst.note === '' ? (rows[0]?.shape ?? '') : worst.note, tone, level, isFaded };
}

/** What is told of a box in words: for the line under the graph, and for assistive technology. */
export function boxText(box: VisibleBox, { graph, grouping, rowOf }: BoxContext): string {
  const title = titleOf(box, graph, grouping);
  if (box.group !== null) {
    const known = box.nodes.flatMap((at) => rowOf.get(graph.nodes[at]?.id ?? '') ?? []);
    const state = box.isOpen ? 'open; Enter closes it' : 'closed; Enter opens it';
    return `Group ${title}, ${plural(known.length, 'op')}, ${state}`;
  }
  const row = rowOf.get(graph.nodes[box.node ?? -1]?.id ?? '');
  if (!row) return title;
  const { layer, atRails } = row;
  const errors = [
    ...(layer?.local ? [`local ${withUnit(decibel(layer.local.sqnrDb, layer.local.exact), 'dB')}`] : []),
    ...(layer?.accumulated ? [`accumulated ${withUnit(decibel(layer.accumulated.sqnrDb, layer.accumulated.exact), 'dB')}`] : []),
    ...(atRails && atRails.count > 0
      ? [`${percent(atRails.count / atRails.values)} at the rails${atRails.lost ? '' : ', none lost'}`]
      : []),
  ];
  return [title, `${row.dtypes} ${row.shape}`, ...errors].join(', ');
}
