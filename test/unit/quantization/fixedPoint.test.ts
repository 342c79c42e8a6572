import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampToInt16,
  clampToInt8,
  INT32_MAX,
  INT32_MIN,
  multiplyByQuantizedMultiplierDoubleRounding,
  multiplyByQuantizedMultiplierInt64,
  multiplyByQuantizedMultiplierSingleRounding,
  roundingDivideByPOT,
  saturatingRoundingDoublingHighMul,
} from '../../../worker/core/quantization/fixedPoint';

/** References in BigInt, written from the formulas of gemmlowp and TensorFlow Lite. */
const reference = {
  highMul(a: number, b: number): number {
    if (a === INT32_MIN && b === INT32_MIN) return INT32_MAX;
    const product = BigInt(a) * BigInt(b);
    const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
    return Number((product + nudge) / (1n << 31n)); // BigInt division truncates towards zero
  },
  divideByPOT(x: number, exponent: number): number {
    const magnitude = BigInt(Math.abs(x));
    const rounded = exponent === 0 ? magnitude : (magnitude + (1n << BigInt(exponent - 1))) >> BigInt(exponent);
    return Number(x < 0 ? -rounded : rounded);
  },
  doubleRounding(x: number, multiplier: number, shift: number): number {
    const shifted = Number(BigInt.asIntN(32, BigInt(x) << BigInt(Math.max(shift, 0))));
    return reference.divideByPOT(reference.highMul(shifted, multiplier), Math.max(-shift, 0));
  },
  singleRounding(x: number, multiplier: number, shift: number): number {
    const right = BigInt(31 - shift);
    return Number(BigInt.asIntN(32, (BigInt(x) * BigInt(multiplier) + (1n << (right - 1n))) >> right));
  },
  int64(x: number, multiplier: number, shift: number): number {
    const reduced = multiplier < 0x7fff0000 ? BigInt((multiplier + 32768) >> 16) : 0x7fffn;
    const right = BigInt(15 - shift);
    return Number(BigInt.asIntN(32, (BigInt(x) * reduced + (1n << (right - 1n))) >> right));
  },
};

/** Every int32 within 2 of 0, of plus and minus every power of two, and of the rails. */
const boundaries: number[] = [];
for (let exponent = 0; exponent <= 31; exponent++) {
  for (let delta = -2; delta <= 2; delta++) {
    for (const value of [2 ** exponent + delta, -(2 ** exponent) + delta, 3 * 2 ** exponent + delta]) {
      if (value >= INT32_MIN && value <= INT32_MAX) boundaries.push(value);
    }
  }
}
const multipliers = [0, 2 ** 30, 2 ** 30 + 1, 0x5a827999, 0x7ffeffff, 0x7fff0000, INT32_MAX - 1, INT32_MAX];

const int32 = fc.oneof(fc.integer({ min: INT32_MIN, max: INT32_MAX }), fc.constantFrom(...boundaries));
const multiplier = fc.oneof(fc.integer({ min: 2 ** 30, max: INT32_MAX }), fc.constantFrom(...multipliers));

describe('fixed-point primitives equal their BigInt references', () => {
  it('saturatingRoundingDoublingHighMul at every pair of boundaries', () => {
    for (const a of boundaries) {
      for (const b of boundaries) {
        if (saturatingRoundingDoublingHighMul(a, b) !== reference.highMul(a, b)) expect.fail(`${a} * ${b}`);
      }
    }
  });

  it('saturatingRoundingDoublingHighMul anywhere, and exactly at ties', () => {
    fc.assert(
      fc.property(int32, int32, (a, b) => saturatingRoundingDoublingHighMul(a, b) === reference.highMul(a, b)),
      {
        numRuns: 5000,
      },
    );
    expect(saturatingRoundingDoublingHighMul(2 ** 15, 2 ** 15)).toBe(1);
    expect(saturatingRoundingDoublingHighMul(-(2 ** 15), 2 ** 15)).toBe(0);
    expect(saturatingRoundingDoublingHighMul(INT32_MIN, INT32_MIN)).toBe(INT32_MAX);
  });

  it('roundingDivideByPOT at every boundary and exponent', () => {
    for (const x of boundaries) {
      for (let exponent = 0; exponent <= 31; exponent++) {
        if (roundingDivideByPOT(x, exponent) !== reference.divideByPOT(x, exponent)) expect.fail(`${x} / 2^${exponent}`);
      }
    }
    expect(roundingDivideByPOT(-3, 1)).toBe(-2);
    expect(roundingDivideByPOT(3, 1)).toBe(2);
  });

  it('multiplyByQuantizedMultiplier, both roundings, at every boundary, multiplier and shift', () => {
    for (const x of boundaries) {
      for (const m of multipliers) {
        for (let shift = -31; shift <= 30; shift++) {
          const double = multiplyByQuantizedMultiplierDoubleRounding(x, m, shift);
          const single = multiplyByQuantizedMultiplierSingleRounding(x, m, shift);
          if (double !== reference.doubleRounding(x, m, shift)) expect.fail(`double: ${x}, ${m}, ${shift}`);
          if (single !== reference.singleRounding(x, m, shift)) expect.fail(`single: ${x}, ${m}, ${shift}`);
        }
      }
    }
  });

  it('multiplyByQuantizedMultiplier, both roundings, anywhere', () => {
    fc.assert(
      fc.property(int32, multiplier, fc.integer({ min: -31, max: 30 }), (x, m, shift) => {
        expect(multiplyByQuantizedMultiplierDoubleRounding(x, m, shift)).toBe(reference.doubleRounding(x, m, shift));
        expect(multiplyByQuantizedMultiplierSingleRounding(x, m, shift)).toBe(reference.singleRounding(x, m, shift));
      }),
      { numRuns: 5000 },
    );
  });

  it('multiplyByQuantizedMultiplierInt64 over 48-bit accumulators', () => {
    const wide = fc.oneof(int32, fc.bigInt({ min: -(1n << 47n), max: (1n << 47n) - 1n }).map(Number));
    fc.assert(
      fc.property(wide, multiplier, fc.integer({ min: -31, max: 7 }), (x, m, shift) => {
        expect(multiplyByQuantizedMultiplierInt64(x, m, shift)).toBe(reference.int64(x, m, shift));
      }),
      { numRuns: 5000 },
    );
    for (const x of [...boundaries, 2 ** 47 - 1, -(2 ** 47), 2 ** 40 + 1, -(2 ** 40) - 1]) {
      for (const m of multipliers) {
        for (let shift = -31; shift <= 7; shift++) {
          if (multiplyByQuantizedMultiplierInt64(x, m, shift) !== reference.int64(x, m, shift))
            expect.fail(`${x}, ${m}, ${shift}`);
        }
      }
    }
  });

  it('clamps saturate at both rails', () => {
    expect([-129, -128, 127, 128].map(clampToInt8)).toEqual([-128, -128, 127, 127]);
    expect([-32769, -32768, 32767, 32768].map(clampToInt16)).toEqual([-32768, -32768, 32767, 32767]);
  });
});
