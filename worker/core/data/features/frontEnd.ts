import { frameWidth, framesOf, stepWidth, stepsIn, type Framing } from './framing';
import { melBands } from './mel';
import { powerSpectrum } from './spectrum';

/** Turns samples (reals of -1..1 at the framing's rate) into steps. */
export interface FrontEnd {
  /** Values of one step. */
  readonly width: number;
  /** [steps, width], row-major, computed in float64 and rounded to float32 at the end. Frames that do not fill a step are left out. */
  run(samples: Float64Array): Float32Array;
}

/** Writes one frame of samples, as long as the window, as features. */
type FrameFeatures = (frame: Float64Array, out: Float64Array) => void;

export function frontEnd(framing: Framing): FrontEnd {
  const { window, hop, stack, stackHop } = framing;
  const width = stepWidth(framing);
  const perFrame = frameWidth(framing);
  const features = frameFeatures(framing);
  const run = (given: Float64Array): Float32Array => {
    if (framing.kind === 'samples') return normalised(Float32Array.from(shaped(framing, given)), 1, framing);
    const samples = padded(framing, shaped(framing, given));
    const frames = framesOf({ ...framing, pad: 'none' }, samples.length);
    const steps = stepsIn({ ...framing, pad: 'none' }, samples.length);
    const out = new Float32Array(steps * width);
    const values = new Float64Array(perFrame);
    for (let frame = 0; frame < frames; frame++) {
      features(samples.subarray(frame * hop, frame * hop + window), values);
      // A frame stands in every step that covers it: once where steps do not overlap.
      const last = Math.min(steps - 1, Math.floor(frame / stackHop));
      for (let step = last; step >= 0 && frame - step * stackHop < stack; step--) {
        out.set(values, step * width + (frame - step * stackHop) * perFrame);
      }
    }
    return normalised(out, width, framing);
  };
  return { width, run };
}

function frameFeatures(framing: Framing): FrameFeatures {
  const { kind, window, fft, power, bands, coefficients } = framing;
  if (kind === 'samples' || kind === 'frames') return (frame, out) => out.set(frame.subarray(0, out.length));
  const taper = taperOf(framing);
  const transform = powerSpectrum(fft);
  const frame = new Float64Array(fft);
  const spectrum = new Float64Array(fft / 2 + 1);
  const spectrumOf: FrameFeatures = (samples, out) => {
    for (let n = 0; n < window; n++) frame[n] = samples[n]! * taper[n]!;
    transform(frame, out);
    if (power === 1) for (let bin = 0; bin < out.length; bin++) out[bin] = Math.sqrt(out[bin]!);
  };
  if (kind === 'stft') return spectrumOf;
  const mel = melBands(framing);
  const logarithm = logarithmOf(framing);
  const melOf: FrameFeatures = (samples, out) => {
    spectrumOf(samples, spectrum);
    mel.forEach(({ firstBin, weights }, band) => {
      let energy = 0;
      for (let k = 0; k < weights.length; k++) energy += weights[k]! * spectrum[firstBin + k]!;
      out[band] = logarithm(energy);
    });
  };
  if (kind === 'log-mel') return melOf;
  const cosines = dctRows(framing);
  const energies = new Float64Array(bands);
  return (samples, out) => {
    melOf(samples, energies);
    for (let k = 0; k < coefficients; k++) {
      let sum = 0;
      for (let band = 0; band < bands; band++) sum += cosines[k * bands + band]! * energies[band]!;
      out[k] = sum;
    }
  };
}

export function taperOf({ taper, window }: Framing): Float64Array {
  const period = taper === 'hann-symmetric' ? Math.max(1, window - 1) : window;
  const [mean, swing] = taper === 'none' ? [1, 0] : taper === 'hamming' ? [0.54, 0.46] : [0.5, 0.5];
  return Float64Array.from({ length: window }, (_, n) => mean - swing * Math.cos((2 * Math.PI * n) / period));
}

function logarithmOf({ log, floor, adds }: Framing): (energy: number) => number {
  const least = adds ? (energy: number) => energy + floor : (energy: number) => Math.max(energy, floor);
  switch (log) {
    case 'ln':
      return (energy) => Math.log(least(energy));
    case 'log10':
      return (energy) => Math.log10(least(energy));
    case 'db':
      return (energy) => 10 * Math.log10(least(energy));
    case 'none':
      return (energy) => energy;
  }
}

/** DCT-II: row k holds s cos(pi k (2 n + 1) / 2 N), s = sqrt(2 / N); row 0 over sqrt 2 where orthonormal. */
function dctRows({ bands, coefficients, dct }: Framing): Float64Array {
  const rows = new Float64Array(coefficients * bands);
  for (let k = 0; k < coefficients; k++) {
    const scale = Math.sqrt((k === 0 && dct === 'ortho' ? 1 : 2) / bands);
    for (let n = 0; n < bands; n++) rows[k * bands + n] = scale * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * bands));
  }
  return rows;
}

/** Amplitude and pre-emphasis. */
function shaped({ amplitude, preEmphasis }: Framing, samples: Float64Array): Float64Array {
  if (amplitude === 'unit' && preEmphasis === 0) return samples;
  const factor = amplitude === 'int16' ? 32768 : 1;
  return samples.map((sample, n) => factor * (n === 0 ? sample : sample - preEmphasis * samples[n - 1]!));
}

function padded({ pad, fft }: Framing, samples: Float64Array): Float64Array {
  if (pad === 'none') return samples;
  const half = Math.floor(fft / 2);
  const out = new Float64Array(samples.length + 2 * half);
  out.set(samples, half);
  const last = samples.length - 1;
  if (pad === 'reflect' && last > 0) {
    const mirrored = (n: number) => {
      const turn = Math.abs(n) % (2 * last);
      return samples[turn > last ? 2 * last - turn : turn]!;
    };
    for (let n = 1; n <= half; n++) {
      out[half - n] = mirrored(n);
      out[half + last + n] = mirrored(last + n);
    }
  }
  return out;
}

function normalised(values: Float32Array, width: number, { normalise: by }: Framing): Float32Array {
  if (by === null) return values;
  const { mean, std } = by;
  for (let i = 0; i < values.length; i++) {
    const k = i % width;
    values[i] = (values[i]! - mean[mean.length === 1 ? 0 : k]!) / std[std.length === 1 ? 0 : k]!;
  }
  return values;
}
