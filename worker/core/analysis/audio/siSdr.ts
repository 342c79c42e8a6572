/**
 * Scale-invariant signal-to-distortion ratio in dB: with a = <estimate, reference> / |reference|^2 it is
 * 10 log10(|a reference|^2 / |a reference - estimate|^2). Means are not taken off. Null where it is not finite: no signal on one side, or
 * no distortion at all. Source: Le Roux et al., "SDR - half-baked or well done?", arXiv 1811.02508, equation 3.
 * @param estimate may be longer or shorter: what both have is compared
 */
export function siSdr(reference: Float32Array, estimate: Float32Array): number | null {
  const length = Math.min(reference.length, estimate.length);
  let [product, power] = [0, 0];
  for (let i = 0; i < length; i++) {
    product += reference[i]! * estimate[i]!;
    power += reference[i]! ** 2;
  }
  const scale = product / power;
  let distortion = 0;
  for (let i = 0; i < length; i++) distortion += (scale * reference[i]! - estimate[i]!) ** 2;
  const ratio = 10 * Math.log10((scale ** 2 * power) / distortion);
  return Number.isFinite(ratio) ? ratio : null;
}

/**
 * The same from the cosine of the angle between both, which is all that it depends on. A distortion too small for the cosine to show
 * (above some 150 dB) is null.
 */
export function siSdrOfCosine(cosine: number): number | null {
  const ratio = 10 * Math.log10(cosine ** 2 / (1 - cosine ** 2));
  return Number.isFinite(ratio) ? ratio : null;
}
