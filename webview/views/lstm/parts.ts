import type { SignalName } from '../../../worker/core/lstm/signals';
import type { LstmPart, LstmReport, PartCost } from '../../../worker/core/report/report';
import type { CellSelection } from '../../figures/CellFigure';
import { beforeActivation, type Topology } from './stages';

/** Where a part is looked at: gates before their activation, where they saturate. */
export function selectionOf(topology: Topology, part: LstmPart): CellSelection {
  return isSum(part) ? beforeActivation(topology, part) : part;
}

/** Parts that are activated. */
export const isSum = (part: LstmPart): part is Exclude<LstmPart, 'W' | 'x' | 'c' | 'm' | 'h'> => !'Wxcmh'.includes(part);

/** The part that a signal belongs to. */
export function partOf(signal: SignalName): LstmPart {
  if (signal === 'tanh_c') return 'c';
  if (signal === 'rh') return 'n';
  return signal.split('_')[0] as LstmPart;
}

/** Costs from most to least; empty where they were not measured. */
export function rankedCosts(lstm: LstmReport | null): readonly PartCost[] {
  return [...(lstm?.costs ?? [])].sort((a, b) => b.gainDb - a.gainDb);
}

export function costOf(lstm: LstmReport | null, part: LstmPart): number | null {
  return lstm?.costs?.find((cost) => cost.part === part)?.gainDb ?? null;
}
