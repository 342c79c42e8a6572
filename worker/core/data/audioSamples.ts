import type { Tensor } from '../model/model';
import { elementCount } from '../run/arrays';
import type { NumericArray, Value } from '../run/value';
import { openAudio, resample, type Audio } from './audio';
import { DataFormatError } from './dataFormatError';
import { frontEnd } from './features/frontEnd';
import { samplesFor, stepsIn, stepWidth, type Framing } from './features/framing';
import type { NamedBytes } from '../formats/namedBytes';
import type { Notes } from './notes';
import type { Piece } from './piece';
import type { RecordedSound } from './sample';
import { stepLayout, type StepLayout } from './stepLayout';

/** How recordings become samples of one input. */
export interface AudioPlan {
  readonly framing: Framing;
  readonly tensor: Tensor;
  /** Axis that counts steps, where that is known. */
  readonly time: number | null;
  /** Each call has as many steps as the input takes; a recording is one sample of many calls. */
  readonly stepped: boolean;
}

/** Most of one sample, so that memory stays bounded whatever a recording's length: calls, steps, and raw samples. */
const MOST_CALLS = 65_536;
const MOST_STEPS = 4_096;
const MOST_RAW = 2 ** 24;
/** Samples that are decoded beside a stretch where it is resampled, so that its ends do not show. */
const MARGIN = 256;

/**
 * A recording as one sample, or as several where the input takes a fixed number of steps or the recording is very long. Nothing is kept
 * of it: stretches are decoded when their sample is asked for. @throws DataFormatError
 */
export function audioPieces(source: NamedBytes, name: string, plan: AudioPlan, notes: Notes): Piece[] {
  const { tensor, time, stepped } = plan;
  const { name: file } = source;
  const layout = stepLayout(tensor, stepWidth(plan.framing), time, file);
  const audio = openAudio(source.bytes, file);
  const framing = { ...plan.framing, rate: plan.framing.rate === 0 ? audio.rate : plan.framing.rate };
  if (audio.channels > 1) audio.read(0, 1, framing.channel);
  if (audio.samples === 0) throw new DataFormatError('WAV_EMPTY', file, 'holds no samples');
  if (audio.rate !== framing.rate) notes.count(`resampled to ${framing.rate} Hz (from ${audio.rate})`, file);
  const total = Math.floor((audio.samples * framing.rate) / audio.rate);
  const steps = framing.kind === 'samples' ? total : stepsIn(framing, total);
  const { perSample, count } = shares(layout, Math.max(1, steps), plan);
  const needed = count * Math.min(perSample, layout.steps ?? 1);
  if (steps < needed) notes.count('shorter than one call, filled up with silence', file);
  else if (count > 1 && layout.steps === null)
    notes.count(`cut into samples of ${perSample} steps: states begin anew in each unless they are carried over`, file);
  return Array.from({ length: count }, (_, index) => {
    const first = index * perSample;
    const length = Math.min(perSample, Math.max(steps, needed) - first);
    return {
      name: count === 1 ? name : `${name}[${index}]`,
      isCalls: stepped,
      load: () => {
        const again = openAudio(source.bytes, file);
        const values = features(again, framing, first, length, count > 1, total);
        return asValue(values, layout, plan, length);
      },
      ...(isFrameByFrame(framing) ? { recording: () => recordedSound(source, framing, first, length) } : {}),
    };
  });
}

/** Each step is the spectrum of one frame of the recording itself. */
function isFrameByFrame({ kind, pad, stack, preEmphasis }: Framing): boolean {
  return kind === 'stft' && pad === 'none' && stack === 1 && preEmphasis === 0;
}

function recordedSound({ bytes, name }: NamedBytes, framing: Framing, first: number, length: number): RecordedSound {
  const from = first * framing.stackHop * framing.hop;
  return { framing, signal: stretch(openAudio(bytes, name), framing, from, from + samplesFor(framing, length)) };
}

