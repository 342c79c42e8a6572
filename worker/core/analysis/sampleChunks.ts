import type { SampleRange } from './compareSamples';

/** Samples that are counted together, on one thread. */
export interface SampleChunk extends SampleRange {
  /** Place among the chunks of the run. */
  readonly number: number;
}

/** Enough to share them evenly, few enough to be merged at no cost worth speaking of. */
const MOST_CHUNKS = 128;

/**
 * Splits a run into chunks. Nothing but the number of samples matters, so that sums are rounded alike in every run.
 * @param from place of the first sample
 */
export function chunksOf(samples: number, from = 0): SampleChunk[] {
  const size = Math.ceil(samples / MOST_CHUNKS);
  return Array.from({ length: samples === 0 ? 0 : Math.ceil(samples / size) }, (_, number) => ({
    number,
    first: from + number * size,
    end: from + Math.min(samples, (number + 1) * size),
  }));
}
