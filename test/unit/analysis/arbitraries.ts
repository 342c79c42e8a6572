import * as fc from 'fast-check';

/** Reals of very different size, with outliers and both zeros. */
export const reals = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.float({ noNaN: true, min: -8, max: 8 }) },
      fc.float({ noNaN: true, noDefaultInfinity: true }),
    ),
    {
      minLength: 1,
      maxLength: 300,
    },
  )
  .map((values) => Float32Array.from(values));

export const int8Codes = fc
  .array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 300 })
  .map((v) => Int8Array.from(v));
export const int16Codes = fc
  .array(fc.oneof(fc.integer({ min: -32768, max: 32767 }), fc.integer({ min: -300, max: 300 }), fc.constantFrom(-32768, 32767)), {
    minLength: 1,
    maxLength: 300,
  })
  .map((v) => Int16Array.from(v));

/** Cuts an array into pieces at given fractions of its length. */
export function cut<T extends Float32Array | Int8Array | Int16Array>(values: T, fractions: readonly number[]): T[] {
  const ends = [...fractions.map((f) => Math.floor(f * values.length)), values.length].sort((a, b) => a - b);
  return ends.map((end, index) => values.subarray(index === 0 ? 0 : ends[index - 1], end) as T);
}

export const fractions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 });
