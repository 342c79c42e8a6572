import { BLOCK_ROWS, KernelArena, padded, ROW_GAP, type Kernels } from './kernels';
import { packingMatrix } from './packMatrix';

/** Vectors that one pass can hold. */
export const VECTORS = 16;

/** An int8 matrix [rows, columns] packed once, times int8 vectors; int32 dot products, exact up to 2^15 columns. */
export class Int8Matrix {
  readonly #arena = new KernelArena();
  readonly #kernels: Kernels;
  readonly #height: number;
  readonly #width: number;
  /** Values between two vectors of codes, and bytes between the dot products of two. */
  readonly #pitch: number;
  readonly #yStride: number;
  readonly #weights: number;
  readonly #narrow: number;
  readonly #wide: number;
  readonly #noBias: number;
  readonly #dots: number;
  readonly #scratch: number;
  readonly #codesOf: readonly Int8Array[];
  readonly #dotsOf: readonly Int32Array[];

  private constructor(
    readonly rows: number,
    readonly columns: number,
  ) {
    const height = padded(rows, BLOCK_ROWS);
    const width = padded(columns, 16);
    const arena = this.#arena;
    this.#height = height;
    this.#width = width;
    const pitch = width + ROW_GAP;
    const yStride = height * 4 + ROW_GAP;
    this.#pitch = pitch;
    this.#yStride = yStride;
    this.#weights = arena.reserve(height * width);
    this.#narrow = arena.reserve(VECTORS * pitch);
    this.#wide = arena.reserve(VECTORS * pitch * 2);
    this.#noBias = arena.reserve(height * 4);
    this.#dots = arena.reserve(VECTORS * yStride);
    this.#scratch = arena.reserve(BLOCK_ROWS * width);
    this.#kernels = arena.open();
    const vectors = Array.from({ length: VECTORS }, (_, v) => v);
    this.#codesOf = vectors.map((v) => arena.int8(this.#narrow + v * pitch, columns));
    this.#dotsOf = vectors.map((v) => arena.int32(this.#dots + v * yStride, rows));
  }

  /** Packs with pauses. */
  static *preparing(weights: Int8Array, rows: number, columns: number): Generator<void, Int8Matrix> {
    const matrix = new Int8Matrix(rows, columns);
    yield* matrix.#packing(weights);
    return matrix;
  }

  /** Where to put vector `v`, 0 <= v < VECTORS: [columns]. */
  codes(v: number): Int8Array {
    return this.#codesOf[v]!;
  }

  /** Multiplies the first `count` vectors in one pass over the weights. */
  multiply(count: number): void {
    const pitch = this.#pitch;
    this.#kernels.widenInt8(this.#narrow, this.#wide, count * pitch);
    this.#kernels.multiplyInt8(
      this.#weights,
      this.#wide,
      this.#noBias,
      this.#dots,
      this.#height,
      this.#width,
      count,
      pitch * 2,
      this.#yStride,
    );
  }

  /** Dot products of vector `v`, valid until the next `multiply`: [rows]. */
  dots(v: number): Int32Array {
    return this.#dotsOf[v]!;
  }

  #packing(values: Int8Array): Generator<void, void> {
    const matrix = { values, sections: 1, sectionRows: this.rows, columns: this.columns };
    return packingMatrix(this.#arena, this.#kernels, matrix, this.#height, this.#width, this.#scratch, this.#weights);
  }
}
