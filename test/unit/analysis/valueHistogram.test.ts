import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCodeArray } from '../../../worker/core/analysis/analysedArray';
import {
  addCodes,
  addReals,
  edgeOf,
  emptyHistogram,
  forEachBin,
  mergeHistogram,
  REAL_AXIS,
  type ValueAxis,
  type ValueHistogram,
} from '../../../worker/core/analysis/valueHistogram';
import { rangeOf } from '../../../worker/core/analysis/valueRange';
import { cut, fractions, int16Codes, int8Codes, reals } from './arbitraries';

const int8Axis: ValueAxis = { scale: 0.5, zeroPoint: 3, codes: true };
const int16Axis: ValueAxis = { scale: 2 ** -12, zeroPoint: 0, codes: true };

function histogramOf(axis: ValueAxis, parts: readonly (Float32Array | Int8Array | Int16Array)[]): ValueHistogram {
  const histogram = emptyHistogram(axis);
  for (const part of parts) {
    if (isCodeArray(part)) addCodes(histogram, part, rangeOf(part));
    else addReals(histogram, part, rangeOf(part));
  }
  return histogram;
}

function merged(axis: ValueAxis, parts: readonly (Float32Array | Int8Array | Int16Array)[]): ValueHistogram {
  const whole = emptyHistogram(axis);
  for (const part of parts) mergeHistogram(whole, histogramOf(axis, [part]));
  return whole;
}

const cases = [
  ['reals on an axis of reals', REAL_AXIS, reals],
  ['reals on an axis of codes', int8Axis, reals],
  ['int8 codes', int8Axis, int8Codes],
  ['int16 codes', int16Axis, int16Codes],
] as const;

describe.each(cases)('histogram of %s', (_, axis, values) => {
  it('does not depend on how the data was split, nor on merging', () => {
    fc.assert(
      fc.property(values as fc.Arbitrary<Float32Array | Int8Array | Int16Array>, fractions, (all, at) => {
        const whole = histogramOf(axis, [all]);
        const parts = cut(all, at);
        expect(histogramOf(axis, parts)).toEqual(whole);
        expect(merged(axis, parts)).toEqual(whole);
        expect(merged(axis, [...parts].reverse())).toEqual(whole);
      }),
    );
  });

  it('counts every value in the bin whose edges enclose it', () => {
    fc.assert(
      fc.property(values as fc.Arbitrary<Float32Array | Int8Array | Int16Array>, (all) => {
        const histogram = histogramOf(axis, [all]);
        const expected = new Map<number, number>();
        const width = 2 ** histogram.exponent;
        for (const value of all) {
          const position = isCodeArray(all) ? value : value / axis.scale + axis.zeroPoint;
          const bin = Math.floor((position + (axis.codes ? 0.5 : 0)) / width);
          expected.set(bin, (expected.get(bin) ?? 0) + 1);
        }
        const counted = new Map<number, number>();
        forEachBin(histogram, histogram.exponent, (bin, count) => {
          if (count > 0) counted.set(bin, count);
        });
        expect(counted).toEqual(expected);
        expect(histogram.counts.length).toBeLessThanOrEqual(1024);
      }),
    );
  });
});

describe('histogram', () => {
  it('has one bin per code as long as 1,024 bins are enough, with edges half-way between codes', () => {
    const histogram = histogramOf(int8Axis, [Int8Array.of(-128, -128, 127, 3)]);
    expect(histogram.exponent).toBe(0);
    expect(histogram.counts.length).toBe(256);
    expect(histogram.counts[0]).toBe(2);
    expect(edgeOf(int8Axis, -128, 0)).toBe(0.5 * (-128.5 - 3));
  });

  it('puts a float value into the bin of the code that it rounds to', () => {
    const codes = histogramOf(int8Axis, [Int8Array.of(-128, 127)]);
    const floats = histogramOf(int8Axis, [Float32Array.of(0.5 * (-128 - 3) + 0.2, 0.5 * (127 - 3) - 0.2)]);
    expect([...floats.counts]).toEqual([...codes.counts]);
    expect(floats.first).toBe(codes.first);
  });

  it('leaves out values that are not finite', () => {
    const histogram = histogramOf(REAL_AXIS, [Float32Array.of(NaN, 1, Infinity, 2, -Infinity)]);
    expect(histogram.counts.reduce((a, b) => a + b)).toBe(2);
  });

  it('keeps a constant signal in one bin', () => {
    expect(histogramOf(REAL_AXIS, [new Float32Array(7)]).counts).toEqual(Float64Array.of(7));
    expect(histogramOf(REAL_AXIS, [new Float32Array(7).fill(3e38)]).counts).toEqual(Float64Array.of(7));
    expect(histogramOf(REAL_AXIS, [new Float32Array(7).fill(1e-40)]).counts).toEqual(Float64Array.of(7));
  });
});
