import type { MultiplyByQuantizedMultiplier } from '../../quantization/fixedPoint';
import type { QuantizedMultiplier } from '../../quantization/quantizeMultiplier';
import type { Accumulators, Codes } from './codeArithmetic';
import type { IntegerProjection } from './integerParameters';

/** m = clamp(multiply(o * tanh(c)) + zeroPoint) to the rails of m's type. */
export function rescaleHidden(
  o: Int16Array,
  tanhC: Int16Array,
  { multiplier, shift, zeroPoint }: QuantizedMultiplier & { readonly zeroPoint: number },
  multiply: MultiplyByQuantizedMultiplier,
  clamp: (x: number) => number,
  m: Codes,
): void {
  for (let k = 0; k < m.length; k++) m[k] = clamp(multiply(o[k]! * tanhC[k]!, multiplier, shift) + zeroPoint);
}

/** h = clamp(rescale(acc) + zeroPoint) to the rails of h's type, acc the projection matmul over m with its effective bias. */
export function projectHidden(
  acc: Accumulators,
  { multiplier: { multiplier, shift }, zeroPoint }: Pick<IntegerProjection, 'multiplier' | 'zeroPoint'>,
  rescale: MultiplyByQuantizedMultiplier,
  clamp: (x: number) => number,
  h: Codes,
): void {
  for (let k = 0; k < h.length; k++) h[k] = clamp(rescale(acc[k]!, multiplier, shift) + zeroPoint);
}
