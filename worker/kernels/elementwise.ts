// AssemblyScript. The element-wise stages of the integer LSTM, eight int16 values at a time; every count is a multiple of 8 and
// every buffer is padded to that.
import { multiplyDoubleRounding, multiplySingleRounding, roundingDivideByPOT } from './fixedPoint';

// Which rounding is known to each loop that takes most of the time: a choice inside it would cost a third more.

// @ts-ignore: decorator
@inline
function rescale(x: v128, multiplier: v128, shift: i32, single: bool): v128 {
  return single
    ? multiplySingleRounding(x, multiplier, shift)
    : multiplyDoubleRounding(x, multiplier, max(shift, 0), max(-shift, 0));
}

/** Far enough beyond int16 to be clamped all the same, near enough for int32 sums not to wrap. */
// @ts-ignore: decorator
@inline
function bounded(x: v128): v128 {
  return i32x4.max_s(i32x4.min_s(x, i32x4.splat(1 << 20)), i32x4.splat(-(1 << 20)));
}

/** z[k] = clamp16(rescale(acc[k])), acc int32. */
export function rescaleToInt16(acc: usize, multiplier: i32, shift: i32, single: bool, z: usize, count: i32): void {
  if (single) rescaleToInt16Loop(acc, multiplier, shift, true, z, count);
  else rescaleToInt16Loop(acc, multiplier, shift, false, z, count);
}

// @ts-ignore: decorator
@inline
function rescaleToInt16Loop(acc: usize, multiplier: i32, shift: i32, single: bool, z: usize, count: i32): void {
  const m = i32x4.splat(multiplier);
  for (let i = 0; i < count; i += 8) {
    const low = rescale(v128.load(acc), m, shift, single);
    const high = rescale(v128.load(acc, 16), m, shift, single);
    v128.store(z, i16x8.narrow_i32x4_s(low, high));
    acc += 32;
    z += 16;
  }
}

/** sum[k] = clamp16(rescale(acc[k]) + z[k]): only the sum is clamped. */
export function rescaleAddInt16(acc: usize, multiplier: i32, shift: i32, single: bool, z: usize, sum: usize, count: i32): void {
  if (single) rescaleAddInt16Loop(acc, multiplier, shift, true, z, sum, count);
  else rescaleAddInt16Loop(acc, multiplier, shift, false, z, sum, count);
}

// @ts-ignore: decorator
@inline
function rescaleAddInt16Loop(acc: usize, multiplier: i32, shift: i32, single: bool, z: usize, sum: usize, count: i32): void {
  const m = i32x4.splat(multiplier);
  for (let i = 0; i < count; i += 8) {
    const base = v128.load(z);
    const low = i32x4.add(bounded(rescale(v128.load(acc), m, shift, single)), i32x4.extend_low_i16x8_s(base));
    const high = i32x4.add(bounded(rescale(v128.load(acc, 16), m, shift, single)), i32x4.extend_high_i16x8_s(base));
    v128.store(sum, i16x8.narrow_i32x4_s(low, high));
    acc += 32;
    z += 16;
    sum += 16;
  }
}

/** sum[k] = clamp16(clamp16(rescale(acc[k])) + z[k]): TFLM's recurrent matmul, which saturates on its own. */
export function rescaleAddSaturatedInt16(
  acc: usize, multiplier: i32, shift: i32, single: bool, z: usize, sum: usize, count: i32,
): void {
  if (single) rescaleAddSaturatedInt16Loop(acc, multiplier, shift, true, z, sum, count);
  else rescaleAddSaturatedInt16Loop(acc, multiplier, shift, false, z, sum, count);
}

// @ts-ignore: decorator
@inline
function rescaleAddSaturatedInt16Loop(
  acc: usize, multiplier: i32, shift: i32, single: bool, z: usize, sum: usize, count: i32,
): void {
  const m = i32x4.splat(multiplier);
  for (let i = 0; i < count; i += 8) {
    const low = rescale(v128.load(acc), m, shift, single);
    const high = rescale(v128.load(acc, 16), m, shift, single);
    v128.store(sum, i16x8.add_sat_s(i16x8.narrow_i32x4_s(low, high), v128.load(z)));
    acc += 32;
    z += 16;
    sum += 16;
  }
}

