// AssemblyScript. int8 and float32 matrix products on packed weights: blocks of 4 rows, 16 (int8) or 4 (float32) columns of each
// row in turn, so that one pointer streams through the whole matrix. Rows are padded to 4 and columns to 16 with zeros.

// @ts-ignore: decorator
@inline
function horizontalSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

// @ts-ignore: decorator
@inline
function dot16(weights: usize, x0: v128, x1: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(weights), x0), i32x4.dot_i16x8_s(v128.load8x8_s(weights, 8), x1));
}

/** int8 -> int16, `count` a multiple of 16. */
export function widenInt8(source: usize, target: usize, count: i32): void {
  for (let i = 0; i < count; i += 16) {
    const v = v128.load(source + i);
    v128.store(target + (i << 1), i16x8.extend_low_i8x16_s(v));
    v128.store(target + (i << 1), i16x8.extend_high_i8x16_s(v), 16);
  }
}

/** Packs [rows, columns] row-major int8 with `stride` bytes a row; rows a multiple of 4, columns of 16. */
export function packInt8(source: usize, target: usize, rows: i32, columns: i32, stride: i32): void {
  for (let r = 0; r < rows; r += 4) {
    for (let c = 0; c < columns; c += 16) {
      for (let k = 0; k < 4; k++) {
        v128.store(target, v128.load(source + <usize>(r + k) * stride + c));
        target += 16;
      }
    }
  }
}

/** y[r] = bias[r] + sum over c of w[r, c] * x[c] in int32; x is int16 [columns]. */
export function matrixVectorInt8(weights: usize, x: usize, bias: usize, y: usize, rows: i32, columns: i32): void {
  const end = x + (<usize>columns << 1);
  for (let r = 0; r < rows; r += 4) {
    let a = i32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let q = x; q < end; q += 32) {
      const x0 = v128.load(q);
      const x1 = v128.load(q, 16);
      a = i32x4.add(a, dot16(weights, x0, x1));
      b = i32x4.add(b, dot16(weights + 16, x0, x1));
      c = i32x4.add(c, dot16(weights + 32, x0, x1));
      d = i32x4.add(d, dot16(weights + 48, x0, x1));
      weights += 64;
    }
    v128.store(y, i32x4.add(v128.load(bias), horizontalSums(a, b, c, d)));
    bias += 16;
    y += 16;
  }
}

/** The same for four vectors at once: x is int16 [4, columns], y is int32 [4] rows `yStride` bytes apart. */
export function matrixFourVectorsInt8(weights: usize, x: usize, bias: usize, y: usize, rows: i32, columns: i32, yStride: i32): void {
  const xStride = <usize>columns << 1;
  const end = x + xStride;
  for (let r = 0; r < rows; r += 4) {
    const zero = i32x4.splat(0);
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero;
    let b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    let c0 = zero, c1 = zero, c2 = zero, c3 = zero;
    let d0 = zero, d1 = zero, d2 = zero, d3 = zero;
    for (let q = x; q < end; q += 32) {
      for (let half = 0; half < 2; half++) {
        const p = weights + (half << 3);
        const h = q + (half << 4);
        const v0 = v128.load(h);
        const v1 = v128.load(h + xStride);
        const v2 = v128.load(h + 2 * xStride);
        const v3 = v128.load(h + 3 * xStride);
        let w = v128.load8x8_s(p);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(w, v0));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(w, v1));
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(w, v2));
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(w, v3));
        w = v128.load8x8_s(p, 16);
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w, v0));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w, v1));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(w, v2));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(w, v3));
        w = v128.load8x8_s(p, 32);
        c0 = i32x4.add(c0, i32x4.dot_i16x8_s(w, v0));
        c1 = i32x4.add(c1, i32x4.dot_i16x8_s(w, v1));
        c2 = i32x4.add(c2, i32x4.dot_i16x8_s(w, v2));
        c3 = i32x4.add(c3, i32x4.dot_i16x8_s(w, v3));
        w = v128.load8x8_s(p, 48);
        d0 = i32x4.add(d0, i32x4.dot_i16x8_s(w, v0));
        d1 = i32x4.add(d1, i32x4.dot_i16x8_s(w, v1));
        d2 = i32x4.add(d2, i32x4.dot_i16x8_s(w, v2));
        d3 = i32x4.add(d3, i32x4.dot_i16x8_s(w, v3));
      }
      weights += 64;
    }
    const start = v128.load(bias);
    v128.store(y, i32x4.add(start, horizontalSums(a0, b0, c0, d0)));
    v128.store(y + yStride, i32x4.add(start, horizontalSums(a1, b1, c1, d1)));
    v128.store(y + 2 * yStride, i32x4.add(start, horizontalSums(a2, b2, c2, d2)));
    v128.store(y + 3 * yStride, i32x4.add(start, horizontalSums(a3, b3, c3, d3)));
    bias += 16;
    y += 16;
  }
}

/** Packs [rows, columns] row-major float32 with `stride` bytes a row, transposed inside each 4 x 4 block: column by column. */
export function packFloat32(source: usize, target: usize, rows: i32, columns: i32, stride: i32): void {
  for (let r = 0; r < rows; r += 4) {
    for (let c = 0; c < columns; c++) {
      for (let k = 0; k < 4; k++) {
        store<f32>(target, load<f32>(source + <usize>(r + k) * stride + (<usize>c << 2)));
        target += 4;
      }
    }
  }
}

