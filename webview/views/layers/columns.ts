import { textWidth } from '../../charts/textWidth';
import { foreignBadge } from '../../figures/foreignText';
import { LAYER_METRICS, type LayerMetric } from '../../layersState';
import { LAYER_COLUMNS, type LayerColumn } from '../../viewState';
import { shortName } from '../text';
import { METRICS } from './layerMetrics';
import type { LayerRow } from './layerRows';

interface Column {
  readonly label: string;
  /** Pixels that it needs, and those that do it good. Text columns need less where their texts are shorter. */
  readonly least: number;
  readonly most: number;
  readonly numeric: boolean;
}

const metricColumn = (metric: LayerMetric): Column => ({ label: METRICS[metric].label, least: 88, most: 112, numeric: true });

export const COLUMNS: Readonly<Record<LayerColumn, Column>> = {
  index: { label: '#', least: 38, most: 52, numeric: true },
  op: { label: 'op', least: 240, most: 320, numeric: false },
  output: { label: 'output', least: 140, most: 520, numeric: false },
  dtype: { label: 'type', least: 56, most: 140, numeric: false },
  local: { label: 'local dB', least: 92, most: 150, numeric: true },
  accumulated: { label: 'accumulated dB', least: 116, most: 150, numeric: true },
  rails: { label: 'at rails', least: 88, most: 128, numeric: true },
  rmse: metricColumn('rmse'),
  largest: metricColumn('largest'),
  cosine: metricColumn('cosine'),
  mean: metricColumn('mean'),
  bits: metricColumn('bits'),
  macs: metricColumn('macs'),
  params: metricColumn('params'),
  histogram: { label: 'float over int8', least: 112, most: 112, numeric: false },
  target: { label: 'target', least: 92, most: 120, numeric: false },
};

/** Columns that only a run fills; all but the histogram only one that compares two paths. */
const COMPARED: readonly LayerColumn[] = ['local', 'accumulated', 'rails'];

/** What has been run: nothing, the float path alone, or a quantized path beside it. */
export type Measured = 'nothing' | 'float' | 'int8' | 'hybrid';

export const isMetric = (column: LayerColumn): column is LayerMetric => (LAYER_METRICS as readonly string[]).includes(column);

function isFilled(column: LayerColumn, measured: Measured): boolean {
  if (column === 'histogram') return measured !== 'nothing';
  const needsBoth = isMetric(column) ? METRICS[column].isMeasured : COMPARED.includes(column);
  return (measured !== 'nothing' && measured !== 'float') || !needsBoth;
}

export function columnLabel(column: LayerColumn, measured: Measured, targetLabel: string): string {
  if (column === 'target') return targetLabel;
  if (column !== 'histogram') return COLUMNS[column].label;
  return measured === 'float' ? 'float' : `float over ${measured === 'hybrid' ? 'hybrid' : 'int8'}`;
}

/** Who leaves a narrow table, in this order; error and saturation always stay. */
const LEAVE: readonly LayerColumn[] = [...LAYER_METRICS, 'histogram', 'dtype', 'local', 'output', 'target'];
/** Who gets room first, in this order. */
const WIDEN: readonly LayerColumn[] = ['op', 'output', 'dtype', 'accumulated', 'rails', 'local', 'index', 'target'];

/** Bars that a very wide editor makes longer still, to so many pixels, so that names do not stand far from figures. */
const LENGTHEN: readonly (readonly [column: LayerColumn, most: number])[] = [
  ['local', 280],
  ['accumulated', 280],
  ['rails', 220],
];

type TextColumn = 'op' | 'output' | 'dtype';
/** Pixels that the longest text of a column takes. */
export type TextWidths = Readonly<Record<TextColumn, number>>;

const PADDING = 18;
const SIZE = 12;
/** Texts that are measured; a longer table has no longer ones as a rule. */
const MEASURED_ROWS = 2000;

type MeasuredRow = Pick<LayerRow, 'name' | 'output' | 'shape' | 'dtypes'> & Partial<Pick<LayerRow, 'foreign'>>;

export function textWidths(rows: readonly MeasuredRow[]): TextWidths {
  const first = rows.slice(0, MEASURED_ROWS);
  const longest = (texts: readonly string[], mono: (text: string) => number = () => 0) =>
    PADDING + [...new Set(texts)].reduce((most, text) => Math.max(most, textWidth(text, SIZE) + mono(text)), 0);
  return {
    op: longest(first.map(({ name, foreign = [] }) => [name, ...foreign.map((one) => `   ${foreignBadge(one)}`)].join(' '))),
    output:
      PADDING +
      first.reduce(
        (most, { output, shape }) =>
          Math.max(most, textWidth(`${shortName(output, Infinity)} `, SIZE) + textWidth(shape, 11, { mono: true })),
        0,
      ),
    dtype: longest(first.map(({ dtypes }) => dtypes)),
  };
}

const isText = (column: LayerColumn): column is TextColumn => column === 'op' || column === 'output' || column === 'dtype';

function least(column: LayerColumn, texts: TextWidths): number {
  return isText(column) ? Math.min(COLUMNS[column].least, Math.max(56, texts[column])) : COLUMNS[column].least;
}

function most(column: LayerColumn, texts: TextWidths): number {
  return isText(column) ? Math.max(least(column, texts), Math.min(COLUMNS[column].most, texts[column])) : COLUMNS[column].most;
}

/** The columns on show, in order, with the metrics that were chosen: in a narrow editor they leave one by one, as soon as the others have not the room they need. */
export function shownColumns(
  width: number,
  hidden: readonly LayerColumn[],
  measured: Measured,
  texts: TextWidths,
  metrics: readonly LayerMetric[] = [],
): readonly LayerColumn[] {
  const isChosen = (column: LayerColumn): boolean => (isMetric(column) ? metrics.includes(column) : !hidden.includes(column));
  let shown = LAYER_COLUMNS.filter((column) => isChosen(column) && isFilled(column, measured));
  const needed = () => shown.reduce((sum, column) => sum + least(column, texts), 0);
  for (const column of LEAVE) {
    if (needed() <= width) break;
    shown = shown.filter((other) => other !== column);
  }
  return shown;
}

export interface TableLayout {
  /** CSS grid tracks. */
  readonly tracks: string;
  /** Pixels of the output's name and shape; 0 without that column. */
  readonly outputWidth: number;
}

/** Names first get the room they take, then bars theirs. */
export function layoutTable(columns: readonly LayerColumn[], width: number, texts: TextWidths): TableLayout {
  const widths = new Map(columns.map((column) => [column, least(column, texts)]));
  let free = width - [...widths.values()].reduce((sum, one) => sum + one, 0);
  for (const [column, goal] of [...WIDEN.map((one) => [one, most(one, texts)] as const), ...LENGTHEN]) {
    const now = widths.get(column);
    if (now === undefined || free <= 0) continue;
    const more = Math.min(free, goal - now);
    widths.set(column, now + more);
    free -= more;
  }
  // Whatever is left, or lacking in a very narrow editor, is the name's.
  const elastic = columns.includes('output') ? 'output' : 'op';
  const tracks = columns.map((column) => {
    const size = Math.floor(widths.get(column) ?? 0);
    return column === elastic ? `minmax(${free < 0 ? 56 : size}px, 1fr)` : `${size}px`;
  });
  return { tracks: tracks.join(' '), outputWidth: (widths.get('output') ?? 0) + (elastic === 'output' ? Math.max(0, free) : 0) };
}
