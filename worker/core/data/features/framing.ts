/** What audio is turned into before a model sees it. */
export const FEATURE_KINDS = ['samples', 'frames', 'stft', 'log-mel', 'mfcc'] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];

export const TAPERS = ['hann', 'hann-symmetric', 'hamming', 'none'] as const;
export const LOGARITHMS = ['ln', 'log10', 'db', 'none'] as const;
export const MEL_SCALES = ['htk', 'slaney'] as const;
export const PADDINGS = ['none', 'center', 'reflect'] as const;

/**
 * A front-end in full. Lengths are in samples at `rate`.
 * - `samples`: the whole recording; `frames`: stretches of it;
 * - `stft`: |X|^power of tapered frames; `log-mel`: triangular bands of it and a logarithm; `mfcc`: a DCT-II of those.
 */
export interface Framing {
  readonly kind: FeatureKind;
  /** Hz that a recording is resampled to; 0: it stays as it is. */
  readonly rate: number;
  readonly window: number;
  readonly hop: number;
  /** Points of the Fourier transform: zeros follow the window. */
  readonly fft: number;
  /** `hann` and `hamming` are periodic. */
  readonly taper: (typeof TAPERS)[number];
  /** 1: magnitude, 2: power. */
  readonly power: 1 | 2;
  readonly bands: number;
  /** Lower and upper end of the bands, Hz. */
  readonly low: number;
  readonly high: number;
  readonly scale: (typeof MEL_SCALES)[number];
  /**
   * Where triangles are straight: along Hz (librosa, Kaldi's and this project's samples), or along mel, as TensorFlow's; `tf-op`: so, and
   * without the bins that TensorFlow's Mfcc operator leaves out at the lower end.
   */
  readonly triangles: 'hz' | 'mel' | 'tf-op';
  /** `area`: each triangle over half its width in Hz, as librosa's `slaney`. */
  readonly norm: 'none' | 'area';
  readonly log: (typeof LOGARITHMS)[number];
  /** Least energy that the logarithm is taken of. */
  readonly floor: number;
  /** The floor is added, in place of what is lower being raised to it. */
  readonly adds: boolean;
  readonly coefficients: number;
  /** `tf`: as TensorFlow's, whose coefficient 0 is √2 times that of the orthonormal one. */
  readonly dct: 'ortho' | 'tf';
  /** y[n] = x[n] - preEmphasis * x[n - 1]; 0: none. */
  readonly preEmphasis: number;
  /** `int16`: reals of -32768..32767 in place of -1..1. */
  readonly amplitude: 'unit' | 'int16';
  /** `center`: half an FFT of zeros on both ends, as librosa; `reflect`: of the recording mirrored. */
  readonly pad: (typeof PADDINGS)[number];
  /** Frames joined to one step, and frames from one step to the next. */
  readonly stack: number;
  readonly stackHop: number;
  /** Of a recording with several: one of them (from 0), or their mean; null: such recordings are refused. */
  readonly channel: number | 'mean' | null;
  /** (x - mean) / std at the end; one number for all values of a step or one for each. Null: not. */
  readonly normalise: Normalisation | null;
}

export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Values of one frame. */
export function frameWidth({ kind, window, fft, bands, coefficients }: Framing): number {
  switch (kind) {
    case 'samples':
      return 1;
    case 'frames':
      return window;
    case 'stft':
      return fft / 2 + 1;
    case 'log-mel':
      return bands;
    case 'mfcc':
      return coefficients;
  }
}

/** Values of one step: of all frames that are joined in it. */
export function stepWidth(framing: Framing): number {
  return frameWidth(framing) * framing.stack;
}

/** Frames that so many samples give. */
export function framesOf({ window, hop, fft, pad }: Framing, samples: number): number {
  const padded = pad === 'none' ? samples : samples + 2 * Math.floor(fft / 2);
  return padded < window ? 0 : 1 + Math.floor((padded - window) / hop);
}

/** Steps that so many samples give. */
export function stepsIn(framing: Framing, samples: number): number {
  const frames = framesOf(framing, samples);
  return frames < framing.stack ? 0 : 1 + Math.floor((frames - framing.stack) / framing.stackHop);
}

/** Samples that a number of steps needs. */
export function samplesFor(framing: Framing, steps: number): number {
  const frames = (steps - 1) * framing.stackHop + framing.stack;
  return (frames - 1) * framing.hop + framing.window;
}
