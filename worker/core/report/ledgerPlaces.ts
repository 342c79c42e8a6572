import { STEP, STEP_ROW, UNIT, UNIT_ROW } from '../analysis/figureTable';
import type { SignalSums } from '../analysis/signalSums';
import { emptySteps, mergeSteps } from '../analysis/stepSums';
import type { LedgerPlaces } from './report';

const MOST_PLACES = 3;

/** Steps and units with most of a ledger entry's count, over the cells that have the signal. */
export function ledgerPlaces(signals: readonly SignalSums[], which: 'atRails' | 'flat'): { readonly where?: LedgerPlaces } {
  const located = signals.flatMap((sums) => sums.located ?? []);
  const [first] = located;
  if (first === undefined) return {};
  const steps = emptySteps(first.steps.most);
  const units = new Float64Array(Math.max(...located.map((one) => one.units.length / UNIT_ROW)));
  for (const one of located) {
    mergeSteps(steps, one.steps);
    for (let at = UNIT[which], unit = 0; at < one.units.length; at += UNIT_ROW, unit++) units[unit]! += one.units[at]!;
  }
  const points = Array.from({ length: steps.points }, (_, point) => steps.table[point * STEP_ROW + STEP[which]]!);
  const stepsPerPoint = 2 ** steps.exponent;
  const places = {
    stepsPerPoint,
    steps: most(points).map(({ place, count }) => ({ step: place * stepsPerPoint, count })),
    units: most([...units]).map(({ place, count }) => ({ unit: place, count })),
  };
  return places.steps.length === 0 ? {} : { where: places };
}

function most(counts: readonly number[]): { readonly place: number; readonly count: number }[] {
  return counts
    .map((count, place) => ({ place, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.place - b.place)
    .slice(0, MOST_PLACES);
}
