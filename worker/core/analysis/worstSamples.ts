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

/** Keeps the samples of the largest mean squared error, the worst first; of equals the first of the run. */
export function addWorstSample(worst: SampleErrorSums[], added: SampleErrorSums): void {
  if (added.values === 0) return;
  const last = worst.length < MOST_SAMPLES ? undefined : worst.at(-1);
  if (last !== undefined && order(last, added) < 0) return;
  worst.push(added);
  worst.sort(order);
  if (worst.length > MOST_SAMPLES) worst.length = MOST_SAMPLES;
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
