// AssemblyScript. Integer layer norm over one gate's row; values beyond the row's end are 0 and stay 0.
import { multiplyDoubleRounding, multiplySingleRounding } from './fixedPoint';

/** Sum of int16 values, exact. */
export function sumInt16(z: usize, count: i32): f64 {
  const ones = i16x8.splat(1);
  let sum = i64x2.splat(0);
  for (let k = 0; k < count; k += 8) {
    const pairs = i32x4.dot_i16x8_s(v128.load(z), ones);
    sum = i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_s(pairs), i64x2.extend_high_i32x4_s(pairs)));
    z += 16;
  }
  return <f64>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1));
}

/** Sum of squares of int16 values, exact below 2^53. */
export function sumOfSquaresInt16(z: usize, count: i32): f64 {
  let sum = i64x2.splat(0);
  for (let k = 0; k < count; k += 8) {
    const v = v128.load(z);
    // Two squares of -32768 are 2^31: right as unsigned.
    const pairs = i32x4.dot_i16x8_s(v, v);
    sum = i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_u(pairs), i64x2.extend_high_i32x4_u(pairs)));
    z += 16;
  }
  return <f64>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1));
}

// @ts-ignore: decorator
@inline
function rescale(x: v128, multiplier: i32, shift: i32, single: bool): v128 {
  const m = i32x4.splat(multiplier);
  return single ? multiplySingleRounding(x, m, shift) : multiplyDoubleRounding(x, m, max(shift, 0), max(-shift, 0));
}

/** (w + sign(w) * 512) / 1024, truncated: round half away from zero; |w| as unsigned, so that nothing wraps. */
// @ts-ignore: decorator
@inline
function divideByResolution(w: v128): v128 {
  const magnitude = i32x4.shr_u(i32x4.add(i32x4.abs(w), i32x4.splat(512)), 10);
  const sign = i32x4.shr_s(w, 31);
  return i32x4.sub(v128.xor(magnitude, sign), sign);
}

/**
 * y = clamp16(rescale(round((r * coefficient + bias) / 1024))) with r = (1024 z - mean) / deviation, the deviation given as its
 * inverse. r * coefficient + bias wraps in int32. Returns how many of the values wrapped; padding never does.
 */
export function normalizeInt16(
  z: usize, mean: i32, inverseMultiplier: i32, inverseShift: i32, coefficients: usize, bias: usize,
  multiplier: i32, shift: i32, single: bool, y: usize, count: i32,
): i32 {
  const center = i32x4.splat(mean);
  let wraps = 0;
  for (let k = 0; k < count; k += 8) {
    const v = v128.load(z);
    const c = v128.load(coefficients);
    let low = i32x4.sub(i32x4.shl(i32x4.extend_low_i16x8_s(v), 10), center);
    let high = i32x4.sub(i32x4.shl(i32x4.extend_high_i16x8_s(v), 10), center);
    low = rescale(low, inverseMultiplier, inverseShift, single);
    high = rescale(high, inverseMultiplier, inverseShift, single);
    const cLow = i32x4.extend_low_i16x8_s(c);
    const cHigh = i32x4.extend_high_i16x8_s(c);
    const bLow = v128.load(bias);
    const bHigh = v128.load(bias, 16);
    const wLow = i32x4.add(i32x4.mul(low, cLow), bLow);
    const wHigh = i32x4.add(i32x4.mul(high, cHigh), bHigh);
    wraps += countWraps(low, cLow, bLow, wLow) + countWraps(high, cHigh, bHigh, wHigh);
    low = rescale(divideByResolution(wLow), multiplier, shift, single);
    high = rescale(divideByResolution(wHigh), multiplier, shift, single);
    v128.store(y, i16x8.narrow_i32x4_s(low, high));
    z += 16;
    coefficients += 16;
    bias += 32;
    y += 16;
  }
  return wraps;
}

/** In how many lanes r * c + b differs from its int32 form w. */
// @ts-ignore: decorator
@inline
function countWraps(r: v128, c: v128, b: v128, w: v128): i32 {
  const low = i64x2.add(i64x2.extmul_low_i32x4_s(r, c), i64x2.extend_low_i32x4_s(b));
  const high = i64x2.add(i64x2.extmul_high_i32x4_s(r, c), i64x2.extend_high_i32x4_s(b));
  return (
    popcnt(i64x2.bitmask(i64x2.ne(low, i64x2.extend_low_i32x4_s(w)))) +
    popcnt(i64x2.bitmask(i64x2.ne(high, i64x2.extend_high_i32x4_s(w))))
  );
}