/** Steps of one sample, and how many samples there are. Steps that do not fill a call are left out, but for a single one. */
function shares(layout: StepLayout, steps: number, { stepped, framing }: AudioPlan): { perSample: number; count: number } {
  const perCall = layout.steps ?? 1;
  if (stepped) {
    const calls = Math.max(1, Math.floor(steps / perCall));
    const perSample = Math.min(calls, MOST_CALLS) * perCall;
    return { perSample, count: Math.ceil((calls * perCall) / perSample) };
  }
  if (layout.steps !== null) return { perSample: perCall, count: Math.max(1, Math.floor(steps / perCall)) };
  const perSample = Math.min(steps, framing.kind === 'samples' ? MOST_RAW : MOST_STEPS);
  return { perSample, count: Math.ceil(steps / perSample) };
}

/** Steps `first` and on, [length, width]. */
function features(audio: Audio, framing: Framing, first: number, length: number, isCut: boolean, total: number): Float32Array {
  if (framing.kind === 'samples') return frontEnd(framing).run(stretch(audio, framing, first, first + length));
  const width = stepWidth(framing);
  const half = framing.pad === 'none' ? 0 : Math.floor(framing.fft / 2);
  const from = first * framing.stackHop * framing.hop - half;
  const needed = samplesFor(framing, length);
  // A piece of a long recording has its neighbours where the whole one has padding.
  const values =
    isCut || stepsIn(framing, total) < length
      ? frontEnd({ ...framing, pad: 'none' }).run(stretch(audio, framing, from, from + needed))
      : frontEnd(framing).run(stretch(audio, framing, 0, total));
  return values.length > length * width ? values.subarray(0, length * width) : values;
}

/** Samples `from` up to `end` at the framing's rate; beyond the recording 0. */
function stretch(audio: Audio, { rate, channel }: Framing, from: number, end: number): Float64Array {
  if (audio.rate === rate) return audio.read(from, end, channel);
  const divisor = greatestDivisor(audio.rate, rate);
  const [down, up] = [audio.rate / divisor, rate / divisor];
  // Whole groups: `down` samples of the recording are `up` of the result.
  const firstGroup = Math.max(0, Math.floor((from - MARGIN) / up));
  const endGroup = Math.max(firstGroup + 1, Math.ceil((end + MARGIN) / up));
  const lastSample = Math.min(audio.samples, endGroup * down);
  const resampled = resample(audio.read(firstGroup * down, Math.max(firstGroup * down, lastSample), channel), audio.rate, rate);
  const out = new Float64Array(end - from);
  const offset = firstGroup * up - from;
  const skipped = Math.max(0, -offset);
  const usable = resampled.subarray(skipped, skipped + out.length - Math.max(0, offset));
  out.set(usable, Math.max(0, offset));
  return out;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function asValue(values: Float32Array, layout: StepLayout, { tensor, stepped, framing }: AudioPlan, length: number): Value {
  const perCall = layout.steps ?? (stepped ? 1 : length);
  const calls = stepped ? length / perCall : 1;
  const shape = layout.shape(perCall);
  const ordered = layout.isTransposed ? transposed(values, calls, perCall, elementCount(shape) / perCall) : values;
  const takesCodes =
    tensor.dtype === 'int16' && tensor.quantization === null && (framing.kind === 'samples' || framing.kind === 'frames');
  const data: NumericArray = takesCodes ? toInt16(ordered, framing) : ordered;
  return { dtype: takesCodes ? 'int16' : 'float32', shape: stepped ? [calls, ...shape] : shape, data };
}

/** [calls, steps, width] to [calls, width, steps]. */
function transposed(values: Float32Array, calls: number, steps: number, width: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let call = 0; call < calls; call++) {
    const base = call * steps * width;
    for (let step = 0; step < steps; step++) {
      for (let k = 0; k < width; k++) out[base + k * steps + step] = values[base + step * width + k]!;
    }
  }
  return out;
}

function toInt16(values: Float32Array, { amplitude }: Framing): Int16Array {
  const factor = amplitude === 'int16' ? 1 : 32768;
  return Int16Array.from(values, (value) => Math.max(-32768, Math.min(32767, Math.round(value * factor))));
}
