import { Fourier } from '../../analysis/audio/fourier';

/** Squared magnitudes of bins 0..size/2 of a real signal, written to `power`. */
export type PowerSpectrum = (frame: Float64Array, power: Float64Array) => void;

/** The FFT is of powers of two; other sizes are summed as they are defined, which is slow. */
export function powerSpectrum(size: number): PowerSpectrum {
  if (size > 1 && Number.isInteger(Math.log2(size))) return fastSpectrum(size);
  const cosines = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sines = Float64Array.from({ length: size }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  return (frame, power) => {
    for (let bin = 0; bin < power.length; bin++) {
      let real = 0;
      let imaginary = 0;
      for (let n = 0, k = 0; n < size; n++) {
        real += frame[n]! * cosines[k]!;
        imaginary -= frame[n]! * sines[k]!;
        k += bin;
        if (k >= size) k -= size;
      }
      power[bin] = real * real + imaginary * imaginary;
    }
  };
}

function fastSpectrum(size: number): PowerSpectrum {
  const fourier = new Fourier(size);
  const out = new Float64Array(2 * size);
  return (frame, power) => {
    fourier.ofReals(out, frame);
    for (let bin = 0; bin < power.length; bin++) power[bin] = out[2 * bin]! ** 2 + out[2 * bin + 1]! ** 2;
  };
}
