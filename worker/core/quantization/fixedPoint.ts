/**
 * Fixed-point primitives in gemmlowp's tradition (gemmlowp fixedpoint.h, TensorFlow Lite kernels/internal/common.h).
 *
 * All are exact without BigInt: a product of two int32 has up to 63 bits and float64 holds 53, so one factor is split into
 * 16-bit halves. floor(floor(a / 2^m) / 2^n) = floor(a / 2^(m+n)) makes the halves fit together again without loss.
 */

export const INT32_MIN = -2147483648;
export const INT32_MAX = 2147483647;

const TWO_POW_16 = 65536;
const TWO_POW_24 = 16777216;
const TWO_POW_30 = 1073741824;

/** min(127, max(-128, x)). */
export function clampToInt8(x: number): number {
  return x > 127 ? 127 : x < -128 ? -128 : x;
}

/** min(32767, max(-32768, x)). */
export function clampToInt16(x: number): number {
  return x > 32767 ? 32767 : x < -32768 ? -32768 : x;
}

/**
 * a * b / 2^31 for int32 a, b, rounded to nearest; ties towards +infinity (what truncating (ab + 2^30) or (ab + 1 - 2^30)
 * towards zero comes to). Saturates in the one case that overflows: a = b = -2^31 gives 2^31 - 1.
 */
export function saturatingRoundingDoublingHighMul(a: number, b: number): number {
  return a === INT32_MIN && b === INT32_MIN ? INT32_MAX : roundingDoublingHighMul(a, b);
}

/** The same where b is a multiplier (never -2^31), so that nothing can overflow. */
function roundingDoublingHighMul(a: number, b: number): number {
  const low = Math.floor((a * (b & 0xffff) + TWO_POW_30) / TWO_POW_16);
  return Math.floor((a * (b >> 16) + low) / 32768) | 0;
}

/** x / 2^exponent for int32 x and exponent 0..31, rounded to nearest, ties away from zero. Cannot overflow. */
export function roundingDivideByPOT(x: number, exponent: number): number {
  if (exponent === 0) return x;
  const mask = exponent === 31 ? INT32_MAX : (1 << exponent) - 1;
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

/**
 * x * multiplier * 2^(shift - 31) for int32 x; multiplier is 0 or in [2^30, 2^31), shift in -31..30 (positive = left).
 * Double rounding: to nearest at 2^31 (ties towards +infinity), then to nearest at the right shift (ties away from zero).
 * The left shift wraps in int32, as the reference's does. TensorFlow Lite's default build on x86, and TFLM.
 */
export function multiplyByQuantizedMultiplierDoubleRounding(x: number, multiplier: number, shift: number): number {
  return shift > 0
    ? roundingDoublingHighMul(x << shift, multiplier)
    : roundingDivideByPOT(roundingDoublingHighMul(x, multiplier), -shift);
}

/**
 * The same value rounded once: (x * multiplier + 2^(30 - shift)) >> (31 - shift), ties towards +infinity; the result wraps
 * in int32. Builds with TFLITE_SINGLE_ROUNDING, Ethos-U.
 */
export function multiplyByQuantizedMultiplierSingleRounding(x: number, multiplier: number, shift: number): number {
  const high = x * (multiplier >> 16);
  const low = x * (multiplier & 0xffff);
  const right = 31 - shift;
  if (right > 16) {
    return Math.floor((high + 2 ** (right - 17) + Math.floor(low / TWO_POW_16)) / 2 ** (right - 16)) | 0;
  }
  return (((high * 2 ** (16 - right)) | 0) + (Math.floor((low + 2 ** (right - 1)) / 2 ** right) | 0)) | 0;
}

/**
 * x * multiplier * 2^(shift - 31) for |x| < 2^47 and shift in -31..7, with the multiplier first rounded to 15 bits:
 * (x * reduced + 2^(14 - shift)) >> (15 - shift), ties towards +infinity; the result wraps in int32.
 * The int64 form, used with int16 activations (16x8).
 */
export function multiplyByQuantizedMultiplierInt64(x: number, multiplier: number, shift: number): number {
  const reduced = multiplier < 0x7fff0000 ? (multiplier + 32768) >> 16 : 0x7fff;
  const upper = Math.floor(x / TWO_POW_24);
  const high = upper * reduced;
  const low = (x - upper * TWO_POW_24) * reduced;
  const right = 15 - shift;
  if (right > 24) {
    return Math.floor((high + 2 ** (right - 25) + Math.floor(low / TWO_POW_24)) / 2 ** (right - 24)) | 0;
  }
  return (((high * 2 ** (24 - right)) | 0) + (Math.floor((low + 2 ** (right - 1)) / 2 ** right) | 0)) | 0;
}

/** Which of the two int32 forms a runtime was built with. */
export type MultiplierRounding = 'double' | 'single';

export type MultiplyByQuantizedMultiplier = (x: number, multiplier: number, shift: number) => number;

export const MULTIPLY_BY_QUANTIZED_MULTIPLIER: Readonly<Record<MultiplierRounding, MultiplyByQuantizedMultiplier>> = {
  double: multiplyByQuantizedMultiplierDoubleRounding,
  single: multiplyByQuantizedMultiplierSingleRounding,
};
