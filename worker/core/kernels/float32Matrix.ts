import { VECTORS } from './int8Matrix';
import { KernelArena, padded, ROW_GAP, type FloatProduct, type Kernels } from './kernels';

/**
 * How float32 sums of products are taken, to the last bit; nothing is fused, and a sum does not depend on how many vectors are
 * multiplied together.
 * `columns`: y + the products in the order of the columns.
 * `fours`: as TensorFlow Lite's LSTMs do it (NeonMatrixBatchVectorMultiplyAccumulate, on x86 through SSE): four partial sums over
 * columns 0, 4, 8 .., 1, 5, 9 .. and so on, added first to last, then to y; then the left-over columns one by one.
 */
export type SumOrder = 'columns' | 'fours';

interface OrderKernels {
  /** Rows are padded to a multiple of this. */
  readonly padding: number;
  /** Rows that are packed together. */
  readonly block: number;
  pack(kernels: Kernels, source: number, weights: number, first: number, rows: number, columns: number, height: number): void;
  add(kernels: Kernels, ...product: FloatProduct): void;
}

const ORDERS: Readonly<Record<SumOrder, OrderKernels>> = {
  columns: {
    padding: 16,
    block: 32,
    pack: (kernels, ...args) => kernels.packInOrder(...args),
    add: (kernels, ...product) => kernels.addVectorsInOrder(...product),
  },
  fours: {
    padding: 4,
    block: 4,
    pack: (kernels, source, weights, first, rows, columns) => kernels.packInFours(source, weights, first, rows, columns),
    add: (kernels, ...product) => kernels.addVectorsInFours(...product),
  },
};

/** Values that are handed to the kernel for packing at once. */
const PIECE = 16384;
/** Bytes of weights that are passed in one go; a matrix of less than this stays in the caches anyway. */
const STRETCH = 2 ** 19;

/** A float32 matrix [rows, columns], zero until its rows are set, packed for products with float32 vectors. */
export class Float32Matrix {
  readonly #arena = new KernelArena();
  readonly #kernels: Kernels;
  readonly #order: OrderKernels;
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
    order: SumOrder,
  ) {
    const arena = this.#arena;
    this.#order = ORDERS[order];
    this.#height = padded(rows, this.#order.padding);
    this.#stretch = padded(Math.ceil(STRETCH / (Math.max(1, columns) * 4)), this.#order.block);
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
      this.#order.pack(this.#kernels, this.#piece, this.#weights, first + row, count, columns, this.#height);
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

  /** The products of the first `count` vectors alone. */
  multiply(count: number): void {
    for (let v = 0; v < count; v++) this.sums(v).fill(0);
    this.add(count);
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
      this.#order.add(
        this.#kernels,
        this.#weights + row * columns * 4,
        this.#x,
        this.#sums + row * 4,
        Math.min(stretch, height - row),
        columns,
        count,
        this.#xStride,
        this.#yStride,
      );
    }
  }
}