/** y[r] = bias[r] + sum over c of w[r, c] * x[c] in float32, four partial sums over c modulo 4; x is float32 [columns]. */
export function matrixVectorFloat32(weights: usize, x: usize, bias: usize, y: usize, rows: i32, columns: i32): void {
  const end = x + (<usize>columns << 2);
  for (let r = 0; r < rows; r += 4) {
    const zero = f32x4.splat(0);
    let a = zero, b = zero, c = zero, d = zero;
    for (let q = x; q < end; q += 16) {
      const v = v128.load(q);
      a = f32x4.add(a, f32x4.mul(v128.load(weights), v128.shuffle<i32>(v, v, 0, 0, 0, 0)));
      b = f32x4.add(b, f32x4.mul(v128.load(weights, 16), v128.shuffle<i32>(v, v, 1, 1, 1, 1)));
      c = f32x4.add(c, f32x4.mul(v128.load(weights, 32), v128.shuffle<i32>(v, v, 2, 2, 2, 2)));
      d = f32x4.add(d, f32x4.mul(v128.load(weights, 48), v128.shuffle<i32>(v, v, 3, 3, 3, 3)));
      weights += 64;
    }
    v128.store(y, f32x4.add(v128.load(bias), f32x4.add(f32x4.add(a, b), f32x4.add(c, d))));
    bias += 16;
    y += 16;
  }
}

/** The same for four vectors at once: x is float32 [4, columns], y is float32 [4] rows `yStride` bytes apart. */
export function matrixFourVectorsFloat32(weights: usize, x: usize, bias: usize, y: usize, rows: i32, columns: i32, yStride: i32): void {
  const xStride = <usize>columns << 2;
  const end = x + xStride;
  for (let r = 0; r < rows; r += 4) {
    const zero = f32x4.splat(0);
    let a0 = zero, b0 = zero, c0 = zero, d0 = zero;
    let a1 = zero, b1 = zero, c1 = zero, d1 = zero;
    let a2 = zero, b2 = zero, c2 = zero, d2 = zero;
    let a3 = zero, b3 = zero, c3 = zero, d3 = zero;
    for (let q = x; q < end; q += 16) {
      const w0 = v128.load(weights);
      const w1 = v128.load(weights, 16);
      const w2 = v128.load(weights, 32);
      const w3 = v128.load(weights, 48);
      let v = v128.load(q);
      a0 = f32x4.add(a0, f32x4.mul(w0, v128.shuffle<i32>(v, v, 0, 0, 0, 0)));
      b0 = f32x4.add(b0, f32x4.mul(w1, v128.shuffle<i32>(v, v, 1, 1, 1, 1)));
      c0 = f32x4.add(c0, f32x4.mul(w2, v128.shuffle<i32>(v, v, 2, 2, 2, 2)));
      d0 = f32x4.add(d0, f32x4.mul(w3, v128.shuffle<i32>(v, v, 3, 3, 3, 3)));
      v = v128.load(q + xStride);
      a1 = f32x4.add(a1, f32x4.mul(w0, v128.shuffle<i32>(v, v, 0, 0, 0, 0)));
      b1 = f32x4.add(b1, f32x4.mul(w1, v128.shuffle<i32>(v, v, 1, 1, 1, 1)));
      c1 = f32x4.add(c1, f32x4.mul(w2, v128.shuffle<i32>(v, v, 2, 2, 2, 2)));
      d1 = f32x4.add(d1, f32x4.mul(w3, v128.shuffle<i32>(v, v, 3, 3, 3, 3)));
      v = v128.load(q + 2 * xStride);
      a2 = f32x4.add(a2, f32x4.mul(w0, v128.shuffle<i32>(v, v, 0, 0, 0, 0)));
      b2 = f32x4.add(b2, f32x4.mul(w1, v128.shuffle<i32>(v, v, 1, 1, 1, 1)));
      c2 = f32x4.add(c2, f32x4.mul(w2, v128.shuffle<i32>(v, v, 2, 2, 2, 2)));
      d2 = f32x4.add(d2, f32x4.mul(w3, v128.shuffle<i32>(v, v, 3, 3, 3, 3)));
      v = v128.load(q + 3 * xStride);
      a3 = f32x4.add(a3, f32x4.mul(w0, v128.shuffle<i32>(v, v, 0, 0, 0, 0)));
      b3 = f32x4.add(b3, f32x4.mul(w1, v128.shuffle<i32>(v, v, 1, 1, 1, 1)));
      c3 = f32x4.add(c3, f32x4.mul(w2, v128.shuffle<i32>(v, v, 2, 2, 2, 2)));
      d3 = f32x4.add(d3, f32x4.mul(w3, v128.shuffle<i32>(v, v, 3, 3, 3, 3)));
      weights += 64;
    }
    const start = v128.load(bias);
    v128.store(y, f32x4.add(start, f32x4.add(f32x4.add(a0, b0), f32x4.add(c0, d0))));
    v128.store(y + yStride, f32x4.add(start, f32x4.add(f32x4.add(a1, b1), f32x4.add(c1, d1))));
    v128.store(y + 2 * yStride, f32x4.add(start, f32x4.add(f32x4.add(a2, b2), f32x4.add(c2, d2))));
    v128.store(y + 3 * yStride, f32x4.add(start, f32x4.add(f32x4.add(a3, b3), f32x4.add(c3, d3))));
    bias += 16;
    y += 16;
  }
}
