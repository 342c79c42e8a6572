import { VECTORS } from './int8Matrix';
import { KernelArena, padded, ROW_GAP, type Kernels } from './kernels';

/** Rows that are packed together. */
const ROWS = 4;
/** Values that are handed to the kernel for packing at once. */
const PIECE = 16384;
/** Bytes of weights that are passed in one go; a matrix of less than this stays in the caches anyway. */
const STRETCH = 2 ** 19;

/**
 * A float32 matrix [rows, columns], zero until its rows are set, added to float32 sums as TensorFlow Lite's LSTMs do it, bit for bit: its
 * calibrator, whose ranges these sums give, runs NeonMatrixBatchVectorMultiplyAccumulate (on x86 through SSE, nothing fused):
 * four partial sums over columns 0, 4, 8 .., 1, 5, 9 .. and so on, added first to last, then to what is there; then the
 * left-over columns one by one.
 */
export class MatrixInFours {
  readonly #arena = new KernelArena();
  readonly #kernels: Kernels;
  readonly #height: number;
  /** Rows from one decision on the way to the next. */
  readonly #stretch: number;
  #isForth = false;
  /** Bytes between two vectors, and between the sums of two. */
  readonly #xStride: number;
  readonly #yStride: number;
  readonly #weights: number;
  readonly #x: number;
  readonly #sums: number;
  readonly #piece: number;
  readonly #vectorOf: readonly Float32Array[];
  readonly #sumsOf: readonly Float32Array[];

  constructor(
    readonly rows: number,
    readonly columns: number,
  ) {
    const arena = this.#arena;
    this.#height = padded(rows, ROWS);
    this.#stretch = padded(Math.ceil(STRETCH / (columns * 4)), ROWS);
    this.#xStride = padded(columns, 4) * 4 + ROW_GAP;
    this.#yStride = this.#height * 4 + ROW_GAP;
    this.#weights = arena.reserve(this.#height * columns * 4);
    this.#x = arena.reserve(VECTORS * this.#xStride);
    this.#sums = arena.reserve(VECTORS * this.#yStride);
    this.#piece = arena.reserve(Math.max(PIECE, columns) * 4);
    this.#kernels = arena.open();
    const vectors = Array.from({ length: VECTORS }, (_, v) => v);
    this.#vectorOf = vectors.map((v) => arena.float32(this.#x + v * this.#xStride, columns));
    this.#sumsOf = vectors.map((v) => arena.float32(this.#sums + v * this.#yStride, rows));
  }

  /** @param weights [any number of rows, columns], row-major, for the rows from `first` on */
  setRows(first: number, weights: Float32Array): void {
    const { columns } = this;
    const rowsAtOnce = Math.max(1, Math.floor(PIECE / columns));
    const piece = this.#arena.float32(this.#piece, rowsAtOnce * columns);
    const rows = weights.length / columns;
    for (let row = 0; row < rows; row += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - row);
      piece.set(weights.subarray(row * columns, (row + count) * columns));
      this.#kernels.packInFours(this.#piece, this.#weights, first + row, count, columns);
    }
  }

  /** Where to put vector `v`, 0 <= v < VECTORS: [columns]. */
  vector(v: number): Float32Array {
    return this.#vectorOf[v]!;
  }

  /** What the products of vector `v` are added to by the next `add`, and from then on the result: [rows]. */
  sums(v: number): Float32Array {
    return this.#sumsOf[v]!;
  }

  /**
   * Adds the products of the first `count` vectors to their sums, in one pass over the weights. Passes go to and fro: one begins
   * with the rows that the last one left in the caches.
   */
  add(count: number): void {
    const { columns } = this;
    const height = this.#height;
    const stretch = this.#stretch;
    const last = Math.ceil(height / stretch) - 1;
    this.#isForth = !this.#isForth;
    for (let k = 0; k <= last; k++) {
      const row = (this.#isForth ? k : last - k) * stretch;
      this.#kernels.addVectorsInFours(
        this.#weights + row * columns * 4,
        this.#x,
        this.#sums + row * 4,
        Math.min(stretch, height - row),
        Math.floor(columns / 4),
        columns % 4,
        count,
        this.#xStride,
        this.#yStride,
      );
    }
  }
}
