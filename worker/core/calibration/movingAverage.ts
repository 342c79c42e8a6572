import type { CalibratedRange } from './calibratedRanges';

/**
 * Weight of what was there before when the range of one more sample is averaged in: 0.95 as in ai-edge-quantizer
 * (calibration_utils.py, moving_average_update), which starts from the first sample's range and updates once a sample.
 * TensorFlow Lite's own calibrator has no moving average.
 */
export const SMOOTHING = 0.95;

/** Exponential moving average of the samples' ranges. */
export interface MovingAverage {
  samples: number;
  /** Range of the first sample: with it, averages of consecutive parts merge to that of the whole. */
  first: CalibratedRange | null;
  current: CalibratedRange | null;
}

export function emptyAverage(): MovingAverage {
  return { samples: 0, first: null, current: null };
}

export function addSampleRange(average: MovingAverage, { min, max }: CalibratedRange): void {
  const { current } = average;
  average.first ??= { min, max };
  average.current =
    current === null
      ? { min, max }
      : { min: SMOOTHING * current.min + (1 - SMOOTHING) * min, max: SMOOTHING * current.max + (1 - SMOOTHING) * max };
  average.samples++;
}

/**
 * Adds the average of later samples. What is there before weighs SMOOTHING^n behind n samples; in `later` its place was taken by
 * the first sample itself.
 */
export function mergeAverage(into: MovingAverage, later: MovingAverage): void {
  const { first, current } = later;
  if (first === null || current === null) return;
  if (into.current === null) {
    Object.assign(into, later);
    return;
  }
  const weight = SMOOTHING ** later.samples;
  into.current = {
    min: current.min + weight * (into.current.min - first.min),
    max: current.max + weight * (into.current.max - first.max),
  };
  into.samples += later.samples;
}
