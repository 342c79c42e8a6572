import { roundHalfAwayFromZero } from '../quantization/affine';

/**
 * Quantizes one row of reals symmetrically to int8: q = clamp(roundHalfAway(v * (127 / max|v|)), -127, 127), in float32.
 * Source: TensorFlow Lite, PortableSymmetricQuantizeFloats.
 * @param start where the row begins; it is as long as `codes`
 * @returns the row's scale max|v| / 127; 0 for a row of zeroes
 */
export function quantizeRowSymmetric(reals: Float32Array, start: number, codes: Int8Array): number {
  let largest = 0;
  for (let k = 0; k < codes.length; k++) largest = Math.max(largest, Math.abs(reals[start + k] ?? 0));
  if (largest === 0) {
    codes.fill(0);
    return 0;
  }
  const inverse = Math.fround(127 / largest);
  for (let k = 0; k < codes.length; k++) {
    const code = roundHalfAwayFromZero(Math.fround((reals[start + k] ?? 0) * inverse));
    codes[k] = code > 127 ? 127 : code < -127 ? -127 : code;
  }
  return Math.fround(largest / 127);
}
