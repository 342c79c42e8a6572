import type { CellPlan } from '../analysis/layerPlan';
import type { CellSums } from '../analysis/layerSums';
import type { SignalSums } from '../analysis/signalSums';
import type { StepSums } from '../analysis/stepSums';
import type { SignalName } from '../lstm/signals';
import type { Divergence } from './report';
import { stepRms } from './stepSeries';

/** How much larger the accumulated error has to be than the local one. */
const RATIO = 2;
/** What rounding to float32 makes, relative to the value: half a unit in the last place. */
const FLOAT32_NOISE = 2 ** -24;

interface FirstBeyond {
  readonly point: number;
  /** Accumulated RMS error in terms of the limit. */
  readonly excess: number;
}

/** The first step at which a cell's own state matters, and the gate where it is seen first; rule: `Divergence`. Null: it never does. */
export function divergenceOf(plan: CellPlan, sums: CellSums): Divergence | null {
  const named = (name: SignalName): SignalSums | undefined => sums.signals[plan.signals.findIndex((one) => one.name === name)];
  const h = named('h');
  const steps = h?.located?.steps;
  if (h === undefined || steps === undefined || h.local.values === 0) return null;
  const first = firstBeyond(h, steps);
  if (first === null) return null;
  const stepsPerPoint = 2 ** steps.exponent;
  // Activated gates are named by their letter alone.
  const activated = plan.signals.filter(({ name, gate }) => gate !== null && name.length === 1);
  const gates = activated.flatMap(({ name, gate }) => {
    const signal = named(name);
    const own = signal?.located?.steps;
    // All signals of a cell have as many steps.
    const found = signal === undefined || own === undefined ? null : firstBeyond(signal, own);
    return gate === null || found === null || found.point > first.point ? [] : [{ gate, ...found }];
  });
  const [gate] = gates.sort((a, b) => a.point - b.point || b.excess - a.excess);
  return {
    step: first.point * stepsPerPoint,
    stepsPerPoint,
    accumulatedRmse: stepRms(steps.table, first.point, 'errorSquared'),
    localRmse: stepRms(steps.table, first.point, 'localSquared'),
    gate: gate === undefined ? null : { gate: gate.gate, step: gate.point * stepsPerPoint },
  };
}

function firstBeyond({ axis }: SignalSums, { table, points }: StepSums): FirstBeyond | null {
  for (let point = 0; point < points; point++) {
    const floor = axis.codes ? axis.scale / Math.sqrt(12) : FLOAT32_NOISE * stepRms(table, point, 'floatSquared');
    const limit = RATIO * Math.max(stepRms(table, point, 'localSquared'), floor);
    const error = stepRms(table, point, 'errorSquared');
    if (error > limit) return { point, excess: error / limit };
  }
  return null;
}
