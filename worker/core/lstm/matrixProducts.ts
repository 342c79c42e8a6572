/**
 * Matrix-vector products in plain TypeScript: y[r] = base[r] + sum over c of w[r, c] * x[at + c], w row-major.
 * Four rows at a time, so that each x is read once for four accumulators that do not wait for each other.
 */

/** int8 by int8 in int32. Exact up to 2^15 columns and a base below 2^29; beyond, it wraps as C does. */
export function matrixVectorInt8(w: Int8Array, x: Int8Array, at: number, columns: number, base: Int32Array, y: Int32Array): void {
  const rows = y.length;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    let w0 = r * columns;
    let w1 = w0 + columns;
    let w2 = w1 + columns;
    let w3 = w2 + columns;
    let a0 = base[r]!;
    let a1 = base[r + 1]!;
    let a2 = base[r + 2]!;
    let a3 = base[r + 3]!;
    for (let c = 0; c < columns; c++) {
      const value = x[at + c]!;
      a0 = (a0 + Math.imul(w[w0++]!, value)) | 0;
      a1 = (a1 + Math.imul(w[w1++]!, value)) | 0;
      a2 = (a2 + Math.imul(w[w2++]!, value)) | 0;
      a3 = (a3 + Math.imul(w[w3++]!, value)) | 0;
    }
    y[r] = a0;
    y[r + 1] = a1;
    y[r + 2] = a2;
    y[r + 3] = a3;
  }
  for (; r < rows; r++) {
    let a = base[r]!;
    for (let c = 0; c < columns; c++) a = (a + Math.imul(w[r * columns + c]!, x[at + c]!)) | 0;
    y[r] = a;
  }
}

/** int8 by int16 in float64, which holds every integer below 2^53: exact up to 2^30 columns. */
export function matrixVectorInt16(
  w: Int8Array,
  x: Int16Array,
  at: number,
  columns: number,
  base: Float64Array,
  y: Float64Array,
): void {
  for (let r = 0; r < y.length; r++) {
    let a = base[r]!;
    for (let c = 0; c < columns; c++) a += w[r * columns + c]! * x[at + c]!;
    y[r] = a;
  }
}
