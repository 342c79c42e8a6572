import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inverseSquareRoot } from '../../../worker/core/quantization/inverseSquareRoot';
import { INT32_MAX } from '../../../worker/core/quantization/fixedPoint';

const real = (x: number): number => {
  const { multiplier, shift } = inverseSquareRoot(x);
  return multiplier * 2 ** (shift - 31);
};

it('is 1 / sqrt(x) to 19 bits, for every power of two and its neighbours and anywhere', () => {
  const isNear = (x: number) => Math.abs(real(x) * Math.sqrt(x) - 1) < 2 ** -19;
  for (let exponent = 1; exponent <= 30; exponent++)
    for (const delta of [-1, 0, 1]) expect(isNear(Math.max(2, 2 ** exponent + delta))).toBe(true);
  fc.assert(fc.property(fc.integer({ min: 2, max: INT32_MAX }), isNear), { numRuns: 2000 });
});

it('saturates just below 1 for x <= 1', () => {
  for (const x of [1, 0, -5]) expect(inverseSquareRoot(x)).toEqual({ multiplier: INT32_MAX, shift: 0 });
});
