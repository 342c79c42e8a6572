import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SMOOTHING } from '../../../worker/core/calibration/movingAverage';
import {
  addValues,
  closeSample,
  emptyStatistics,
  mergeStatistics,
  type ValueStatistics,
} from '../../../worker/core/calibration/valueStatistics';

const real = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), fc.constantFrom(0, 1e-30, -1e-30));
const samples = fc.array(fc.array(real, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 12 });

function statisticsOf(list: readonly (readonly number[])[]): ValueStatistics {
  const statistics = emptyStatistics();
  for (const values of list) {
    addValues(statistics, Float32Array.from(values));
    closeSample(statistics);
  }
  return statistics;
}

describe('statistics of a calibration', () => {
  it('merge in any split to the counts, extremes and histogram of the whole', () => {
    fc.assert(
      fc.property(samples, fc.nat(), (list, cut) => {
        const at = cut % (list.length + 1);
        const whole = statisticsOf(list);
        const merged = statisticsOf(list.slice(0, at));
        mergeStatistics(merged, statisticsOf(list.slice(at)));
        expect(merged.range).toEqual(whole.range);
        expect(merged.histogram).toEqual(whole.histogram);
        expect(merged.average.samples).toBe(list.length);
        const all = list.flat().map(Math.fround);
        expect([whole.range.min, whole.range.max]).toEqual([Math.min(...all) + 0, Math.max(...all) + 0]);
        expect(whole.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
      }),
    );
  });

  it('average the ranges of samples in their order, in parts as in one', () => {
    fc.assert(
      fc.property(samples, fc.nat(), (list, cut) => {
        const floats = list.map((values) => values.map(Math.fround));
        let [min, max] = [Math.min(...floats[0]!), Math.max(...floats[0]!)];
        for (const values of floats.slice(1)) {
          min = SMOOTHING * min + (1 - SMOOTHING) * Math.min(...values);
          max = SMOOTHING * max + (1 - SMOOTHING) * Math.max(...values);
        }
        const at = cut % (list.length + 1);
        const merged = statisticsOf(floats.slice(0, at));
        mergeStatistics(merged, statisticsOf(floats.slice(at)));
        const tolerance = 1e-12 * Math.max(...floats.flat().map(Math.abs));
        expect(Math.abs(merged.average.current!.min - min)).toBeLessThanOrEqual(tolerance);
        expect(Math.abs(merged.average.current!.max - max)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  it('leave out what is not finite, and say how many', () => {
    const statistics = emptyStatistics();
    expect(addValues(statistics, Float32Array.of(1, NaN, -2, Infinity))).toBe(2);
    closeSample(statistics);
    expect(statistics.range).toEqual({ values: 2, min: -2, max: 1, nonFinite: 2 });
  });
});
