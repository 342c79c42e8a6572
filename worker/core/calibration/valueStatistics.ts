import { addReals, emptyHistogram, mergeHistogram, type ValueAxis, type ValueHistogram } from '../analysis/valueHistogram';
import { emptyRange, mergeRange, rangeOf, type ValueRange } from '../analysis/valueRange';
import { addSampleRange, emptyAverage, mergeAverage, type MovingAverage } from './movingAverage';

/**
 * What is kept of one tensor's or one signal's values over a calibration, in constant memory whatever their number. Statistics
 * of parts of the samples merge: counts, extremes and histogram to those of the whole in any split, the moving average in the
 * order of the samples.
 */
export interface ValueStatistics {
  /** Of all samples that are closed. */
  readonly range: ValueRange;
  readonly average: MovingAverage;
  readonly histogram: ValueHistogram;
  /** Of the sample under way. */
  readonly sample: ValueRange;
}

/** 2048 to 4096 bins over the range seen: some 8 to 16 for each code of an int8. */
export const CALIBRATION_AXIS: ValueAxis = { scale: 1, zeroPoint: 0, codes: false, bins: 4096 };

export function emptyStatistics(): ValueStatistics {
  return { range: emptyRange(), average: emptyAverage(), histogram: emptyHistogram(CALIBRATION_AXIS), sample: emptyRange() };
}

/**
 * Counts values of the sample under way.
 * @returns how many of them are NaN or infinite; they are counted nowhere else
 */
export function addValues({ histogram, sample }: ValueStatistics, values: Float32Array): number {
  const range = rangeOf(values);
  addReals(histogram, values, range);
  mergeRange(sample, range);
  return range.nonFinite;
}

/** Values that take a few milliseconds. */
const VALUES_IN_ONE_GO = 2 ** 19;

/** `addValues`, with pauses. */
export function* addingValues(statistics: ValueStatistics, values: Float32Array): Generator<void, number> {
  let nonFinite = 0;
  for (let first = 0; first < values.length; first += VALUES_IN_ONE_GO) {
    nonFinite += addValues(statistics, values.subarray(first, first + VALUES_IN_ONE_GO));
    if (first + VALUES_IN_ONE_GO < values.length) yield;
  }
  return nonFinite;
}

/** Ends the sample under way. Nothing happens where it gave no values. */
export function closeSample({ range, average, sample }: ValueStatistics): void {
  if (sample.values > 0) addSampleRange(average, sample);
  mergeRange(range, sample);
  Object.assign(sample, emptyRange());
}

/** Adds the statistics of later samples; no sample may be under way in either. */
export function mergeStatistics(into: ValueStatistics, later: ValueStatistics): void {
  mergeRange(into.range, later.range);
  mergeAverage(into.average, later.average);
  mergeHistogram(into.histogram, later.histogram);
}
