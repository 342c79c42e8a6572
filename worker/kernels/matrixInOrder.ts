// AssemblyScript. Float32 products that are added to what y holds in the order of the columns, nothing fused. Weights: blocks of
// 32 rows, of the last of 16 where no more are left; per column the values of all rows. One pointer streams through all of it, and
// a column's values serve all rows of a block, whose sums do not wait for each other.

/** Columns that two vectors of one block take before the next two do: their weights, 2 KB, stay in the nearest cache. */
const PANEL = 16;

/** Packs `rows` rows of `columns` float32 values, row-major, into the packed `weights` of `height` rows from row `first` on. */
export function packInOrder(source: usize, weights: usize, first: i32, rows: i32, columns: i32, height: i32): void {
  for (let row = first; row < first + rows; row++) {
    const block = row & ~31;
    const pitch = <usize>min(32, height - block) << 2;
    let target = weights + (<usize>block * columns << 2) + ((row - block) << 2);
    for (const end = source + (<usize>columns << 2); source < end; source += 4) {
      store<f32>(target, load<f32>(source));
      target += pitch;
    }
  }
}

/**
 * y[v, r] += sum over c of w[r, c] * x[v, c] for `vectors` vectors; x is float32 [columns], one vector `xStride` bytes behind the
 * other, their y `yStride` bytes. `rows` is a multiple of 32 unless the last block is among them.
 */
export function addVectorsInOrder(
  weights: usize, x: usize, y: usize, rows: i32, columns: i32, vectors: i32, xStride: usize, yStride: usize,
): void {
  const paired = vectors & ~1;
  for (; rows > 0; rows -= 32) {
    const height = <usize>min(32, rows);
    const pitch = height << 2;
    if (paired > 0) addPairs(weights, pitch, x, y, columns, paired, xStride, yStride);
    if (paired < vectors) {
      const q = x + paired * xStride;
      const end = q + (<usize>columns << 2);
      if (height === 32) addVector(weights, q, end, y + paired * yStride);
      else addVectorToHalf(weights, q, end, y + paired * yStride);
    }
    weights += columns * pitch;
    y += 128;
  }
}

/** One block times an even number of vectors. */
// @ts-ignore: decorator
@inline
function addPairs(
  weights: usize, pitch: usize, x: usize, y: usize, columns: i32, vectors: i32, xStride: usize, yStride: usize,
): void {
  for (let c = 0; c < columns; c += PANEL) {
    const length = <usize>min(PANEL, columns - c) << 2;
    let q = x;
    let sums = y;
    for (let v = 0; v < vectors; v += 2) {
      for (let half: usize = 0; half < pitch; half += 64) {
        addTwoVectorsToHalf(weights + half, pitch, q, q + length, xStride, sums + half, sums + yStride + half);
      }
      q += xStride << 1;
      sums += yStride << 1;
    }
    weights += (length >> 2) * pitch;
    x += length;
  }
}

/** 32 rows. */
// @ts-ignore: decorator
@inline
function addVector(w: usize, x: usize, end: usize, y: usize): void {
  let a = v128.load(y), b = v128.load(y, 16), c = v128.load(y, 32), d = v128.load(y, 48);
  let e = v128.load(y, 64), f = v128.load(y, 80), g = v128.load(y, 96), h = v128.load(y, 112);
  // Two columns a turn: the loop costs less, and the registers still hold all sums.
  for (const pairs = x + ((end - x) & ~7); x < pairs; x += 8) {
    let v = v128.load32_splat(x);
    a = f32x4.add(a, f32x4.mul(v128.load(w), v)); b = f32x4.add(b, f32x4.mul(v128.load(w, 16), v));
    c = f32x4.add(c, f32x4.mul(v128.load(w, 32), v)); d = f32x4.add(d, f32x4.mul(v128.load(w, 48), v));
    e = f32x4.add(e, f32x4.mul(v128.load(w, 64), v)); f = f32x4.add(f, f32x4.mul(v128.load(w, 80), v));
    g = f32x4.add(g, f32x4.mul(v128.load(w, 96), v)); h = f32x4.add(h, f32x4.mul(v128.load(w, 112), v));
    v = v128.load32_splat(x, 4);
    a = f32x4.add(a, f32x4.mul(v128.load(w, 128), v)); b = f32x4.add(b, f32x4.mul(v128.load(w, 144), v));
    c = f32x4.add(c, f32x4.mul(v128.load(w, 160), v)); d = f32x4.add(d, f32x4.mul(v128.load(w, 176), v));
    e = f32x4.add(e, f32x4.mul(v128.load(w, 192), v)); f = f32x4.add(f, f32x4.mul(v128.load(w, 208), v));
    g = f32x4.add(g, f32x4.mul(v128.load(w, 224), v)); h = f32x4.add(h, f32x4.mul(v128.load(w, 240), v));
    w += 256;
  }
  storeFour(y, a, b, c, d);
  storeFour(y + 64, e, f, g, h);
  if (x === end) return;
  // Not by the sums above: with a second place where they change, the compiler would not keep them in registers.
  const v = v128.load32_splat(x);
  for (let row: usize = 0; row < 128; row += 16) {
    v128.store(y + row, f32x4.add(v128.load(y + row), f32x4.mul(v128.load(w + row), v)));
  }
}

/** 16 rows of a block that has no more. */
// @ts-ignore: decorator
@inline
function addVectorToHalf(w: usize, x: usize, end: usize, y: usize): void {
  let a = v128.load(y), b = v128.load(y, 16), c = v128.load(y, 32), d = v128.load(y, 48);
  for (; x < end; x += 4) {
    const v = v128.load32_splat(x);
    a = f32x4.add(a, f32x4.mul(v128.load(w), v));
    b = f32x4.add(b, f32x4.mul(v128.load(w, 16), v));
    c = f32x4.add(c, f32x4.mul(v128.load(w, 32), v));
    d = f32x4.add(d, f32x4.mul(v128.load(w, 48), v));
    w += 64;
  }
  storeFour(y, a, b, c, d);
}

/** 16 rows, their values of one column `pitch` bytes behind those of the last: eight sums, as many as the registers hold. */
// @ts-ignore: decorator
@inline
function addTwoVectorsToHalf(w: usize, pitch: usize, x: usize, end: usize, xStride: usize, y: usize, y2: usize): void {
  let a = v128.load(y), b = v128.load(y, 16), c = v128.load(y, 32), d = v128.load(y, 48);
  let e = v128.load(y2), f = v128.load(y2, 16), g = v128.load(y2, 32), h = v128.load(y2, 48);
  for (; x < end; x += 4) {
    const v = v128.load32_splat(x);
    const u = v128.load32_splat(x + xStride);
    let column = v128.load(w);
    a = f32x4.add(a, f32x4.mul(column, v));
    e = f32x4.add(e, f32x4.mul(column, u));
    column = v128.load(w, 16);
    b = f32x4.add(b, f32x4.mul(column, v));
    f = f32x4.add(f, f32x4.mul(column, u));
    column = v128.load(w, 32);
    c = f32x4.add(c, f32x4.mul(column, v));
    g = f32x4.add(g, f32x4.mul(column, u));
    column = v128.load(w, 48);
    d = f32x4.add(d, f32x4.mul(column, v));
    h = f32x4.add(h, f32x4.mul(column, u));
    w += pitch;
  }
  storeFour(y, a, b, c, d);
  storeFour(y2, e, f, g, h);
}

// @ts-ignore: decorator
@inline
function storeFour(target: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(target, a);
  v128.store(target, b, 16);
  v128.store(target, c, 32);
  v128.store(target, d, 48);
}