/** sum[k] = clamp16(rescale(p[k] * c[k]) + z[k]): the peephole. */
export function peepholeAddInt16(p: usize, c: usize, multiplier: i32, shift: i32, single: bool, z: usize, sum: usize, count: i32): void {
  const m = i32x4.splat(multiplier);
  for (let i = 0; i < count; i += 8) {
    const a = v128.load(p);
    const b = v128.load(c);
    const base = v128.load(z);
    const low = i32x4.add(bounded(rescale(i32x4.extmul_low_i16x8_s(a, b), m, shift, single)), i32x4.extend_low_i16x8_s(base));
    const high = i32x4.add(bounded(rescale(i32x4.extmul_high_i16x8_s(a, b), m, shift, single)), i32x4.extend_high_i16x8_s(base));
    v128.store(sum, i16x8.narrow_i32x4_s(low, high));
    p += 16;
    c += 16;
    z += 16;
    sum += 16;
  }
}

/** y[k] = table[x[k] + 32768], int16. */
export function lookUpInt16(table: usize, x: usize, y: usize, count: i32): void {
  const middle = table + 65536;
  for (const end = x + (<usize>count << 1); x < end; x += 8) {
    store<i16>(y, entry(middle, load<i16>(x)));
    store<i16>(y, entry(middle, load<i16>(x, 2)), 2);
    store<i16>(y, entry(middle, load<i16>(x, 4)), 4);
    store<i16>(y, entry(middle, load<i16>(x, 6)), 6);
    y += 8;
  }
}

// @ts-ignore: decorator
@inline
function entry(middle: usize, x: i16): i16 {
  return load<i16>(middle + (<isize>x << 1));
}

/** i[k] = 32767 - f[k]: the coupled input gate. */
export function coupleInputGate(f: usize, i: usize, count: i32): void {
  const one = i16x8.splat(32767);
  for (let k = 0; k < count; k += 8) {
    v128.store(i, i16x8.sub_sat_s(one, v128.load(f)));
    f += 16;
    i += 16;
  }
}

/** Stores `next` limited to low..high and tells how many of its first `valid` lanes the limits changed. */
// @ts-ignore: decorator
@inline
function storeLimited(target: usize, next: v128, low: v128, high: v128, valid: i32): i32 {
  const limited = i16x8.max_s(i16x8.min_s(next, high), low);
  v128.store(target, limited);
  let changed = i16x8.bitmask(i16x8.ne(limited, next));
  if (valid < 8) changed &= (1 << max(valid, 0)) - 1;
  return popcnt(changed);
}

/**
 * c = clamp16(roundingDivideByPOT(f * c, 15) + roundingDivideByPOT(i * g, right)), then limited to low..high; right >= 15, so
 * that each product fits int16 after its shift. Returns how many of the first `valid` values the limits changed.
 */
export function updateCellByShift(
  f: usize, i: usize, g: usize, right: i32, low: i32, high: i32, c: usize, count: i32, valid: i32,
): i32 {
  const bottom = i16x8.splat(<i16>low);
  const top = i16x8.splat(<i16>high);
  let clipped = 0;
  for (let k = 0; k < count; k += 8) {
    const fv = v128.load(f);
    const cv = v128.load(c);
    const iv = v128.load(i);
    const gv = v128.load(g);
    const lower = i32x4.add(
      roundingDivideByPOT(i32x4.extmul_low_i16x8_s(fv, cv), 15),
      roundingDivideByPOT(i32x4.extmul_low_i16x8_s(iv, gv), right),
    );
    const upper = i32x4.add(
      roundingDivideByPOT(i32x4.extmul_high_i16x8_s(fv, cv), 15),
      roundingDivideByPOT(i32x4.extmul_high_i16x8_s(iv, gv), right),
    );
    clipped += storeLimited(c, i16x8.narrow_i32x4_s(lower, upper), bottom, top, valid - k);
    f += 16;
    c += 16;
    i += 16;
    g += 16;
  }
  return clipped;
}

