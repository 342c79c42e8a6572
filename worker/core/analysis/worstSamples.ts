import type { ErrorSums } from './errorSums';

/** Error of one signal over one sample. */
export interface SampleErrorSums {
  /** Place among the samples of the run. */
  readonly sample: number;
  readonly values: number;
  readonly errorSquared: number;
  readonly maxAbs: number;
}

/** Samples that a run keeps of each signal. */
const MOST_SAMPLES = 5;

/**
 * Keeps the samples of the largest mean squared error, the worst first; of equals the first of the run. Parts of one sample, which come
 * one after the other, count together as long as it is among the worst.
 */
export function addWorstSample(worst: SampleErrorSums[], part: SampleErrorSums): void {
  if (part.values === 0) return;
  const known = worst.findIndex(({ sample }) => sample === part.sample);
  const [before] = known < 0 ? [] : worst.splice(known, 1);
  const added = before === undefined ? part : joined(before, part);
  const last = worst.length < MOST_SAMPLES ? undefined : worst.at(-1);
  if (last !== undefined && order(last, added) < 0) return;
  worst.push(added);
  worst.sort(order);
  if (worst.length > MOST_SAMPLES) worst.length = MOST_SAMPLES;
}

function joined(a: SampleErrorSums, b: SampleErrorSums): SampleErrorSums {
  return {
    sample: a.sample,
    values: a.values + b.values,
    errorSquared: a.errorSquared + b.errorSquared,
    maxAbs: Math.max(a.maxAbs, b.maxAbs),
  };
}

export function mergeWorstSamples(into: SampleErrorSums[], others: readonly SampleErrorSums[]): void {
  for (const other of others) addWorstSample(into, other);
}

export function sampleError(sample: number, { values, errorSquared, maxAbs }: ErrorSums): SampleErrorSums {
  return { sample, values, errorSquared, maxAbs };
}

function order(a: SampleErrorSums, b: SampleErrorSums): number {
  return b.errorSquared / b.values - a.errorSquared / a.values || a.sample - b.sample;
}
