import type { FeatureKind, Framing } from './framing';

/** What is known of an input before any data: of a graph's tensor, or of an overview's. */
export interface AudioInput {
  /** -1 where the size is free. */
  readonly shape: readonly number[];
  /** Reals that its codes or its calibrated range stand for; null where unknown. */
  readonly range: readonly [low: number, high: number] | null;
  /** Takes 16-bit samples as they are. */
  readonly isInt16: boolean;
  /** Is called piece by piece, with states carried. */
  readonly isStepped?: boolean;
}

/** A front-end that fits an input, and why it was taken. */
export interface GuessedFraming {
  readonly framing: Framing;
  /** For people. */
  readonly because: string;
  /** False where models of such inputs hardly take audio. */
  readonly isPlausible: boolean;
}

const PLAIN: Framing = {
  kind: 'samples',
  rate: 16_000,
  window: 400,
  hop: 160,
  fft: 512,
  taper: 'hann',
  power: 1,
  bands: 40,
  low: 20,
  high: 4_000,
  scale: 'htk',
  triangles: 'mel',
  norm: 'none',
  log: 'ln',
  floor: 1e-6,
  adds: true,
  coefficients: 10,
  dct: 'tf',
  preEmphasis: 0,
  amplitude: 'unit',
  pad: 'none',
  stack: 1,
  stackHop: 1,
  channel: null,
  normalise: null,
};

/** Values a frame that are mostly MFCCs, or mel bands. */
const COEFFICIENTS = [10, 12, 13, 20, 26, 39];
const BANDS = [32, 40, 64, 80, 96, 128];
/** Steps of clips of one second: window and hop at 16 kHz that give them. */
const CLIPS: readonly (readonly [window: number, hop: number])[] = [
  [480, 320],
  [640, 640],
  [400, 160],
  [640, 320],
  [480, 160],
  [320, 160],
];
const SECOND = 16_000;
/** Shorter stretches of raw samples than 4 ms are hardly a model's input. */
const LEAST_RAW = 64;
/** Powers of two from here on are stretches of raw samples. */
const LEAST_BLOCK = 256;

/**
 * A front-end for an input, by its shape alone: what models of such inputs mostly take. Always to be shown as a guess.
 * @param kind what the user says that it is; null: that is guessed, too
 */
export function guessFraming(input: AudioInput, kind: FeatureKind | null = null): GuessedFraming {
  const shape = input.shape.slice(input.shape.length > 1 ? 1 : 0);
  const axes = shape.filter((size) => size !== 1);
  const width = axes.at(-1) ?? 1;
  const steps = axes.length > 1 ? (axes.at(-2) ?? -1) : 1;
  const said = `the input is ${text(input.shape)}`;
  const guess = (framing: Framing, because: string, isPlausible = true): GuessedFraming => ({
    framing: kind === null || framing.kind === kind ? framing : { ...framing, ...plainOf(kind, width, framing) },
    because: `${said}: ${because}`,
    isPlausible: isPlausible || kind !== null,
  });

  if (width === -1 && input.isStepped === true && kind === null) {
    return guess({ ...frames(576), hop: 512 }, 'taken as Silero VAD’s: 512 raw samples a call after 64 before them');
  }
  if (width === -1 || (axes.length === 0 && kind === null)) return guess(whole(), 'the whole recording');
  if (axes.length === 1 && shape.length === 1 && width === 576) return guess({ ...frames(576), hop: 512 }, '512 raw samples a call after 64 before them'); // prettier-ignore
  const isAudio =
    input.isInt16 || (input.range !== null && input.range[0] >= -1.5 && input.range[1] <= 1.5 && input.range[0] < 0);
  if (axes.length === 1 && isAudio) return guess(frames(width), `${width} raw samples a call`);
  if (isBins(width)) return guess(stft(width, steps), `${width} bins of an FFT of ${2 * (width - 1)}`);
  const clip = axes.length === 1 && shape.length === 1 ? flattened(width) : null;
  if (clip !== null) {
    const mel = { ...mfccOrMel(clip.width), ...clipFrames(clip.steps) };
    return guess(mel, `${clip.steps} frames of ${clip.width} values in one row`);
  }
  if (axes.length === 1 && shape.length === 1 && width === 640 && input.range !== null && input.range[1] > 1.5) {
    return guess(machineSounds(), '5 frames of 128 mel bands in dB');
  }
  if (COEFFICIENTS.includes(width) || BANDS.includes(width)) {
    const what = COEFFICIENTS.includes(width) ? `${width} MFCCs a frame` : `${width} mel bands a frame`;
    return guess({ ...mfccOrMel(width), ...clipFrames(steps) }, what);
  }
  if (width >= LEAST_BLOCK && Number.isInteger(Math.log2(width))) {
    const hop = input.isStepped === true && shape.length > 1 ? width / 4 : width;
    return guess({ ...frames(width), hop }, `${width} raw samples a call${hop === width ? '' : `, ${hop} of them new`}`);
  }
  const joined =
    shape.length > 1 ? [3, 4, 5, 2].find((count) => width % count === 0 && BANDS.includes(width / count)) : undefined;
  if (joined !== undefined)
    return guess(stacked(width / joined, joined), `${joined} frames of ${width / joined} mel bands a step`);
  return guess(frames(width), `${width} raw samples a ${shape.length > 1 ? 'step' : 'call'}`, width >= LEAST_RAW);
}