/** c = clamp16(clamp16(rescale(f * c)) + clamp16(rescale(i * g))), then limited to low..high: TFLM's form of the cell update. */
export function updateCellByMultiplier(
  f: usize, i: usize, g: usize, forgetMultiplier: i32, forgetShift: i32, inputMultiplier: i32, inputShift: i32, single: bool,
  low: i32, high: i32, c: usize, count: i32, valid: i32,
): i32 {
  const bottom = i16x8.splat(<i16>low);
  const top = i16x8.splat(<i16>high);
  const kept = i32x4.splat(forgetMultiplier);
  const added = i32x4.splat(inputMultiplier);
  let clipped = 0;
  for (let k = 0; k < count; k += 8) {
    const fv = v128.load(f);
    const cv = v128.load(c);
    const iv = v128.load(i);
    const gv = v128.load(g);
    const fc = i16x8.narrow_i32x4_s(
      rescale(i32x4.extmul_low_i16x8_s(fv, cv), kept, forgetShift, single),
      rescale(i32x4.extmul_high_i16x8_s(fv, cv), kept, forgetShift, single),
    );
    const ig = i16x8.narrow_i32x4_s(
      rescale(i32x4.extmul_low_i16x8_s(iv, gv), added, inputShift, single),
      rescale(i32x4.extmul_high_i16x8_s(iv, gv), added, inputShift, single),
    );
    clipped += storeLimited(c, i16x8.add_sat_s(fc, ig), bottom, top, valid - k);
    f += 16;
    c += 16;
    i += 16;
    g += 16;
  }
  return clipped;
}

/** m[k] = clamp8(rescale(o[k] * t[k]) + zeroPoint), int8. */
export function hiddenInt8(o: usize, t: usize, multiplier: i32, shift: i32, single: bool, zeroPoint: i32, m: usize, count: i32): void {
  if (single) hiddenInt8Loop(o, t, multiplier, shift, true, zeroPoint, m, count);
  else hiddenInt8Loop(o, t, multiplier, shift, false, zeroPoint, m, count);
}

// @ts-ignore: decorator
@inline
function hiddenInt8Loop(o: usize, t: usize, multiplier: i32, shift: i32, single: bool, zeroPoint: i32, m: usize, count: i32): void {
  const scale = i32x4.splat(multiplier);
  const zero = i32x4.splat(zeroPoint);
  for (let k = 0; k < count; k += 8) {
    const a = v128.load(o);
    const b = v128.load(t);
    const low = i32x4.add(bounded(rescale(i32x4.extmul_low_i16x8_s(a, b), scale, shift, single)), zero);
    const high = i32x4.add(bounded(rescale(i32x4.extmul_high_i16x8_s(a, b), scale, shift, single)), zero);
    const narrow = i16x8.narrow_i32x4_s(low, high);
    v128.store64_lane(m, i8x16.narrow_i16x8_s(narrow, narrow), 0);
    o += 16;
    t += 16;
    m += 8;
  }
}

/**
 * h[k] = clamp8(rescale(acc[k]) + zeroPoint), then limited to low..high.
 * Returns how many of the first `valid` values the limits changed.
 */
export function projectInt8(
  acc: usize, multiplier: i32, shift: i32, single: bool, zeroPoint: i32, low: i32, high: i32, h: usize, count: i32, valid: i32,
): i32 {
  const scale = i32x4.splat(multiplier);
  const zero = i32x4.splat(zeroPoint);
  const bottom = i8x16.splat(<i8>low);
  const top = i8x16.splat(<i8>high);
  let clipped = 0;
  for (let k = 0; k < count; k += 8) {
    const lower = i32x4.add(bounded(rescale(v128.load(acc), scale, shift, single)), zero);
    const upper = i32x4.add(bounded(rescale(v128.load(acc, 16), scale, shift, single)), zero);
    const narrow = i16x8.narrow_i32x4_s(lower, upper);
    const next = i8x16.narrow_i16x8_s(narrow, narrow);
    const limited = i8x16.max_s(i8x16.min_s(next, top), bottom);
    let changed = i8x16.bitmask(i8x16.ne(limited, next)) & 0xff;
    if (k + 8 > valid) changed &= (1 << max(valid - k, 0)) - 1;
    clipped += popcnt(changed);
    v128.store64_lane(h, limited, 0);
    acc += 32;
    h += 8;
  }
  return clipped;
}
