import { BLOCK_ROWS, KernelArena, padded, type Kernels } from './kernels';
import { multiplyInt8, type Int8Product } from './multiplyInt8';
import { packMatrix } from './packMatrix';

/** Vectors that one pass can hold. */
export const VECTORS = 16;

/** An int8 matrix [rows, columns] packed once, times int8 vectors; int32 dot products, exact up to 2^15 columns. */
export class Int8Matrix {
  readonly #arena = new KernelArena();
  readonly #kernels: Kernels;
  readonly #narrow: number;
  readonly #product: Int8Product;
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
    this.#narrow = arena.reserve(VECTORS * width);
    this.#product = {
      weights: arena.reserve(height * width),
      x: arena.reserve(VECTORS * width * 2),
      bias: arena.reserve(height * 4), // stays zero
      y: arena.reserve(VECTORS * height * 4),
      rows: height,
      columns: width,
    };
    const scratch = arena.reserve(BLOCK_ROWS * width);
    this.#kernels = arena.open();
    const matrix = { values: weights, sections: 1, sectionRows: rows, columns };
    packMatrix(arena, this.#kernels, matrix, height, width, scratch, this.#product.weights);
    const vectors = Array.from({ length: VECTORS }, (_, v) => v);
    this.#codesOf = vectors.map((v) => arena.int8(this.#narrow + v * width, columns));
    this.#dotsOf = vectors.map((v) => arena.int32(this.#product.y + v * height * 4, rows));
  }

  /** Where to put vector `v`, 0 <= v < VECTORS: [columns]. */
  codes(v: number): Int8Array {
    return this.#codesOf[v]!;
  }

  /** Multiplies the first `count` vectors; four share one pass over the weights. */
  multiply(count: number): void {
    this.#kernels.widenInt8(this.#narrow, this.#product.x, count * this.#product.columns);
    multiplyInt8(this.#kernels, this.#product, count);
  }

  /** Dot products of vector `v`, valid until the next `multiply`: [rows]. */
  dots(v: number): Int32Array {
    return this.#dotsOf[v]!;
  }
}
