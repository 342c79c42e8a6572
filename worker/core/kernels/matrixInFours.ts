import { VECTORS } from './int8Matrix';
import { KernelArena, padded, ROW_GAP, type Kernels } from './kernels';

/** Rows that are packed together. */
const ROWS = 4;
/** Values that are handed to the kernel for packing at once. */
const PIECE = 16384;

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

  /** Adds the products of the first `count` vectors to their sums, in one pass over the weights. */
  add(count: number): void {
    const { columns } = this;
    this.#kernels.addVectorsInFours(
      this.#weights,
      this.#x,
      this.#sums,
      this.#height,
      Math.floor(columns / 4),
      columns % 4,
      count,
      this.#xStride,
      this.#yStride,
    );
  }
}
