import { TRACKS, type AudioDetail, type AudioDetailRequest, type AudioTrack, type TrackName } from '../../report/audioDetail';
import { delayed, delayOf } from './delay';
import { envelopeOf, loudnessOf } from './envelope';
import { maskedSound, type Recording } from './maskedSound';
import { overlapAdd } from './overlapAdd';
import { siSdr } from './siSdr';
import { frameGrid, inDecibels, spectrogram, type Grid } from './spectrogram';
import { wavBytes } from './wavBytes';

/** Frames of one tensor on both paths, and of the input beside it, as reals. */
export interface AudioFrames {
  readonly size: number;
  readonly input: Float32Array | null;
  readonly float: Float32Array | null;
  readonly quantized: Float32Array | null;
  /** Frames that the samples hold; those beyond the limit are not in the arrays. */
  readonly seen: number;
}

export interface NamedSignal {
  readonly name: string;
  /** At the rate of the request. */
  readonly signal: Float32Array;
}

/** Values of a window of a spectrogram: some 30 ms. */
const WINDOW_SECONDS = 0.032;
/** A window's power of two. */
const WINDOWS = [128, 4_096] as const;
/** A model that looks ahead is late by a few frames at most. */
const MOST_DELAY_FRAMES = 4;

type Signals = Partial<Record<TrackName, Float32Array>>;

/** Turns frames into what is seen and heard of them, with a pause after each track. */
export function* audioAnswer(
  request: AudioDetailRequest,
  frames: AudioFrames,
  reference: NamedSignal | null,
  recording: Recording | null,
): Generator<void, AudioDetail> {
  const isMask = request.kind === 'mask';
  const sounds = isMask ? yield* maskedSounds(frames, recording) : framedSounds(request, frames);
  const figures = reference === null ? null : referenceFigures(request, sounds, reference);
  if (reference !== null && hasSound(sounds)) sounds.reference = delayed(reference.signal, -(figures?.delay ?? 0));
  const magnitudes = isMask ? maskedMagnitudes(frames) : {};
  const tracks: AudioTrack[] = [];
  for (const name of TRACKS) {
    const track = trackOf(request, name, sounds[name] ?? null, magnitudes[name] ?? null, frames.size, fullOf(magnitudes));
    if (track !== null) tracks.push(track);
    yield;
  }
  const [float, quantized] =
    isMask && !hasSound(sounds) ? [magnitudes.float, magnitudes.quantized] : [sounds.float, sounds.quantized];
  const compared = float !== undefined && quantized !== undefined;
  const sound = request.sound === null ? undefined : sounds[request.sound];
  return {
    frames: Math.floor((frames.float ?? frames.input ?? new Float32Array(0)).length / Math.max(1, frames.size)),
    framesSeen: frames.seen,
    frame: frames.size,
    length: sounds.float?.length ?? 0,
    rate: request.rate,
    tracks,
    masks: isMask ? masksOf(frames, request.columns) : null,
    siSdrDb: compared ? siSdr(float, quantized) : null,
    exact: compared && float.every((value, at) => value === quantized[at]),
    reference: figures,
    sound: request.sound === null || sound === undefined ? null : { track: request.sound, wav: wavBytes(sound, request.rate) },
    silentBecause: isMask && recording === null ? 'The phase is not part of the data: sound needs the recording that the magnitudes were made from.' : null, // prettier-ignore
  };
}

function framedSounds({ hop, overlap }: AudioDetailRequest, { size, input, float, quantized }: AudioFrames): Signals {
  const join = (frames: Float32Array | null, how: typeof overlap) =>
    frames === null ? undefined : overlapAdd(frames, size, Math.min(hop, size), how);
  const [a, b, heard] = [join(float, overlap), join(quantized, overlap), join(input, 'mean')];
  return {
    ...(heard === undefined ? {} : { input: heard }),
    ...(a === undefined ? {} : { float: a }),
    ...(b === undefined ? {} : { quantized: b }),
    ...(a === undefined || b === undefined ? {} : { difference: b.map((value, at) => value - a[at]!) }),
  };
}

function* maskedSounds({ size, float, quantized }: AudioFrames, recording: Recording | null): Generator<void, Signals> {
  if (recording === null) return {};
  const sounds: Signals = {};
  for (const [name, mask] of [
    ['float', float],
    ['quantized', quantized],
  ] as const) {
    if (mask !== null) sounds[name] = maskedSound(recording, mask, size);
    yield;
  }
  const { float: a, quantized: b } = sounds;
  if (a !== undefined) sounds.input = recording.signal.slice(0, a.length);
  if (a !== undefined && b !== undefined) sounds.difference = b.map((value, at) => value - a[at]!);
  return sounds;
}

/** What of the input's magnitudes each mask lets through. */
function maskedMagnitudes({ input, float, quantized }: AudioFrames): Signals {
  if (input === null) return {};
  const through = (mask: Float32Array) => input.map((magnitude, at) => Math.abs(magnitude) * (mask[at] ?? 0));
  return {
    input,
    ...(float === null ? {} : { float: through(float) }),
    ...(quantized === null ? {} : { quantized: through(quantized) }),
    ...(float === null || quantized === null
      ? {}
      : { difference: through(quantized.map((factor, at) => Math.abs(factor - float[at]!))) }),
  };
}

/** Magnitudes have no unit: the loudest of the input is 0 dB. */
function fullOf({ input }: Signals): number {
  return input === undefined ? 1 : loudnessOf(input).peak || 1;
}

function masksOf({ size, float, quantized }: AudioFrames, columns: number): AudioDetail['masks'] {
  const grid = (frames: Float32Array): Grid => frameGrid(frames, size, columns);
  return {
    ...(float === null ? {} : { float: grid(float) }),
    ...(quantized === null ? {} : { quantized: grid(quantized) }),
    ...(float === null || quantized === null ? {} : { difference: grid(quantized.map((value, at) => value - float[at]!)) }),
  };
}

function trackOf(
  { columns, rate }: AudioDetailRequest,
  name: TrackName,
  sound: Float32Array | null,
  magnitudes: Float32Array | null,
  size: number,
  full: number,
): AudioTrack | null {
  const values = sound ?? magnitudes;
  if (values === null) return null;
  return {
    name,
    ...loudnessOf(values),
    clipped: sound === null ? 0 : sound.reduce((count, value) => count + (Math.abs(value) > 1 ? 1 : 0), 0),
    envelope: sound === null ? null : envelopeOf(sound, columns),
    spectrogram:
      magnitudes === null ? spectrogram(values, windowOf(rate), columns) : inDecibels(frameGrid(magnitudes, size, columns), full),
  };
}

function windowOf(rate: number): number {
  const [least, most] = WINDOWS;
  return Math.max(least, Math.min(most, 2 ** Math.round(Math.log2(rate * WINDOW_SECONDS))));
}

function referenceFigures({ hop }: AudioDetailRequest, sounds: Signals, { name, signal }: NamedSignal): AudioDetail['reference'] {
  const { float } = sounds;
  if (float === undefined) return null;
  const delay = delayOf(signal, float, MOST_DELAY_FRAMES * hop);
  const against = (track: 'input' | 'float' | 'quantized') => {
    const sound = sounds[track];
    return sound === undefined ? {} : { [track]: siSdr(signal, delayed(sound, delay)) };
  };
  return { name, delay, siSdrDb: { ...against('input'), ...against('float'), ...against('quantized') } };
}

function hasSound({ float, input }: Signals): boolean {
  return float !== undefined || input !== undefined;
}
