/** A real factor as integers: real = multiplier * 2^(shift - 31). */
export interface QuantizedMultiplier {
  /** Q0.31 significand in [2^30, 2^31), or 0. */
  readonly multiplier: number;
  /** Positive = left. */
  readonly shift: number;
}

/**
 * The integer form of a real factor >= 0: significand in [0.5, 1) times 2^31, rounded to nearest (ties away from zero), and its
 * exponent. Factors below 2^-32 become 0. Relative error at most 2^-31.
 * Source: TensorFlow Lite, kernels/internal/quantization_util.cc, QuantizeMultiplier.
 * @throws RangeError when `real` is negative or not finite
 */
export function quantizeMultiplier(real: number): QuantizedMultiplier {
  if (!(real >= 0) || real === Infinity) throw new RangeError(`A multiplier must be finite and not negative, not ${real}.`);
  const { significand, exponent } = splitFloat(real);
  let multiplier = Math.round(significand * 2 ** 31);
  let shift = exponent;
  if (multiplier === 2 ** 31) {
    multiplier = 2 ** 30;
    shift += 1;
  }
  return shift < -31 ? { multiplier: 0, shift: 0 } : { multiplier, shift };
}

/** C's frexp for x >= 0: x = significand * 2^exponent with significand in [0.5, 1); 0 gives 0 and 0. Exact. */
export function splitFloat(x: number): { readonly significand: number; readonly exponent: number } {
  let significand = x;
  let exponent = 0;
  while (significand >= 1) {
    significand /= 2;
    exponent += 1;
  }
  while (significand > 0 && significand < 0.5) {
    significand *= 2;
    exponent -= 1;
  }
  return { significand, exponent };
}

/**
 * log2 of a scale that must be an exact power of two (a cell state's), else null.
 * Source: TensorFlow Lite, CheckedLog2 (which tolerates 1e-3; `tolerance` does the same).
 */
export function powerOfTwoExponent(scale: number, tolerance = 1e-3): number | null {
  if (!(scale > 0) || scale === Infinity) return null;
  const exact = Math.fround(Math.log2(scale));
  const rounded = Math.round(exact);
  return Math.abs(exact - rounded) < tolerance ? rounded : null;
}
