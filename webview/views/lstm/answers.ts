import { NOTABLE_DB } from '../../../worker/core/findings/runRule';
import type { LayerReport, PartCost, SignalReport } from '../../../worker/core/report/report';
import { isHidden } from '../../charts/cellLayout';
import type { CellSelection } from '../../figures/CellFigure';
import { NOTHING_DB } from '../../figures/readings';
import { lossOf, mostLost } from './losses';
import { costOf, isSum, partOf, rankedCosts, selectionOf } from './parts';
import { stageOf, type Topology } from './stages';

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
    causes: ranked
      .filter(({ part }) => !isSum(part))
      .filter(({ gainDb }, at) => at === 0 || gainDb >= NOTHING_DB)
      .slice(0, 2),
    gate: ranked.find(({ part }) => isSum(part)) ?? null,
    saturation: worst && { signal: worst, ...lossOf(worst), costDb: costOfSignal(layer, worst) },
  };
}

/** The dB that the signal's part gains in float. */
function costOfSignal(layer: LayerReport, { signal }: SignalReport): number | null {
  return signal === 'out' ? null : costOf(layer.lstm, partOf(signal));
}

/** Share of values from which on what is lost is the first thing to look at. */
const LOUD_SHARE = 0.001;

/** What is selected, where this cell has it (a selection stays when another cell is opened); else what is shown before. */
export function shownSelection(
  topology: Topology,
  layer: LayerReport,
  direction: 'forward' | 'backward',
  chosen: CellSelection | null,
): CellSelection {
  const isThere = chosen === 'W' || (chosen !== null && stageOf(topology, chosen) !== null);
  return isThere ? chosen : defaultSelection(topology, layer, direction);
}

/** What the view shows before anything is selected: the signal that loses most, else the part that costs most, else the cell or h. */
export function defaultSelection(topology: Topology, layer: LayerReport, direction: 'forward' | 'backward'): CellSelection {
  const loudest = mostLost(layer, (signal) => (signal.direction ?? direction) === direction && signal.signal !== 'out');
  if (loudest && loudest.share >= LOUD_SHARE && loudest.signal.signal !== 'out') return loudest.signal.signal;
  const costliest = rankedCosts(layer.lstm).find(({ part, gainDb }) => part !== 'W' && gainDb >= NOTABLE_DB);
  return costliest ? selectionOf(topology, costliest.part) : isHidden(topology) ? 'h' : 'c';
}
