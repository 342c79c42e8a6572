import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asymmetricInt8,
  biasInt32,
  biasInt64,
  cellIntegerBits,
  hybridWeights,
  symmetric,
  weightsInt16,
  weightsInt8,
  weightsInt8PerChannel,
  extremes,
} from '../../../worker/core/recipe/quantizedValues';

const float = (bound: number) => fc.float({ min: Math.fround(-bound), max: Math.fround(bound), noNaN: true });

describe('the arithmetic of the recipe', () => {
  it('keeps 0 inside an int8 range and on a code', () => {
    expect(asymmetricInt8({ min: 1, max: 3 })).toEqual({ scale: Math.fround(3 / 255), zeroPoint: -128 });
    expect(asymmetricInt8({ min: -3, max: -1 })).toEqual({ scale: Math.fround(3 / 255), zeroPoint: 127 });
    fc.assert(
      fc.property(float(1e6), float(1e6), (a, b) => {
        const parameters = asymmetricInt8({ min: Math.min(a, b), max: Math.max(a, b) });
        if (parameters === null) return;
        expect(Number.isInteger(parameters.zeroPoint)).toBe(true);
        expect(parameters.zeroPoint).toBeGreaterThanOrEqual(-128);
        expect(parameters.zeroPoint).toBeLessThanOrEqual(127);
      }),
    );
  });

  it('finds no parameters in a range without extent', () => {
    expect(asymmetricInt8({ min: 0, max: 0 })).toBeNull();
    expect(symmetric({ min: 0, max: 0 }, 32767)).toBeNull();
    expect(asymmetricInt8({ min: 0, max: 1e-45 })).toBeNull();
  });

  it('rounds weights to the nearest code and zeros to zero', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(float(100), fc.constant(0)), { minLength: 1, maxLength: 40 }), (list) => {
        const values = Float32Array.from(list);
        for (const { codes, scales } of [
          weightsInt8(values, extremes(values)),
          hybridWeights(values),
          weightsInt16(values, 32767),
        ]) {
          const scale = scales[0]!;
          expect(scale).toBeGreaterThan(0);
          values.forEach((value, i) => {
            expect(Math.abs(codes[i]! * scale - value)).toBeLessThanOrEqual(scale * 0.5 * (1 + 2e-5) + 1e-37);
            if (value === 0) expect(codes[i]).toBe(0);
          });
        }
      }),
    );
  });

  it('gives weights of zeros only a usable scale', () => {
    const zeros = new Float32Array(4);
    expect(weightsInt8(zeros, extremes(zeros))).toEqual({ codes: new Int8Array(4), scales: Float32Array.of(1) });
    expect(weightsInt16(zeros, 32767).scales[0]).toBe(2 ** -15);
    const rows = weightsInt8PerChannel(Float32Array.of(0, 0, 1, -2), Float32Array.of(0, 2), 2);
    expect(rows).toEqual({ codes: Int8Array.of(0, 0, 64, -127), scales: Float32Array.of(1, 2 / 127) });
  });

  it('saturates biases short of the lowest code', () => {
    expect(biasInt32(Float32Array.of(1e10, -1e10, 2.5, -2.5), Float32Array.of(1)).codes).toEqual(
      Int32Array.of(2 ** 31 - 1, -(2 ** 31 - 1), 3, -3),
    );
    const wide = biasInt64(Float32Array.of(1e30, -1e30, 2 ** 40, -2.5), Float32Array.of(1)).codes;
    expect([...wide]).toEqual([2n ** 63n - 1n, -(2n ** 63n - 1n), 2n ** 40n, -3n]);
  });

  it('extends the cell up to a power of two, never below 1', () => {
    expect([0.2, 1, 1.0001, 10, 64, 64.5].map((max) => cellIntegerBits({ min: 0, max }))).toEqual([0, 0, 1, 4, 6, 7]);
    expect(cellIntegerBits({ min: -5, max: 1 })).toBe(3);
  });
});
