import { Fourier, powerOfTwo } from './fourier';

/** Values of each signal that are looked at: a minute at 16 kHz. */
const MOST_VALUES = 2 ** 20;

/**
 * By how many values `signal` comes after `reference` (negative: before), at most `most`: where their cross-correlation is largest in
 * magnitude. Of equals the shortest; 0 where nothing correlates.
 */
export function delayOf(reference: Float32Array, signal: Float32Array, most: number): number {
  const length = Math.min(MOST_VALUES, Math.max(reference.length, signal.length));
  if (length === 0) return 0;
  const size = powerOfTwo(length + most);
  const fourier = new Fourier(size);
  const spectrumOf = (values: Float32Array): Float64Array => {
    const complex = new Float64Array(2 * size);
    for (let i = 0; i < Math.min(length, values.length); i++) complex[2 * i] = values[i]!;
    const spectrum = new Float64Array(2 * size);
    fourier.of(spectrum, complex);
    return spectrum;
  };
  const [a, b] = [spectrumOf(reference), spectrumOf(signal)];
  // conj(a) * b, whose transform back is the sum over i of reference[i] * signal[i + lag].
  const product = new Float64Array(2 * size);
  for (let k = 0; k < size; k++) {
    const [ar, ai, br, bi] = [a[2 * k]!, a[2 * k + 1]!, b[2 * k]!, b[2 * k + 1]!];
    product[2 * k] = ar * br + ai * bi;
    product[2 * k + 1] = ar * bi - ai * br;
  }
  const correlation = new Float64Array(2 * size);
  fourier.inverse(correlation, product);
  const at = (lag: number): number => Math.abs(correlation[2 * ((lag + size) % size)] ?? 0);
  let best = 0;
  // Rounding of the transforms must not move what is aligned already.
  const isMore = (lag: number) => at(lag) > at(best) * (1 + 1e-9);
  for (let lag = 1; lag <= most; lag++) for (const signed of [lag, -lag]) if (isMore(signed)) best = signed;
  return best;
}

/** The part of `signal` that stands beside `reference` when it comes `delay` values later. */
export function delayed(signal: Float32Array, delay: number): Float32Array {
  if (delay >= 0) return signal.subarray(Math.min(signal.length, delay));
  const moved = new Float32Array(signal.length - delay);
  moved.set(signal, -delay);
  return moved;
}
