// AssemblyScript. Fixed-point primitives on four int32 lanes; each equals its scalar twin in worker/core/quantization/fixedPoint.ts.

/** round(x * m / 2^31), ties up, as saturatingRoundingDoublingHighMul; m is never INT32_MIN, so nothing saturates. */
// @ts-ignore: decorator
@inline
export function roundingDoublingHighMul(x: v128, m: v128): v128 {
  const nudge = i64x2.splat(1 << 30);
  // Only bits 31 to 62 are kept, so that the sign need not be shifted in: there is no instruction for that.
  const low = i64x2.shr_u(i64x2.add(i64x2.extmul_low_i32x4_s(x, m), nudge), 31);
  const high = i64x2.shr_u(i64x2.add(i64x2.extmul_high_i32x4_s(x, m), nudge), 31);
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}

/** x / 2^exponent, to nearest, ties away from zero; 0 <= exponent <= 31. */
// @ts-ignore: decorator
@inline
export function roundingDivideByPOT(x: v128, exponent: i32): v128 {
  const mask = <i32>(((<i64>1) << exponent) - 1);
  const remainder = v128.and(x, i32x4.splat(mask));
  const threshold = i32x4.sub(i32x4.splat(mask >> 1), i32x4.shr_s(x, 31));
  return i32x4.sub(i32x4.shr_s(x, exponent), i32x4.gt_s(remainder, threshold));
}

/** x * multiplier * 2^(shift - 31) with TFLite's two roundings; shift > 0 goes left first. */
// @ts-ignore: decorator
@inline
export function multiplyDoubleRounding(x: v128, multiplier: v128, left: i32, right: i32): v128 {
  return roundingDivideByPOT(roundingDoublingHighMul(i32x4.shl(x, left), multiplier), right);
}

/** x * multiplier * 2^(shift - 31) with one rounding, ties up; -31 <= shift <= 30. */
// @ts-ignore: decorator
@inline
export function multiplySingleRounding(x: v128, multiplier: v128, shift: i32): v128 {
  const nudge = i64x2.splat((<i64>1) << (30 - shift));
  const low = i64x2.shr_s(i64x2.add(i64x2.extmul_low_i32x4_s(x, multiplier), nudge), 31 - shift);
  const high = i64x2.shr_s(i64x2.add(i64x2.extmul_high_i32x4_s(x, multiplier), nudge), 31 - shift);
  return v128.shuffle<i32>(low, high, 0, 2, 4, 6);
}
