import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dequantize,
  dequantizeAll,
  quantizeAllRoundHalfAway,
  quantizeAllRoundHalfToEven,
  quantizeRoundHalfAway,
  quantizeRoundHalfToEven,
  roundHalfAwayFromZero,
  roundHalfToEven,
} from '../../../worker/core/quantization/affine';
import { powerOfTwoExponent, quantizeMultiplier, splitFloat } from '../../../worker/core/quantization/quantizeMultiplier';

const scale = fc.float({ min: Math.fround(1e-6), max: Math.fround(1e3), noNaN: true });
const zeroPoint = fc.integer({ min: -128, max: 127 });

describe('affine quantization', () => {
  it('rounds ties by the rule in its name', () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map(roundHalfAwayFromZero)).toEqual([-3, -2, -1, 1, 2, 3]);
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((x) => roundHalfToEven(x) + 0)).toEqual([-2, -2, 0, 0, 2, 2]);
    expect(roundHalfAwayFromZero(0.49999999999999994)).toBe(0);
    const half = { scale: 1, zeroPoint: 3 };
    expect(quantizeRoundHalfAway(0.5, half, -128, 127)).toBe(4);
    expect(quantizeRoundHalfToEven(0.5, half, -128, 127)).toBe(3);
  });

  it('gives every code back', () => {
    fc.assert(
      fc.property(scale, zeroPoint, fc.integer({ min: -128, max: 127 }), (s, z, q) => {
        const parameters = { scale: s, zeroPoint: z };
        const real = dequantize(q, parameters);
        expect(quantizeRoundHalfAway(real, parameters, -128, 127)).toBe(q);
        expect(quantizeRoundHalfToEven(real, parameters, -128, 127)).toBe(q);
      }),
    );
  });

  it('is off by at most half a scale inside the range', () => {
    fc.assert(
      fc.property(scale, zeroPoint, fc.float({ min: 0, max: 1, noNaN: true }), (s, z, at) => {
        const parameters = { scale: s, zeroPoint: z };
        const low = dequantize(-128, parameters);
        const real = Math.fround(low + at * (dequantize(127, parameters) - low));
        const back = dequantize(quantizeRoundHalfAway(real, parameters, -128, 127), parameters);
        // 2^-15: float32's own rounding of real / scale, at most 255 codes wide
        expect(Math.abs(back - real)).toBeLessThanOrEqual(s * (0.5 + 2 ** -15));
      }),
    );
  });

  it('saturates at the rails of the array type', () => {
    const parameters = { scale: 0.5, zeroPoint: 1 };
    const reals = [-1e9, 1e9, Infinity, -Infinity, NaN];
    expect([...quantizeAllRoundHalfAway(reals, parameters, new Int8Array(5))]).toEqual([-128, 127, 127, -128, -128]);
    expect([...quantizeAllRoundHalfToEven(reals, parameters, new Uint8Array(5))]).toEqual([0, 255, 255, 0, 0]);
    expect([...quantizeAllRoundHalfAway(reals, parameters, new Int16Array(5))]).toEqual([-32768, 32767, 32767, -32768, -32768]);
    expect([...dequantizeAll(Int8Array.of(-128, 1, 127), parameters)]).toEqual([-64.5, 0, 63]);
  });
});

describe('quantizeMultiplier', () => {
  it('gives a normalized significand that is right to 31 bits', () => {
    fc.assert(
      fc.property(fc.double({ min: 2 ** -31, max: 2 ** 30, noNaN: true }), (real) => {
        const { multiplier, shift } = quantizeMultiplier(real);
        expect(multiplier).toBeGreaterThanOrEqual(2 ** 30);
        expect(multiplier).toBeLessThan(2 ** 31);
        expect(Math.abs((multiplier * 2 ** (shift - 31)) / real - 1)).toBeLessThanOrEqual(2 ** -31);
      }),
    );
  });

  it('knows the special cases', () => {
    expect(quantizeMultiplier(0)).toEqual({ multiplier: 0, shift: 0 });
    expect(quantizeMultiplier(1)).toEqual({ multiplier: 2 ** 30, shift: 1 });
    expect(quantizeMultiplier(1 - 2 ** -40)).toEqual({ multiplier: 2 ** 30, shift: 1 });
    expect(quantizeMultiplier(2 ** -32)).toEqual({ multiplier: 2 ** 30, shift: -31 });
    expect(quantizeMultiplier(2 ** -33)).toEqual({ multiplier: 0, shift: 0 });
    for (const bad of [-1, NaN, Infinity]) expect(() => quantizeMultiplier(bad)).toThrow(RangeError);
  });

  it('splits floats exactly and finds powers of two', () => {
    expect(splitFloat(0.375)).toEqual({ significand: 0.75, exponent: -1 });
    expect(splitFloat(5e-324)).toEqual({ significand: 0.5, exponent: -1073 });
    expect(powerOfTwoExponent(2 ** -11)).toBe(-11);
    expect(powerOfTwoExponent(0.003)).toBeNull();
    expect(powerOfTwoExponent(0)).toBeNull();
  });
});