/** The same with another kind of features than was guessed. */
function plainOf(kind: FeatureKind, width: number, { window, hop }: Framing): Partial<Framing> {
  switch (kind) {
    case 'samples':
      return whole();
    case 'frames':
      return { kind, window: Math.max(1, width), hop: Math.max(1, width) };
    case 'stft':
      return isBins(width)
        ? stft(width, -1)
        : { kind, fft: Math.max(2, 2 * (width - 1)), window: Math.max(1, 2 * (width - 1)), hop };
    case 'log-mel':
      return { ...PLAIN, kind, bands: Math.max(1, width), window, hop };
    case 'mfcc':
      return { ...PLAIN, kind, coefficients: Math.max(1, width), bands: Math.max(40, width), window, hop };
  }
}

const isBins = (width: number): boolean => width > 16 && Number.isInteger(Math.log2(width - 1));

function whole(): Framing {
  return { ...PLAIN, kind: 'samples', rate: 0, window: 1, hop: 1, fft: 2 };
}

function frames(width: number): Framing {
  return { ...PLAIN, kind: 'frames', window: width, hop: width };
}

function stft(bins: number, steps: number): Framing {
  const fft = 2 * (bins - 1);
  const clip = steps > 1 ? clipOf(steps, fft) : null;
  const [window, hop] = clip ?? [fft, fft / 4];
  const isDenoiser = clip === null && fft === 512;
  return { ...PLAIN, kind: 'stft', fft, window, hop, taper: isDenoiser ? 'none' : 'hann' };
}

function mfccOrMel(width: number): Framing {
  return COEFFICIENTS.includes(width)
    ? { ...PLAIN, kind: 'mfcc', coefficients: width, bands: Math.max(40, width) }
    : { ...PLAIN, kind: 'log-mel', bands: width, high: width > 40 ? 8_000 : 4_000, low: width > 40 ? 0 : 20 };
}

function stacked(bands: number, stack: number): Framing {
  return {
    ...PLAIN,
    kind: 'log-mel',
    rate: 8_000,
    window: 200,
    hop: 80,
    power: 2,
    bands,
    low: 60,
    high: 4_000,
    triangles: 'hz',
    adds: false,
    stack,
    stackHop: stack,
  };
}

/** As anomaly detectors of machine sounds take them (librosa). */
function machineSounds(): Framing {
  const fft = 1_024;
  const bands = { bands: 128, low: 0, high: 8_000, scale: 'slaney', norm: 'area', triangles: 'hz' } as const;
  const inDb = { log: 'db', floor: 2.220446049250313e-16, adds: true, power: 2 } as const;
  return { ...PLAIN, kind: 'log-mel', fft, window: fft, hop: 512, ...bands, ...inDb, pad: 'reflect', stack: 5, stackHop: 1 };
}

/** Frames of a clip of one second; of anything else, frames of 25 ms every 10 ms. */
function clipFrames(steps: number): Partial<Framing> {
  const clip = steps > 1 ? clipOf(steps, Infinity) : null;
  if (clip === null) return {};
  const [window, hop] = clip;
  return { window, hop, fft: 2 ** Math.ceil(Math.log2(window)) };
}

function clipOf(steps: number, fft: number): readonly [number, number] | null {
  return CLIPS.find(([window, hop]) => window <= fft && 1 + Math.floor((SECOND - window) / hop) === steps) ?? null;
}

/** A row that is a clip of one second: 49 x 40, 49 x 10, 25 x 10 ... */
function flattened(width: number): { readonly steps: number; readonly width: number } | null {
  for (const [window, hop] of CLIPS) {
    const steps = 1 + Math.floor((SECOND - window) / hop);
    const perStep = width / steps;
    if (BANDS.includes(perStep) || COEFFICIENTS.includes(perStep)) return { steps, width: perStep };
  }
  return null;
}

function text(shape: readonly number[]): string {
  return `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`;
}
