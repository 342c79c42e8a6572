import { NOTABLE_DB } from '../../worker/core/findings/runRule';
import type { SignalName } from '../../worker/core/lstm/signals';
import { isLstm, kindName, type CellInfo } from '../../worker/core/report/cellInfos';
import type { LayerReport, LossCause, LstmPart, SignalReport } from '../../worker/core/report/report';
import type { CellBox } from '../charts/CellBoxCard';
import { CellDiagram, cellHeight } from '../charts/CellDiagram';
import { hiddenBoxIds } from '../charts/cellHidden';
import { isHidden, LANES, type CellBoxId } from '../charts/cellLayout';
import * as format from '../charts/format';
import { costTip, signalTip } from './figureTips';
import { costOf, losslessRails, lostShare, toldAtRails } from './readings';
import { findSignal, PART_NAME, signalLabel } from './signalNames';

/** What can be chosen in a cell: a signal, or the weights. */
export type CellSelection = SignalName | 'W';

export interface CellFigureProps {
  /** The LSTM, GRU or simple recurrent layer. */
  readonly lstm: CellInfo;
  readonly layer: LayerReport;
  readonly width: number;
  /** Default: what the cell needs at this width. */
  readonly height?: number;
  /** Which cell of a bidirectional operator. Default: `forward`. */
  readonly direction?: 'forward' | 'backward';
  /** Stages that have no box of their own (`o_x`) select the gate's box. */
  readonly selected?: CellSelection | null;
  /** Without it the figure is a picture. */
  readonly onSelect?: (selection: CellSelection) => void;
}

/** A recurrent layer's cell diagram with every signal's histogram, SQNR, saturation and cost. */
export function CellFigure(props: CellFigureProps) {
  const { lstm, layer, width, height = cellHeight(width), direction = 'forward', selected = null, onSelect } = props;
  const boxes = boxesOf(lstm, layer, direction);
  return (
    <CellDiagram
      width={width}
      height={height}
      title={`${kindName(lstm)} cell ${lstm.name}`}
      summary={summaryOf(layer, direction)}
      topology={lstm}
      boxes={boxes}
      selected={selected && boxOf(selected, boxes)}
      {...(onSelect && { onSelect: (id: CellBoxId) => onSelect(selectionOf(id)) })}
    />
  );
}

function boxesOf(lstm: CellInfo, layer: LayerReport, direction: 'forward' | 'backward'): CellBox[] {
  const ids = isHidden(lstm) ? hiddenBoxIds(lstm) : LSTM_BOXES;
  const boxes = ids.flatMap((id) => {
    const name = selectionOf(id);
    const signal = name === 'W' ? null : signalOf(layer, name, direction);
    return signal ? [signalBox(id, signal, lstm, layer)] : [];
  });
  return [weightsBox(lstm, layer), ...boxes];
}

const LSTM_BOXES: readonly CellBoxId[] = [
  ...(['x', 'h_prev', 'c', 'tanh_c', 'm', 'h'] as const),
  ...LANES.flatMap((lane) => [`${lane}_in`, `${lane}_ln`, lane] as const),
];

/** Without a clip a GRU has no signal of its own before the activation. */
function signalOf(layer: LayerReport, name: SignalName, direction: 'forward' | 'backward'): SignalReport | null {
  const before = /^[zrna]_in$/.test(name) ? findSignal(layer, name.replace('_in', '_xh') as SignalName, direction) : null;
  return findSignal(layer, name, direction) ?? before;
}

const NO_RAILS = { low: true, high: true };

function weightsBox(lstm: CellInfo, layer: LayerReport): CellBox {
  const detail = lstm.scheme === 'float' ? 'float' : 'int8';
  const rest = { sqnrDb: null, exact: false, data: null, rails: null, lossless: NO_RAILS, note: null };
  return { id: 'W', ...rest, costDb: costOf(layer, 'W'), rank: rankOf(layer, 'W'), detail, ...tipOf([costTip(layer, 'W')]) };
}

function signalBox(id: CellBoxId, signal: SignalReport, lstm: CellInfo, layer: LayerReport): CellBox {
  const part = partOf(id);
  return {
    id,
    sqnrDb: signal.accumulated?.sqnrDb ?? null,
    exact: signal.accumulated?.exact ?? false,
    data: signal.histogram,
    rails: signal.flat ? null : signal.rails,
    lossless: losslessRails(signal),
    note: noteOf(signal, layer),
    costDb: part && costOf(layer, part),
    rank: part && rankOf(layer, part),
    detail:
      id === 'c' && isLstm(lstm) && lstm.cellIntegerBits !== null
        ? format.qFormat(lstm.cellIntegerBits)
        : id === 'x'
          ? signal.dtype
          : '',
    ...tipOf([signalTip(signal), part && costTip(layer, part)]),
  };
}

function tipOf(texts: readonly (string | null)[]): Pick<CellBox, 'tip'> {
  const tip = texts.filter((text) => text !== null).join('\n');
  return tip === '' ? {} : { tip };
}

/** The part whose cost a box shows: the activated gates stand for their gate. */
function partOf(id: CellBoxId): LstmPart | null {
  return id === 'rh' || id.includes('_') ? null : (id as LstmPart);
}

const CLIP_OF: Readonly<Partial<Record<SignalReport['signal'], LossCause>>> = { c: 'cell-clip', h: 'projection-clip' };

function noteOf(signal: SignalReport, layer: LayerReport): CellBox['note'] {
  const { flat, rails, values } = signal;
  if (flat) return { kind: 'flat', count: flat.low + flat.high, values, lost: false };
  const clip = layer.lstm?.ledger
    .find(({ cause }) => cause === CLIP_OF[signal.signal])
    ?.entries.find((entry) => entry.signal === signal.signal);
  if (clip && clip.count > 0) return { kind: 'clipped', count: clip.count, values: clip.values, lost: true };
  return rails && { kind: 'rail', ...toldAtRails(signal), values };
}

/** Of the parts whose cost is notable the first four are ranked. */
function rankOf(layer: LayerReport, part: LstmPart): number | null {
  const ranked = [...(layer.lstm?.costs ?? [])].filter(({ gainDb }) => gainDb >= NOTABLE_DB).sort((a, b) => b.gainDb - a.gainDb);
  const rank = ranked.findIndex((cost) => cost.part === part);
  return rank >= 0 && rank < 4 ? rank + 1 : null;
}

function selectionOf(id: CellBoxId): CellSelection {
  return id === 'h_prev' ? 'h' : id;
}

function boxOf(selection: CellSelection, boxes: readonly CellBox[]): CellBoxId {
  const sum = selection.replace(/_xh?$/, '_in') as CellBoxId;
  return boxes.some(({ id }) => id === selection) ? (selection as CellBoxId) : sum;
}

/** The loudest and the costliest, which are seldom the same. */
function summaryOf(layer: LayerReport, direction: 'forward' | 'backward'): string {
  const ofCell = layer.signals.filter((s) => s.flat === null && (s.direction === undefined || s.direction === direction));
  const [loudest] = [...ofCell].sort((a, b) => lostShare(b) - lostShare(a));
  const [costliest] = [...(layer.lstm?.costs ?? [])].sort((a, b) => b.gainDb - a.gainDb);
  const loud =
    loudest && lostShare(loudest) > 0
      ? `largest saturation ${signalLabel(loudest.signal)}, ${format.percent(lostShare(loudest))}`
      : 'nothing lost at a rail';
  return costliest
    ? `${loud}; most gained in float by ${PART_NAME[costliest.part]}, ${format.withUnit(format.gain(costliest.gainDb), 'dB')}`
    : loud;
}
