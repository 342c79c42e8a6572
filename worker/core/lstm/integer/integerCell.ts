import { clampToInt16, roundingDivideByPOT, type MultiplyByQuantizedMultiplier } from '../../quantization/fixedPoint';
import type { QuantizedMultiplier } from '../../quantization/quantizeMultiplier';

/**
 * c = clamp16(roundingDivideByPOT(f * c, forgetShift) + roundingDivideByPOT(i * g, inputShift)).
 * Both products fit int16 after their shifts. Source: TensorFlow Lite, UpdateLstmCellInteger.
 */
export function updateCellByShift(
  f: Int16Array,
  i: Int16Array,
  g: Int16Array,
  forgetShift: number,
  inputShift: number,
  c: Int16Array,
): void {
  for (let k = 0; k < c.length; k++) {
    const kept = roundingDivideByPOT(f[k]! * c[k]!, forgetShift);
    c[k] = clampToInt16(kept + roundingDivideByPOT(i[k]! * g[k]!, inputShift));
  }
}

/** c = clamp16(clamp16(multiply(f * c)) + clamp16(multiply(i * g))). Source: TFLM, UpdateLstmCell. */
export function updateCellByMultiplier(
  f: Int16Array,
  i: Int16Array,
  g: Int16Array,
  forget: QuantizedMultiplier,
  input: QuantizedMultiplier,
  multiply: MultiplyByQuantizedMultiplier,
  c: Int16Array,
): void {
  for (let k = 0; k < c.length; k++) {
    const kept = clampToInt16(multiply(f[k]! * c[k]!, forget.multiplier, forget.shift));
    c[k] = clampToInt16(kept + clampToInt16(multiply(i[k]! * g[k]!, input.multiplier, input.shift)));
  }
}
