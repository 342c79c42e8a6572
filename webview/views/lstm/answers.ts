import type { LayerReport, LstmPart, PartCost, SignalReport } from '../../../worker/core/report/report';
import { gateOf } from '../../figures/signalNames';
import { lossOf, mostLost } from './losses';
import { costOf, partOf, rankedCosts } from './parts';

const GATE_PARTS: readonly LstmPart[] = ['i', 'f', 'g', 'o'];

/** What the strip over the cell says; each part leads to the place that proves it. Null: not measured. */
export interface Answers {
  /** Parts other than gates, by what they gain in float. */
  readonly causes: readonly PartCost[];
  readonly gate: PartCost | null;
  readonly saturation: {
    readonly signal: SignalReport;
    readonly count: number;
    readonly values: number;
    /** dB that its part gains in float; null: not measured. */
    readonly costDb: number | null;
  } | null;
}

export function answersOf(layer: LayerReport, direction: 'forward' | 'backward'): Answers {
  const ranked = rankedCosts(layer.lstm);
  const worst = mostLost(layer, (signal) => (signal.direction ?? direction) === direction)?.signal ?? null;
  return {
    causes: ranked.filter(({ part }) => !GATE_PARTS.includes(part)).slice(0, 2),
    gate: ranked.find(({ part }) => GATE_PARTS.includes(part)) ?? null,
    saturation: worst && { signal: worst, ...lossOf(worst), costDb: costOfSignal(layer, worst) },
  };
}

/** The dB that the signal's part gains in float. */
function costOfSignal(layer: LayerReport, { signal }: SignalReport): number | null {
  return signal === 'out' ? null : costOf(layer.lstm, partOf(signal));
}

/** What the view shows before anything is selected: the loudest gate, else the cell. */
export function defaultSelection(layer: LayerReport, direction: 'forward' | 'backward'): SignalReport['signal'] {
  const loudest = mostLost(
    layer,
    (signal) => (signal.direction ?? direction) === direction && signal.signal !== 'out' && gateOf(signal.signal) !== null,
  );
  return loudest?.signal.signal ?? 'c';
}
