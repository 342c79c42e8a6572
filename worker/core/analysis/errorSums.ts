import type { AnalysedArray } from './analysedArray';

/** Sums over pairs of a float value f and the value q that stands for it, in float64; e = q - f. Mergeable. */
export interface ErrorSums {
  /** Pairs of which both values are finite; others count nowhere. */
  values: number;
  /** Pairs with e != 0. */
  differing: number;
  floatSquared: number;
  quantizedSquared: number;
  product: number;
  error: number;
  errorSquared: number;
  maxAbs: number;
}

export interface ErrorFigures {
  readonly values: number;
  readonly sqnrDb: number | null;
  readonly exact: boolean;
  readonly rmse: number;
  readonly maxAbs: number;
  readonly cosine: number | null;
  readonly meanError: number;
}

export function emptyErrors(): ErrorSums {
  return {
    values: 0,
    differing: 0,
    floatSquared: 0,
    quantizedSquared: 0,
    product: 0,
    error: 0,
    errorSquared: 0,
    maxAbs: 0,
  };
}

/** Adds the pairs of two arrays; see `errorsOf`. */
export function addErrors(sums: ErrorSums, floats: Float32Array, values: AnalysedArray, scale: number, zeroPoint: number): void {
  mergeErrors(sums, errorsOf(floats, values, scale, zeroPoint));
}

/**
 * Sums over the pairs of two arrays of the same length. Each array is summed on its own before it joins a total, which keeps
 * rounding far below what a figure shows, whatever the number of samples.
 * @param scale real = float32(scale * (value - zeroPoint)) for codes; 1 and 0 for reals
 */
export function errorsOf(floats: Float32Array, values: AnalysedArray, scale: number, zeroPoint: number): ErrorSums {
  let differing = 0;
  let floatSquared = 0;
  let quantizedSquared = 0;
  let product = 0;
  let error = 0;
  let errorSquared = 0;
  let maxAbs = 0;
  for (let i = 0; i < floats.length; i++) {
    const f = floats[i]!;
    const q = Math.fround(scale * (values[i]! - zeroPoint));
    const e = q - f;
    const absolute = Math.abs(e);
    if (e !== 0) differing++;
    if (absolute > maxAbs) maxAbs = absolute;
    floatSquared += f * f;
    quantizedSquared += q * q;
    product += f * q;
    error += e;
    errorSquared += e * e;
  }
  if (!Number.isFinite(floatSquared + quantizedSquared)) return errorsOfFinitePairs(floats, values, scale, zeroPoint);
  return { values: floats.length, differing, floatSquared, quantizedSquared, product, error, errorSquared, maxAbs };
}

export function mergeErrors(into: ErrorSums, other: ErrorSums): void {
  into.values += other.values;
  into.differing += other.differing;
  into.floatSquared += other.floatSquared;
  into.quantizedSquared += other.quantizedSquared;
  into.product += other.product;
  into.error += other.error;
  into.errorSquared += other.errorSquared;
  into.maxAbs = Math.max(into.maxAbs, other.maxAbs);
}

/** Null where no pair was seen. */
export function errorFigures(sums: ErrorSums): ErrorFigures | null {
  if (sums.values === 0) return null;
  const sqnrDb = 10 * Math.log10(sums.floatSquared / sums.errorSquared);
  const norms = Math.sqrt(sums.floatSquared) * Math.sqrt(sums.quantizedSquared);
  return {
    values: sums.values,
    sqnrDb: Number.isFinite(sqnrDb) ? sqnrDb : null,
    exact: sums.differing === 0,
    rmse: Math.sqrt(sums.errorSquared / sums.values),
    maxAbs: sums.maxAbs,
    cosine: norms === 0 ? null : Math.min(1, Math.max(-1, sums.product / norms)),
    // JSON knows no -0.
    meanError: sums.error / sums.values + 0,
  };
}

function errorsOfFinitePairs(floats: Float32Array, values: AnalysedArray, scale: number, zeroPoint: number): ErrorSums {
  const sums = emptyErrors();
  const f = new Float32Array(1);
  const q = new Float32Array(1);
  for (let i = 0; i < floats.length; i++) {
    f[0] = floats[i]!;
    q[0] = scale * (values[i]! - zeroPoint);
    if (Number.isFinite(f[0]) && Number.isFinite(q[0])) addErrors(sums, f, q, 1, 0);
  }
  return sums;
}
