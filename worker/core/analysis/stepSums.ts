import { emptyTable, mergeTable, STEP_LAYOUT, type FigureTable } from './figureTable';

/**
 * Figures over time steps, step n of every sample together. Up to `most` points there is one for each step; beyond, neighbours are
 * joined in pairs as often as needed, so that a point covers 2^exponent steps from a multiple of its own width on. The exponent
 * follows from the longest sample alone, and any split of the samples merges to the same counts.
 */
export interface StepSums {
  readonly most: number;
  exponent: number;
  /** Up to the last step seen. */
  points: number;
  table: FigureTable;
}

export function emptySteps(most: number): StepSums {
  return { most, exponent: 0, points: 0, table: emptyTable(STEP_LAYOUT, 0) };
}

/** Makes room for steps up to `steps`. */
export function coverSteps(sums: StepSums, steps: number): void {
  let exponent = sums.exponent;
  while (Math.ceil(steps / 2 ** exponent) > sums.most) exponent++;
  const join = 2 ** (exponent - sums.exponent);
  const points = Math.max(Math.ceil(steps / 2 ** exponent), Math.ceil(sums.points / join));
  if (exponent === sums.exponent && points <= sums.points) return;
  const table = emptyTable(STEP_LAYOUT, points);
  mergeTable(STEP_LAYOUT, table, sums.table, sums.points, join);
  sums.exponent = exponent;
  sums.points = points;
  sums.table = table;
}

export function mergeSteps(into: StepSums, other: StepSums): void {
  if (other.points === 0) return;
  coverSteps(into, other.points * 2 ** other.exponent);
  mergeTable(STEP_LAYOUT, into.table, other.table, other.points, 2 ** (into.exponent - other.exponent));
}
