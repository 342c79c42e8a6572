import type { LstmPart, PartCost } from '../../report/report';

/** What measuring the costs of one recurrent layer's parts has summed up. Mergeable, plain data. */
export interface CostSums {
  /** Parts that were put back to float, one after the other. */
  readonly parts: readonly LstmPart[];
  /** Steps (times batch rows) seen. */
  steps: number;
  /** Of h on the float path, squared. */
  signal: number;
  /** Squared error of h with everything quantized. */
  error: number;
  /** The same with one part in float, one for each of `parts`. */
  readonly errors: number[];
}

/** Measures what the parts of one recurrent layer cost. */
export interface PartMeter {
  /** About what one step of one batch row takes, in multiply-accumulates. */
  readonly macsPerStep: number;
  /** The next sample starts with states at zero. */
  reset(): void;
  /**
   * Costs over the first `steps` steps of one sample, which starts with the states that the last one left, unless they were reset.
   * Pauses every few milliseconds.
   * @param x the float path's exact input as reals, [at least steps, batch, input], time-major
   */
  measure(x: Float32Array, steps: number, batch: number): Generator<void, CostSums>;
}

/** Above this an error is rounding of the float path itself. */
const LARGEST_DB = 140;

export function emptyCosts(parts: readonly LstmPart[]): CostSums {
  return { parts, steps: 0, signal: 0, error: 0, errors: parts.map(() => 0) };
}

/**
 * Adds one row's outputs h.
 * @param outputs of the float path, with everything quantized, and with one part in float, one for each of `parts`
 */
export function addCostRow(sums: CostSums, [reference, quantized, ...withoutPart]: readonly Float64Array[]): void {
  if (reference === undefined || quantized === undefined) return;
  sums.steps++;
  for (const value of reference) sums.signal += value * value;
  sums.error += squaredError(reference, quantized);
  withoutPart.forEach((h, position) => {
    sums.errors[position]! += squaredError(reference, h);
  });
}

function squaredError(reference: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < reference.length; k++) sum += (values[k]! - reference[k]!) ** 2;
  return sum;
}

export function mergeCosts(into: CostSums, other: CostSums): void {
  into.steps += other.steps;
  into.signal += other.signal;
  into.error += other.error;
  other.errors.forEach((error, position) => {
    into.errors[position]! += error;
  });
}

/** SQNR of h with everything quantized; null when nothing was measured or nothing differs. dB. */
export function quantizedSqnrDb({ signal, error }: CostSums): number | null {
  return signal > 0 && error > 0 ? sqnrDb(signal, error) : null;
}

/** What h gains, in dB of SQNR, when one part is put back to float. Null when nothing was measured or nothing differs. */
export function partCosts(sums: CostSums): readonly PartCost[] | null {
  const base = quantizedSqnrDb(sums);
  if (base === null) return null;
  return sums.parts.map((part, position) => ({ part, gainDb: sqnrDb(sums.signal, sums.errors[position] ?? 0) - base }));
}

function sqnrDb(signal: number, error: number): number {
  return Math.min(LARGEST_DB, 10 * Math.log10(signal / error));
}
