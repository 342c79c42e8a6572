import { VECTORS } from './int8Matrix';
import { BLOCK_ROWS, KernelArena, padded, ROW_GAP, type Kernels } from './kernels';

/** A float32 matrix [rows, columns] packed once, times float32 vectors; every sum is taken in the order of the columns. */
export class Float32Matrix {
  readonly #arena = new KernelArena();
  readonly #kernels: Kernels;
  readonly #width: number;
  readonly #height: number;
  readonly #weights: number;
  /** Bytes between two vectors, and between the sums of two. */
  readonly #xStride: number;
  readonly #yStride: number;
  readonly #x: number;
  readonly #sums: number;
  readonly #vectorOf: readonly Float32Array[];
  readonly #sumsOf: readonly Float32Array[];

  constructor(
    weights: Float32Array,
    readonly rows: number,
    readonly columns: number,
  ) {
    const height = padded(rows, BLOCK_ROWS);
    const width = padded(columns, 4);
    const arena = this.#arena;
    this.#height = height;
    this.#width = width;
    const xStride = width * 4 + ROW_GAP;
    const yStride = height * 4 + ROW_GAP;
    this.#xStride = xStride;
    this.#yStride = yStride;
    this.#weights = arena.reserve(height * width * 4);
    this.#x = arena.reserve(VECTORS * xStride);
    this.#sums = arena.reserve(VECTORS * yStride);
    const scratch = arena.reserve(BLOCK_ROWS * width * 4);
    this.#kernels = arena.open();
    this.#pack(weights, scratch);
    const vectors = Array.from({ length: VECTORS }, (_, v) => v);
    this.#vectorOf = vectors.map((v) => arena.float32(this.#x + v * xStride, columns));
    this.#sumsOf = vectors.map((v) => arena.float32(this.#sums + v * yStride, rows));
  }

  /** Where to put vector `v`, 0 <= v < VECTORS: [columns]. */
  vector(v: number): Float32Array {
    return this.#vectorOf[v]!;
  }

  /** Multiplies the first `count` vectors, all fours of them in one pass over the weights; what is left over one by one. */
  multiply(count: number): void {
    const kernels = this.#kernels;
    const width = this.#width;
    const height = this.#height;
    // Three behind others cost as much as four.
    const fours = count < 4 ? 0 : Math.floor((count + 1) / 4);
    if (fours > 0) {
      kernels.matrixFoursFloat32(this.#weights, this.#x, this.#sums, height, width, fours, this.#xStride, this.#yStride);
    }
    for (let v = fours * 4; v < count; v++) {
      const x = this.#x + v * this.#xStride;
      kernels.matrixVectorFloat32(this.#weights, x, this.#sums + v * this.#yStride, height, width);
    }
  }

  /** Products of vector `v`, valid until the next `multiply`: [rows]. */
  sums(v: number): Float32Array {
    return this.#sumsOf[v]!;
  }

  #pack(weights: Float32Array, scratch: number): void {
    const { rows, columns } = this;
    const width = this.#width;
    const block = this.#arena.float32(scratch, BLOCK_ROWS * width);
    for (let row = 0; row < this.#height; row += BLOCK_ROWS) {
      block.fill(0);
      for (let k = 0; k < BLOCK_ROWS && row + k < rows; k++) {
        block.set(weights.subarray((row + k) * columns, (row + k + 1) * columns), k * width);
      }
      this.#kernels.packFloat32(scratch, this.#weights + row * width * 4, width);
    }
  }
}
