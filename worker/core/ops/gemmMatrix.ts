import { Float32Matrix } from '../kernels/float32Matrix';
import { VECTORS } from '../kernels/int8Matrix';
import type { RealMatrix } from '../lstm/float/floatParameters';

/** Rows that Eigen's AVX kernel takes together: three, two and one register of 8, half a register; what is left goes one by one. */
const PANELS = { inOrder: [24, 16], inPairs: [8, 4] } as const;
/** Vectors that it takes together. */
const GROUP = 4;
/** Columns that one round of its loops takes. */
const ROUND = 8;

const { fround } = Math;

/**
 * A float32 matrix [rows, columns] for FULLY_CONNECTED, whose sums are rounded as in TensorFlow Lite's calibrator (Python wheel
 * for x86: Eigen's general_block_panel_kernel compiled for AVX, nothing fused), so that ranges come out equal to the last bit.
 * How a sum is split depends on the row and on whether the vector belongs to a full group of four:
 * in panels of 24 and 16 rows, and for left-over vectors, in the order of the columns; in panels of 8 and 4 rows over even and
 * odd columns apart; in single rows over columns 0, 8, .., 1, 9, .. and so on, these eight added pairwise. The base is added last.
 * Equal in the calibrated ranges of 32 models (depths 48 and 96, 11 rows). Not followed: Eigen's cuts of depths beyond some 288
 * columns, which depend on the processor's cache, and its own way with one vector alone.
 */
export function gemmMatrix(weights: Float32Array, columns: number): RealMatrix {
  const rows = weights.length / columns;
  const { ordered, paired } = panelsOf(rows);
  const inOrder = matrixInOrder(weights.subarray(0, ordered * columns), ordered, columns);
  const inPairs = new PairedRows(weights, ordered, paired - ordered, columns);
  return {
    rows,
    columns,
    multiply: (x, at, stride, count, base, y) => {
      const baseStride = base.length === rows ? 0 : rows;
      const grouped = count - (count % GROUP);
      for (let first = 0; first < count; first += VECTORS) {
        const vectors = Math.min(VECTORS, count - first);
        for (let v = 0; v < vectors; v++) {
          const from = at + (first + v) * stride;
          const vector = x.subarray(from, from + columns);
          inOrder.vector(v).set(vector);
          inPairs.set(v, vector);
        }
        inOrder.multiply(vectors);
        inPairs.multiply(vectors);
        for (let v = 0; v < vectors; v++) {
          const from = at + (first + v) * stride;
          const sums = inOrder.sums(v);
          const to = (first + v) * rows;
          const baseFrom = (first + v) * baseStride;
          const isGrouped = first + v < grouped;
          for (let r = 0; r < ordered; r++) y[to + r] = base[baseFrom + r]! + sums[r]!;
          for (let r = ordered; r < rows; r++) {
            const sum = !isGrouped
              ? dotInOrder(weights, r * columns, x, from, columns)
              : r < paired
                ? inPairs.sum(v, r - ordered)
                : dotInEights(weights, r * columns, x, from, columns);
            y[to + r] = base[baseFrom + r]! + sum;
          }
        }
      }
    },
  };
}

function matrixInOrder(weights: Float32Array, rows: number, columns: number): Float32Matrix {
  const matrix = new Float32Matrix(rows, columns, 'columns');
  matrix.setRows(0, weights);
  return matrix;
}

/** Where rows taken in order end, and where those taken over even and odd columns do. */
function panelsOf(rows: number): { readonly ordered: number; readonly paired: number } {
  let ordered = 0;
  for (const panel of PANELS.inOrder) ordered += rows - ordered - ((rows - ordered) % panel);
  let paired = ordered;
  for (const panel of PANELS.inPairs) paired += rows - paired - ((rows - paired) % panel);
  return { ordered, paired };
}

/** Rows whose sums are taken over even and over odd columns, then added; columns beyond the last full round follow one by one. */
class PairedRows {
  readonly #even: Float32Matrix;
  readonly #odd: Float32Matrix;
  readonly #rest: Float32Array;
  readonly #inRounds: number;
  readonly #vectors: Float32Array[] = [];

  constructor(weights: Float32Array, firstRow: number, rows: number, columns: number) {
    this.#inRounds = columns - (columns % ROUND);
    const half = this.#inRounds / 2;
    const even = new Float32Array(rows * half);
    const odd = new Float32Array(rows * half);
    const rest = columns - this.#inRounds;
    this.#rest = new Float32Array(rows * rest);
    for (let r = 0; r < rows; r++) {
      const from = (firstRow + r) * columns;
      for (let k = 0; k < half; k++) {
        even[r * half + k] = weights[from + 2 * k]!;
        odd[r * half + k] = weights[from + 2 * k + 1]!;
      }
      this.#rest.set(weights.subarray(from + this.#inRounds, from + columns), r * rest);
    }
    this.#even = matrixInOrder(even, rows, half);
    this.#odd = matrixInOrder(odd, rows, half);
  }

  set(v: number, vector: Float32Array): void {
    this.#vectors[v] = vector;
    const even = this.#even.vector(v);
    const odd = this.#odd.vector(v);
    for (let k = 0; k < even.length; k++) {
      even[k] = vector[2 * k]!;
      odd[k] = vector[2 * k + 1]!;
    }
  }

  multiply(count: number): void {
    this.#even.multiply(count);
    this.#odd.multiply(count);
  }

  sum(v: number, row: number): number {
    const vector = this.#vectors[v]!;
    const rest = vector.length - this.#inRounds;
    let sum = fround(this.#even.sums(v)[row]! + this.#odd.sums(v)[row]!);
    for (let k = 0; k < rest; k++) sum = fround(sum + fround(this.#rest[row * rest + k]! * vector[this.#inRounds + k]!));
    return sum;
  }
}

function dotInOrder(w: Float32Array, at: number, x: Float32Array, from: number, columns: number): number {
  let sum = 0;
  for (let k = 0; k < columns; k++) sum = fround(sum + fround(w[at + k]! * x[from + k]!));
  return sum;
}

/** Eight sums side by side; of a last incomplete round, pairs of columns go to the first two, and one that is left comes last. */
function dotInEights(w: Float32Array, at: number, x: Float32Array, from: number, columns: number): number {
  const sums = new Float32Array(ROUND);
  const inRounds = columns - (columns % ROUND);
  const term = (k: number): number => fround(w[at + k]! * x[from + k]!);
  for (let k = 0; k < inRounds; k++) sums[k % ROUND]! += term(k);
  const added = (k: number): number => fround(fround(sums[k]! + sums[k + 2]!) + fround(sums[k + 4]! + sums[k + 6]!));
  let even = added(0);
  let odd = added(1);
  let k = inRounds;
  for (; k + 2 <= columns; k += 2) {
    even = fround(even + term(k));
    odd = fround(odd + term(k + 1));
  }
  const sum = fround(even + odd);
  return k < columns ? fround(sum + term(k)) : sum;
}
