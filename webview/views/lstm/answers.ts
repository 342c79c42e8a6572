import type { LayerReport, LstmPart, PartCost, SignalReport } from '../../../worker/core/report/report';
import { gateOf } from '../../figures/signalNames';
import { lossOf, shareOf } from './losses';
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
  const worst = layer.signals
    .filter((signal) => (signal.direction ?? direction) === direction)
    .reduce<SignalReport | null>((best, signal) => (shareOf(signal) > (best ? shareOf(best) : 0) ? signal : best), null);
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
  const loudest = layer.signals
    .filter((signal) => (signal.direction ?? direction) === direction && gateOf(signal.signal) !== null)
    .reduce<SignalReport | null>((best, signal) => (shareOf(signal) > (best ? shareOf(best) : 0) ? signal : best), null);
  return loudest?.signal ?? 'c';
}
