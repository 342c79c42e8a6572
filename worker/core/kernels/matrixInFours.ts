import { VECTORS } from './int8Matrix';
import { BLOCK_ROWS, KernelArena, padded, type Kernels } from './kernels';

/**
 * A float32 matrix [rows, columns] packed once, added to float32 sums as TensorFlow Lite's LSTMs do it, bit for bit: its
 * calibrator, whose ranges these sums give, runs NeonMatrixBatchVectorMultiplyAccumulate (on x86 through SSE, nothing fused):
 * four partial sums over columns 0, 4, 8 .., 1, 5, 9 .. and so on, added first to last, then to what is there; then the
 * left-over columns one by one.
 */
export class MatrixInFours {
  readonly #arena = new KernelArena();
  readonly #kernels: Kernels;
  readonly #four: number;
  readonly #rest: number;
  readonly #height: number;
  /** Bytes between two vectors, and between the sums of two. */
  readonly #xStride: number;
  readonly #weights: number;
  readonly #x: number;
  readonly #sums: number;
  readonly #vectorOf: readonly Float32Array[];
  readonly #sumsOf: readonly Float32Array[];

  constructor(
    weights: Float32Array,
    readonly rows: number,
    readonly columns: number,
  ) {
    const arena = this.#arena;
    this.#four = Math.floor(columns / 4);
    this.#rest = columns % 4;
    this.#height = padded(rows, BLOCK_ROWS);
    this.#xStride = padded(columns, 4) * 4;
    this.#weights = arena.reserve(this.#height * columns * 4);
    this.#x = arena.reserve(VECTORS * this.#xStride);
    this.#sums = arena.reserve(VECTORS * this.#height * 4);
    this.#kernels = arena.open();
    this.#pack(weights);
    const vectors = Array.from({ length: VECTORS }, (_, v) => v);
    this.#vectorOf = vectors.map((v) => arena.float32(this.#x + v * this.#xStride, columns));
    this.#sumsOf = vectors.map((v) => arena.float32(this.#sums + v * this.#height * 4, rows));
  }

  /** Where to put vector `v`, 0 <= v < VECTORS: [columns]. */
  vector(v: number): Float32Array {
    return this.#vectorOf[v]!;
  }

  /** What the products of vector `v` are added to by the next `add`, and from then on the result: [rows]. */
  sums(v: number): Float32Array {
    return this.#sumsOf[v]!;
  }

  /** Adds the products of the first `count` vectors to their sums; two share one pass over the weights. */
  add(count: number): void {
    const kernels = this.#kernels;
    const yStride = this.#height * 4;
    for (let v = 0; v < count; v += 2) {
      const x = this.#x + v * this.#xStride;
      const y = this.#sums + v * yStride;
      if (v + 1 === count) kernels.addVectorInFours(this.#weights, x, y, this.#height, this.#four, this.#rest);
      else kernels.addTwoVectorsInFours(this.#weights, x, y, this.#height, this.#four, this.#rest, this.#xStride, yStride);
    }
  }

  /** Blocks of 8 rows; per four columns 8 rows of 4 values, then per left-over column 8 values. Rows that are missing stay 0. */
  #pack(weights: Float32Array): void {
    const { rows, columns } = this;
    const packed = this.#arena.float32(this.#weights, this.#height * columns);
    const inFours = this.#four * 4;
    for (let row = 0; row < rows; row++) {
      const inBlock = row % BLOCK_ROWS;
      const block = (row - inBlock) * columns;
      for (let c = 0; c < inFours; c++) {
        packed[block + (c - (c % 4)) * BLOCK_ROWS + inBlock * 4 + (c % 4)] = weights[row * columns + c]!;
      }
      for (let c = inFours; c < columns; c++) packed[block + c * BLOCK_ROWS + inBlock] = weights[row * columns + c]!;
    }
  }
}
