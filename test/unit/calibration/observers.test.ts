import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observedRange, observerNamed } from '../../../worker/core/calibration/observers';
import { addValues, closeSample, emptyStatistics } from '../../../worker/core/calibration/valueStatistics';
import type { ObserverName } from '../../../worker/core/recipe/recipe';

function observed(values: ArrayLike<number>, observer: ObserverName, bits: 8 | 16 = 8) {
  const statistics = emptyStatistics();
  addValues(statistics, Float32Array.from(values));
  closeSample(statistics);
  return observedRange(statistics, observer, bits)!;
}

/** Quantiles of a normal distribution, so that nothing is left to chance, and one far outlier. */
const bell = Array.from({ length: 20_001 }, (_, k) => Math.sqrt(-2 * Math.log((k + 1) / 20_003)) * Math.cos(2.399963 * k));
const withOutlier = [...bell, 60];

/** Mean square error of int8 with this range. */
function errorOf(values: readonly number[], { min, max }: { readonly min: number; readonly max: number }): number {
  const [low, high] = [Math.min(min, 0), Math.max(max, 0)];
  const scale = (high - low) / 255;
  const squares = values.map(
    (x) => (x - (Math.round(Math.min(high, Math.max(low, x)) / scale - low / scale) * scale + low)) ** 2,
  );
  return squares.reduce((sum, square) => sum + square, 0) / values.length;
}

describe('observers', () => {
  const all: readonly ObserverName[] = ['min-max', 'percentile=99', 'mse', 'entropy', 'moving-average'];

  it('never leave the range that was seen, and order its ends', () => {
    const values = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.constantFrom(...all), (list, observer) => {
        const { min, max } = observed(list, observer);
        expect(min).toBeLessThanOrEqual(max);
        expect(min).toBeGreaterThanOrEqual(Math.min(...list));
        expect(max).toBeLessThanOrEqual(Math.max(...list));
      }),
    );
  });

  it('give nothing where nothing was seen', () => {
    for (const observer of all) expect(observedRange(emptyStatistics(), observer, 8)).toBeNull();
  });

  it('percentile keeps that share inside, the rest cut evenly', () => {
    const { min, max } = observed(
      Array.from({ length: 10_000 }, (_, k) => k / 10_000 - 0.5),
      'percentile=98',
    );
    expect(min).toBeCloseTo(-0.49, 3);
    expect(max).toBeCloseTo(0.49, 3);
    expect(observed(bell, 'percentile=100')).toEqual(observed(bell, 'min-max'));
  });

  it('mse errs less than the whole range and than nearby ones', () => {
    const values = [...Array.from({ length: 10 }, () => bell).flat(), 20];
    const found = observed(values, 'mse');
    const least = errorOf(values, found);
    expect(least).toBeLessThan(0.85 * errorOf(values, observed(values, 'min-max')));
    for (const max of [0.85 * found.max, 1.15 * found.max]) expect(least).toBeLessThan(errorOf(values, { min: found.min, max }));
  });

  it('entropy cuts an outlier and keeps the bell', () => {
    const { min, max } = observed(withOutlier, 'entropy');
    expect(min).toBe(Math.fround(Math.min(...bell)));
    expect(max).toBeGreaterThan(3);
    expect(max).toBeLessThan(30);
  });

  it('leave 16 bits whole where clipping is weighed against rounding', () => {
    for (const observer of ['mse', 'entropy'] as const) {
      expect(observed(withOutlier, observer, 16)).toEqual(observed(withOutlier, 'min-max'));
    }
  });

  it('go by their names', () => {
    expect(['min-max', 'mse', 'entropy', 'moving-average'].map(observerNamed)).not.toContain(null);
    expect(observerNamed('percentile=99.99')).toBe('percentile=99.99');
    expect(
      ['', 'max', 'percentile', 'percentile=', 'percentile=50', 'percentile=101', 'percentile=1e2'].map(observerNamed),
    ).toEqual(new Array(7).fill(null));
  });
});
