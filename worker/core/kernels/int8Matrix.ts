import { BLOCK_ROWS, KernelArena, padded, type Kernels } from './kernels';
import { packMatrix } from './packMatrix';

/** Vectors that one pass can hold. */
export const VECTORS = 16;

/** An int8 matrix [rows, columns] packed once, times int8 vectors; int32 dot products, exact up to 2^15 columns. */
export class Int8Matrix {
  readonly #arena = new KernelArena();
  readonly #kernels: Kernels;
  readonly #width: number;
  readonly #height: number;
  readonly #weights: number;
  readonly #narrow: number;
  readonly #wide: number;
  readonly #zeros: number;
  readonly #dots: number;
  readonly #codesOf: readonly Int8Array[];
  readonly #dotsOf: readonly Int32Array[];

  constructor(
    weights: Int8Array,
    readonly rows: number,
    readonly columns: number,
  ) {
    const height = padded(rows, BLOCK_ROWS);
    const width = padded(columns, 16);
    const arena = this.#arena;
    this.#height = height;
    this.#width = width;
    this.#weights = arena.reserve(height * width);
    this.#narrow = arena.reserve(VECTORS * width);
    this.#wide = arena.reserve(VECTORS * width * 2);
    this.#zeros = arena.reserve(height * 4);
    this.#dots = arena.reserve(VECTORS * height * 4);
    const scratch = arena.reserve(BLOCK_ROWS * width);
    this.#kernels = arena.open();
    const matrix = { values: weights, sections: 1, sectionRows: rows, columns };
    packMatrix(arena, this.#kernels, matrix, height, width, scratch, this.#weights);
    const vectors = Array.from({ length: VECTORS }, (_, v) => v);
    this.#codesOf = vectors.map((v) => arena.int8(this.#narrow + v * width, columns));
    this.#dotsOf = vectors.map((v) => arena.int32(this.#dots + v * height * 4, rows));
  }

  /** Where to put vector `v`, 0 <= v < VECTORS: [columns]. */
  codes(v: number): Int8Array {
    return this.#codesOf[v]!;
  }

  /** Multiplies the first `count` vectors; four share one pass over the weights. */
  multiply(count: number): void {
    const kernels = this.#kernels;
    const width = this.#width;
    const height = this.#height;
    kernels.widenInt8(this.#narrow, this.#wide, count * width);
    let v = 0;
    for (; v + 4 <= count; v += 4) {
      const x = this.#wide + v * width * 2;
      kernels.matrixFourVectorsInt8(this.#weights, x, this.#zeros, this.#dots + v * height * 4, height, width, height * 4);
    }
    for (; v < count; v++) {
      const x = this.#wide + v * width * 2;
      kernels.matrixVectorInt8(this.#weights, x, this.#zeros, this.#dots + v * height * 4, height, width);
    }
  }

  /** Dot products of vector `v`, valid until the next `multiply`: [rows]. */
  dots(v: number): Int32Array {
    return this.#dotsOf[v]!;
  }
}
