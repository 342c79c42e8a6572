// AssemblyScript. int8 matrix products on packed weights: blocks of 8 rows whose columns follow each other, so that one pointer
// streams through the whole matrix and no sum has to be taken across lanes. Columns go in pairs (one 16-bit dot product each), their
// number padded to 16, rows to 8. Padding is zero.

/** int8 -> int16, `count` a multiple of 16. */
export function widenInt8(source: usize, target: usize, count: i32): void {
  for (let i = 0; i < count; i += 16) {
    const v = v128.load(source + i);
    v128.store(target + (i << 1), i16x8.extend_low_i8x16_s(v));
    v128.store(target + (i << 1), i16x8.extend_high_i8x16_s(v), 16);
  }
}

/** Sum of int8 values, exact below 2^24 of them. */
export function sumInt8(source: usize, count: i32): i32 {
  let sums = i32x4.splat(0);
  const last = source + count;
  for (const end = source + (count & ~15); source < end; source += 16) {
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_s(v128.load(source))));
  }
  let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; source < last; source++) sum += load<i8>(source);
  return sum;
}

/** How many int8 values are -128, -127 or 127. */
export function countRailsInt8(source: usize, count: i32): i32 {
  let rails = 0;
  const last = source + count;
  const first = i8x16.splat(127); // from here on they are 0, 1 and 2 up, as bytes
  const two = i8x16.splat(2);
  for (const end = source + (count & ~15); source < end; source += 16) {
    rails += popcnt<i32>(i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(source), first), two)));
  }
  for (; source < last; source++) rails += i32(<u8>(load<u8>(source) - 127) <= 2);
  return rails;
}

/** Packs one block: 8 rows of `columns` int8 values, row-major, `columns` bytes apart; eight pairs of columns a turn. */
export function packInt8(source: usize, target: usize, columns: i32): void {
  const stride = <usize>columns;
  for (const end = source + stride; source < end; source += 16) {
    packPairs(source, stride, target);
    packPairs(source + 4 * stride, stride, target + 8);
    target += 128;
  }
}

/** Eight pairs of four rows, 16 bytes from pair to pair: a transposition of 16-bit values. */
// @ts-ignore: decorator
@inline
function packPairs(source: usize, stride: usize, target: usize): void {
  const a = v128.load(source), b = v128.load(source + stride);
  const c = v128.load(source + 2 * stride), d = v128.load(source + 3 * stride);
  const abLow = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11), abHigh = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  const cdLow = v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11), cdHigh = v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15);
  storeLanes(target, v128.shuffle<i32>(abLow, cdLow, 0, 4, 1, 5));
  storeLanes(target + 32, v128.shuffle<i32>(abLow, cdLow, 2, 6, 3, 7));
  storeLanes(target + 64, v128.shuffle<i32>(abHigh, cdHigh, 0, 4, 1, 5));
  storeLanes(target + 96, v128.shuffle<i32>(abHigh, cdHigh, 2, 6, 3, 7));
}

// @ts-ignore: decorator
@inline
function storeLanes(target: usize, pairs: v128): void {
  v128.store64_lane(target, pairs, 0);
  v128.store64_lane(target, pairs, 1, 16);
}

/**
 * y[v, r] = bias[r] + sum over c of w[r, c] * x[v, c] in int32 for `vectors` vectors; x is int16, one vector `xStride` bytes behind
 * the other, their y `yStride` bytes.
 */
export function multiplyInt8(
  weights: usize, x: usize, bias: usize, y: usize, rows: i32, columns: i32, vectors: i32, xStride: usize, yStride: usize,
): void {
  // A block stays in the nearest cache while it meets all vectors.
  for (let r = 0; r < rows; r += 8) {
    let q = x;
    let sums = y;
    let v = 0;
    for (; v + 4 <= vectors; v += 4) {
      blockFourVectorsInt8(weights, q, columns, xStride, bias, sums, yStride);
      q += xStride << 2;
      sums += yStride << 2;
    }
    for (; v < vectors; v++) {
      blockVectorInt8(weights, q, columns, bias, sums);
      q += xStride;
      sums += yStride;
    }
    weights += <usize>columns << 3;
    bias += 32;
    y += 32;
  }
}

// @ts-ignore: decorator
@inline
function blockVectorInt8(weights: usize, x: usize, columns: i32, bias: usize, y: usize): void {
  let a = v128.load(bias);
  let b = v128.load(bias, 16);
  let c = i32x4.splat(0);
  let d = c;
  for (const end = x + (<usize>columns << 1); x < end; x += 8) {
    let v = v128.load32_splat(x);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(weights), v));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_s(weights, 8), v));
    v = v128.load32_splat(x, 4);
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load8x8_s(weights, 16), v));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load8x8_s(weights, 24), v));
    weights += 32;
  }
  storePair(y, i32x4.add(a, c), i32x4.add(b, d));
}

// @ts-ignore: decorator
@inline
function blockFourVectorsInt8(
  weights: usize, x: usize, columns: i32, xStride: usize, bias: usize, y: usize, yStride: usize,
): void {
  let a0 = v128.load(bias), a1 = v128.load(bias, 16);
  let b0 = a0, b1 = a1, c0 = a0, c1 = a1, d0 = a0, d1 = a1;
  for (const end = x + (<usize>columns << 1); x < end; x += 4) {
    const w0 = v128.load8x8_s(weights);
    const w1 = v128.load8x8_s(weights, 8);
    let v = v128.load32_splat(x);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(w0, v));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(w1, v));
    v = v128.load32_splat(x + xStride);
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w0, v));
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w1, v));
    v = v128.load32_splat(x + 2 * xStride);
    c0 = i32x4.add(c0, i32x4.dot_i16x8_s(w0, v));
    c1 = i32x4.add(c1, i32x4.dot_i16x8_s(w1, v));
    v = v128.load32_splat(x + 3 * xStride);
    d0 = i32x4.add(d0, i32x4.dot_i16x8_s(w0, v));
    d1 = i32x4.add(d1, i32x4.dot_i16x8_s(w1, v));
    weights += 16;
  }
  storePair(y, a0, a1);
  storePair(y + yStride, b0, b1);
  storePair(y + 2 * yStride, c0, c1);
  storePair(y + 3 * yStride, d0, d1);
}

// @ts-ignore: decorator
@inline
function storePair(target: usize, first: v128, second: v128): void {
  v128.store(target, first);
  v128.store(target, second, 16);
}
