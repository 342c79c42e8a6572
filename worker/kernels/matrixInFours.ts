// AssemblyScript. Float32 products whose sums are taken as TensorFlow Lite's LSTMs take them (tensor_utils): four partial sums over
// columns 0, 4, 8 .., 1, 5, 9 .. and so on, added first to last, then added to what y holds, then one column after the other where
// their number is no multiple of 4. Weights: blocks of 4 rows; per four columns 4 rows of 4 values, then per left-over column 4
// values. One pointer streams through all of it, and a block stays in the nearest cache while it meets all vectors.

/** Packs `rows` rows of `columns` float32 values, row-major, into the packed `weights` from row `first` on. */
export function packInFours(source: usize, weights: usize, first: i32, rows: i32, columns: i32): void {
  for (let row = first; row < first + rows; row++) {
    let target = weights + (<usize>(row >> 2) * columns << 4) + ((row & 3) << 4);
    for (const end = source + (<usize>(columns >> 2) << 4); source < end; source += 16) {
      v128.store(target, v128.load(source));
      target += 64;
    }
    target -= (row & 3) * 12; // a left-over column has one value a row
    for (let c = columns & ~3; c < columns; c++) {
      store<f32>(target, load<f32>(source));
      source += 4;
      target += 16;
    }
  }
}

/**
 * y[v, r] += sum over c of w[r, c] * x[v, c] for `vectors` vectors; x is float32 [columns], one vector `xStride` bytes
 * behind the other, their y `yStride` bytes.
 */
export function addVectorsInFours(
  weights: usize, x: usize, y: usize, rows: i32, columns: i32, vectors: i32, xStride: usize, yStride: usize,
): void {
  const four = columns >> 2;
  const rest = columns & 3;
  const block = <usize>columns << 4;
  for (let r = 0; r < rows; r += 4) {
    let q = x;
    let sums = y;
    let v = 0;
    for (; v + 2 <= vectors; v += 2) {
      addTwoVectors(weights, q, q + xStride, sums, sums + yStride, four, rest);
      q += xStride << 1;
      sums += yStride << 1;
    }
    if (v < vectors) addVector(weights, q, sums, four, rest);
    weights += block;
    y += 16;
  }
}

// @ts-ignore: decorator
@inline
function addVector(w: usize, x: usize, y: usize, four: i32, rest: i32): void {
  const end = x + (<usize>four << 4);
  const last = end + (<usize>rest << 2);
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (const pairs = x + (<usize>(four & ~1) << 4); x < pairs; x += 32) {
    const v = v128.load(x);
    a = f32x4.add(a, f32x4.mul(v128.load(w), v));
    b = f32x4.add(b, f32x4.mul(v128.load(w, 16), v));
    c = f32x4.add(c, f32x4.mul(v128.load(w, 32), v));
    d = f32x4.add(d, f32x4.mul(v128.load(w, 48), v));
    const u = v128.load(x, 16);
    a = f32x4.add(a, f32x4.mul(v128.load(w, 64), u));
    b = f32x4.add(b, f32x4.mul(v128.load(w, 80), u));
    c = f32x4.add(c, f32x4.mul(v128.load(w, 96), u));
    d = f32x4.add(d, f32x4.mul(v128.load(w, 112), u));
    w += 128;
  }
  if (x < end) {
    const v = v128.load(x);
    a = f32x4.add(a, f32x4.mul(v128.load(w), v));
    b = f32x4.add(b, f32x4.mul(v128.load(w, 16), v));
    c = f32x4.add(c, f32x4.mul(v128.load(w, 32), v));
    d = f32x4.add(d, f32x4.mul(v128.load(w, 48), v));
    w += 64;
  }
  let sums = f32x4.add(v128.load(y), sumsOfLanes(a, b, c, d));
  for (let q = end; q < last; q += 4) {
    sums = f32x4.add(sums, f32x4.mul(v128.load(w), v128.load32_splat(q)));
    w += 16;
  }
  v128.store(y, sums);
}

// @ts-ignore: decorator
@inline
function addTwoVectors(w: usize, x: usize, x2: usize, y: usize, y2: usize, four: i32, rest: i32): void {
  const end = x + (<usize>four << 4);
  const last = end + (<usize>rest << 2);
  let a = f32x4.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
  // Eight sums, four weights, two values: what the registers hold. More columns a turn would have them spilled.
  for (; x < end; x += 16) {
    const v = v128.load(x);
    const u = v128.load(x2);
    let row = v128.load(w);
    a = f32x4.add(a, f32x4.mul(row, v));
    e = f32x4.add(e, f32x4.mul(row, u));
    row = v128.load(w, 16);
    b = f32x4.add(b, f32x4.mul(row, v));
    f = f32x4.add(f, f32x4.mul(row, u));
    row = v128.load(w, 32);
    c = f32x4.add(c, f32x4.mul(row, v));
    g = f32x4.add(g, f32x4.mul(row, u));
    row = v128.load(w, 48);
    d = f32x4.add(d, f32x4.mul(row, v));
    h = f32x4.add(h, f32x4.mul(row, u));
    x2 += 16;
    w += 64;
  }
  let first = f32x4.add(v128.load(y), sumsOfLanes(a, b, c, d));
  let second = f32x4.add(v128.load(y2), sumsOfLanes(e, f, g, h));
  for (; x < last; x += 4) {
    const row = v128.load(w);
    first = f32x4.add(first, f32x4.mul(row, v128.load32_splat(x)));
    second = f32x4.add(second, f32x4.mul(row, v128.load32_splat(x2)));
    x2 += 4;
    w += 16;
  }
  v128.store(y, first);
  v128.store(y2, second);
}

/** Of four vectors, the sum of each one's lanes from the first to the last. */
// @ts-ignore: decorator
@inline
function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  const first = f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
  return f32x4.add(f32x4.add(first, v128.shuffle<i64>(ab2, cd2, 0, 2)), v128.shuffle<i64>(ab2, cd2, 1, 3));
}
