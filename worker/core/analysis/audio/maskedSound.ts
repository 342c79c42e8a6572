import { Fourier } from './fourier';

/** A recording and how its frames were transformed before a model saw their magnitudes. */
export interface Recording {
  /** Reals at the rate of the frames. */
  readonly signal: Float32Array;
  /** Weights of a frame's values before its transform; as long as the window, zeros follow. */
  readonly taper: Float64Array;
  readonly hop: number;
}

/**
 * Sound of a recording whose spectrum is multiplied by a mask, frame by frame, its phase kept; frames are added, and divided by the sum
 * of their tapers.
 * @param mask frames of `bins` factors, bins - 1 a power of two
 */
export function maskedSound({ signal, taper, hop }: Recording, mask: Float32Array, bins: number): Float32Array {
  const size = 2 * (bins - 1);
  const frames = Math.floor(mask.length / bins);
  const length = frames === 0 ? 0 : (frames - 1) * hop + size;
  const sound = new Float64Array(length);
  const cover = new Float64Array(length);
  const fourier = new Fourier(size);
  const [data, spectrum, back] = [new Float64Array(2 * size), new Float64Array(2 * size), new Float64Array(2 * size)];
  for (let frame = 0; frame < frames; frame++) {
    data.fill(0);
    for (let k = 0; k < taper.length; k++) data[2 * k] = (signal[frame * hop + k] ?? 0) * taper[k]!;
    fourier.of(spectrum, data);
    for (let k = 0; k < size; k++) {
      const factor = mask[frame * bins + Math.min(k, size - k)]!;
      spectrum[2 * k]! *= factor;
      spectrum[2 * k + 1]! *= factor;
    }
    fourier.inverse(back, spectrum);
    for (let k = 0; k < size; k++) {
      sound[frame * hop + k]! += back[2 * k]!;
      cover[frame * hop + k]! += taper[k] ?? 0;
    }
  }
  // Ends that hardly a frame covers would be blown up.
  return Float32Array.from(sound, (value, at) => (cover[at]! > 1e-3 ? value / cover[at]! : 0));
}
