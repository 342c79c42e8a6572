import type { Float32Matrix } from '../../kernels/float32Matrix';

/** Multiply-accumulates between two pauses: some milliseconds. */
const MACS_IN_ONE_GO = 1e7;

/** Variants of one cell that share their weights, and so one pass over each matrix. */
export interface VariantGroup<W, V> {
  readonly weights: W;
  readonly variants: readonly V[];
}

/** In the order of their first variants. */
export function groupedByWeights<W, V extends { readonly variant: { readonly weights: W } }>(
  variants: readonly V[],
): VariantGroup<W, V>[] {
  return [...new Set(variants.map(({ variant }) => variant.weights))].map((weights) => ({
    weights,
    variants: variants.filter(({ variant }) => variant.weights === weights),
  }));
}

/** One pass over a matrix with a vector of each variant; the sums are the matrix's. Null: the cell has no such matrix. */
export function multiplyAll<V>(
  matrix: Float32Matrix | null,
  variants: readonly V[],
  vectorOf: (variant: V) => Float64Array,
): void {
  if (matrix === null) return;
  variants.forEach((variant, v) => matrix.vector(v).set(vectorOf(variant)));
  matrix.multiply(variants.length);
}

/** Tells when it is time to let others run. */
export class PauseMeter {
  #spent = 0;

  /** @param macs spent since the last question */
  isDue(macs: number): boolean {
    this.#spent += macs;
    if (this.#spent < MACS_IN_ONE_GO) return false;
    this.#spent = 0;
    return true;
  }
}
