/**
 * gemmlowp's fixed point on int16: a raw value stands for raw * 2^(integerBits - 15), written QM.N with M = integerBits and
 * N = 15 - M. Every function takes and gives int16.
 */

/** x as a wrapped int16, which is what C's arithmetic on int16 leaves behind. */
export function wrapToInt16(x: number): number {
  return (x << 16) >> 16;
}

/** a * b / 2^15, rounded to nearest, ties towards +infinity; -2^15 * -2^15 saturates at 32767. QA.* times QB.* is Q(A+B).*. */
export function saturatingRoundingDoublingHighMul16(a: number, b: number): number {
  const product = a * b;
  return product === 1073741824 ? 32767 : (product + 16384) >> 15;
}

/** x * 2^exponent, exponent >= 0, saturating at both rails. */
export function saturatingMultiplyByPOT16(x: number, exponent: number): number {
  const shifted = x << exponent;
  return shifted > 32767 ? 32767 : shifted < -32768 ? -32768 : shifted;
}

/** (a + b) / 2 rounded to nearest, ties away from zero. */
export function roundingHalfSum16(a: number, b: number): number {
  const sum = a + b;
  return Math.trunc((sum + (sum >= 0 ? 1 : -1)) / 2);
}
