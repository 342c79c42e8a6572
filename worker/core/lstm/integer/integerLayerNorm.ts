import { clampToInt16, INT32_MAX, INT32_MIN, type MultiplyByQuantizedMultiplier } from '../../quantization/fixedPoint';
import { inverseSquareRoot } from '../../quantization/inverseSquareRoot';
import type { QuantizedMultiplier } from '../../quantization/quantizeMultiplier';
import type { IntegerLayerNorm } from './integerParameters';

/** Extra factor that gives normalized values (mean 0, deviation 1) enough resolution. */
const RESOLUTION = 1024;
const RESOLUTION_SQUARED = 1048576;

/**
 * y = clamp16(coefficient * (z - mean) / deviation + bias), Q3.12, over one gate's row of n values.
 * Two hazards of the runtimes are kept: 2^20 / n is truncated, so that the variance is exact for powers of two only, and
 * r * coefficient + bias wraps in int32. Returns how often it wrapped.
 * Source: TensorFlow Lite, PortableApplyLayerNorm.
 */
export function normalizeLayer(
  { coefficients, bias, multiplier, varianceGuard }: IntegerLayerNorm,
  multiply: MultiplyByQuantizedMultiplier,
  z: Int16Array,
  y: Int16Array,
): number {
  const n = z.length;
  let sum = 0;
  let sumOfSquares = 0;
  for (let k = 0; k < n; k++) {
    const value = z[k]!;
    sum += value;
    sumOfSquares += value * value;
  }
  const { mean, inverse } = rowMoments(sum, sumOfSquares, n, varianceGuard);
  let overflows = 0;
  for (let k = 0; k < n; k++) {
    const normalized = multiply(RESOLUTION * z[k]! - mean, inverse.multiplier, inverse.shift);
    const exact = normalized * coefficients[k]! + bias[k]!;
    if (exact > INT32_MAX || exact < INT32_MIN) overflows++;
    const wrapped = exact | 0;
    const rounded = Math.trunc((wrapped + (wrapped > 0 ? 512 : -512)) / RESOLUTION);
    y[k] = clampToInt16(multiply(rounded, multiplier.multiplier, multiplier.shift));
  }
  return overflows;
}

/** Mean times 1024, and the inverse of the deviation, of n values with these sums. */
export function rowMoments(
  sum: number,
  sumOfSquares: number,
  n: number,
  varianceGuard: number,
): { readonly mean: number; readonly inverse: QuantizedMultiplier } {
  const mean = Math.trunc((sum * RESOLUTION) / n);
  const variance = Math.trunc((sumOfSquares * Math.trunc(RESOLUTION_SQUARED / n) - mean * mean) / RESOLUTION_SQUARED);
  return { mean, inverse: inverseSquareRoot(variance < 1 ? varianceGuard : variance) };
}
