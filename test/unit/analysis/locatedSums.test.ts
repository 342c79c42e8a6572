import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STEP, STEP_ROW, UNIT, UNIT_ROW } from '../../../worker/core/analysis/figureTable';
import {
  addLargest,
  addLocated,
  addWhere,
  emptyLocated,
  mergeLocated,
  type LocatedSums,
  type LocatedValues,
} from '../../../worker/core/analysis/locatedSums';

interface Case {
  readonly units: number;
  readonly batch: number;
  readonly most: number;
  /** Steps of each sample. */
  readonly steps: readonly number[];
  readonly seed: number;
}

const cases = fc.record({
  units: fc.integer({ min: 1, max: 5 }),
  batch: fc.integer({ min: 1, max: 3 }),
  most: fc.constantFrom(1, 4, 64),
  steps: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

/** Multiples of 1/64, so that all sums are exact and their order does not matter. */
function valuesOf(length: number, seed: number): LocatedValues {
  let state = seed;
  const next = () => ((state = (state * 48271) % 2147483647) % 257) / 64 - 2;
  const array = () => Float32Array.from({ length }, next);
  return { float: array(), quantized: array(), local: array() };
}

function locate({ units, batch, most }: Case, samples: readonly (readonly [number, LocatedValues])[]): LocatedSums {
  const sums = emptyLocated(units, most);
  for (const [sample, values] of samples) {
    const place = { sample, firstStep: 0, batch };
    addLocated(sums, place, values);
    addLargest(sums, place, values, Math.max(...values.float.map((f, i) => Math.abs(values.quantized[i]! - f))));
    addWhere(sums, place, 'atRails', values.quantized, -1.5, 1.5);
  }
  return sums;
}

describe('error over steps and units', () => {
  it('is that of plain sums, whatever is joined', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const samples = one.steps.map(
          (steps, sample) => [sample, valuesOf(steps * one.batch * one.units, one.seed + sample)] as const,
        );
        const { steps, units, largest, valuesPerUnit } = locate(one, samples);
        const longest = Math.max(...one.steps);
        expect(steps.points).toBe(Math.ceil(longest / 2 ** steps.exponent));
        expect(steps.points).toBeLessThanOrEqual(one.most);
        // No wider than it has to be.
        if (steps.exponent > 0) expect(longest).toBeGreaterThan(one.most * 2 ** (steps.exponent - 1));
        const pairs = samples.flatMap(([sample, { float, quantized, local }]) =>
          Array.from(float, (f, i) => {
            const row = Math.floor(i / one.units);
            const step = Math.floor(row / one.batch);
            return { sample, step, batch: row % one.batch, unit: i % one.units, f, q: quantized[i]!, l: local![i]! };
          }),
        );
        const sum = (list: typeof pairs, of: (pair: (typeof pairs)[number]) => number) => list.reduce((total, pair) => total + of(pair), 0); // prettier-ignore
        for (let point = 0; point < steps.points; point++) {
          const here = pairs.filter(({ step }) => Math.floor(step / 2 ** steps.exponent) === point);
          const figure = (which: keyof typeof STEP) => steps.table[point * STEP_ROW + STEP[which]];
          expect(figure('values')).toBe(here.length);
          expect(figure('errorSquared')).toBe(sum(here, ({ f, q }) => (q - f) ** 2));
          expect(figure('localSquared')).toBe(sum(here, ({ f, l }) => (l - f) ** 2));
          expect(figure('atRails')).toBe(here.filter(({ q }) => Math.abs(q) >= 1.5).length);
          expect(figure('maxAbs')).toBe(Math.max(...here.map(({ f, q }) => Math.abs(q - f))));
          expect(figure('floatMin')).toBe(Math.min(...here.map(({ f }) => f)));
          expect(figure('max')).toBe(Math.max(...here.map(({ q }) => q)));
        }
        for (let unit = 0; unit < one.units; unit++) {
          const here = pairs.filter((pair) => pair.unit === unit);
          expect(valuesPerUnit).toBe(here.length);
          expect(units[unit * UNIT_ROW + UNIT.errorSquared]).toBe(sum(here, ({ f, q }) => (q - f) ** 2));
          expect(units[unit * UNIT_ROW + UNIT.atRails]).toBe(here.filter(({ q }) => Math.abs(q) >= 1.5).length);
        }
        const most = Math.max(...pairs.map(({ f, q }) => Math.abs(q - f)));
        const first = pairs.find(({ f, q }) => Math.abs(q - f) === most)!;
        const { sample, step, batch, unit, f, q } = first;
        expect(largest).toEqual(most === 0 ? null : { sample, step, batch, unit, float: f, quantized: q });
      }),
      { numRuns: 60 },
    );
  });

  it('merges from any split of the samples', () => {
    fc.assert(
      fc.property(cases, fc.nat(4), (one, split) => {
        const samples = one.steps.map(
          (steps, sample) => [sample, valuesOf(steps * one.batch * one.units, one.seed + sample)] as const,
        );
        const merged = locate(one, samples.slice(0, split));
        mergeLocated(merged, locate(one, samples.slice(split)));
        expect(merged).toEqual(locate(one, samples));
      }),
      { numRuns: 60 },
    );
  });

  it('counts steps on from where a sample begins', () => {
    const sums = emptyLocated(1, 8);
    const place = { sample: 3, firstStep: 5, batch: 1 };
    const values = { float: Float32Array.of(1), quantized: Float32Array.of(3), local: null };
    addLocated(sums, place, values);
    addLargest(sums, place, values, 2);
    expect(sums.steps.points).toBe(6);
    expect(sums.largest).toEqual({ sample: 3, step: 5, batch: 0, unit: 0, float: 1, quantized: 3 });
    expect(sums.steps.table[4 * STEP_ROW + STEP.values]).toBe(0);
  });
});
