import {
  clampToInt16,
  clampToInt8,
  roundingDivideByPOT,
  type MultiplyByQuantizedMultiplier,
} from '../../quantization/fixedPoint';
import type { QuantizedMultiplier } from '../../quantization/quantizeMultiplier';

/** rh = clamp8(roundingDivideByPOT(r * (h - zeroPoint), 15) + zeroPoint): r * h in the format of h. */
export function resetHidden(r: Int16Array, h: Int8Array, zeroPoint: number, rh: Int8Array): void {
  for (let k = 0; k < h.length; k++) {
    rh[k] = clampToInt8(roundingDivideByPOT(r[k]! * (h[k]! - zeroPoint), 15) + zeroPoint);
  }
}

/** product = roundingDivideByPOT(r * value, 15), sum = clamp16(x + product): r * value in the format of value, Q3.12. */
export function addReset(r: Int16Array, value: Int16Array, x: Int16Array, product: Int16Array, sum: Int16Array): void {
  for (let k = 0; k < sum.length; k++) {
    const reset = roundingDivideByPOT(r[k]! * value[k]!, 15);
    product[k] = reset;
    sum[k] = clampToInt16(x[k]! + reset);
  }
}

/** What `mixHidden` needs. */
export interface HiddenFormat {
  readonly zeroPoint: number;
  readonly toQ15: QuantizedMultiplier;
  readonly fromQ30: QuantizedMultiplier;
}

/**
 * h = clamp8(multiply(z * q + (32768 - z) * n, fromQ30) + zeroPoint), with q = clamp16(multiply(h - zeroPoint, toQ15)) what h is in Q0.15.
 * The sum is Q0.30 and at most 2^30: int32 holds it, and there is one rounding between it and h.
 */
export function mixHidden(
  z: Int16Array,
  n: Int16Array,
  { zeroPoint, toQ15, fromQ30 }: HiddenFormat,
  multiply: MultiplyByQuantizedMultiplier,
  h: Int8Array,
): void {
  for (let k = 0; k < h.length; k++) {
    const before = clampToInt16(multiply(h[k]! - zeroPoint, toQ15.multiplier, toQ15.shift));
    const mixed = z[k]! * before + (32768 - z[k]!) * n[k]!;
    h[k] = clampToInt8(multiply(mixed, fromQ30.multiplier, fromQ30.shift) + zeroPoint);
  }
}
