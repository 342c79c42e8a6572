import { WaveFile } from 'wavefile';
import { describe, expect, it } from 'vitest';
import { audioAnswer, type AudioFrames, type NamedSignal } from '../../../../worker/core/analysis/audio/audioAnswer';
import { FrameCollector } from '../../../../worker/core/analysis/audio/frameCollector';
import { maskedSound, type Recording } from '../../../../worker/core/analysis/audio/maskedSound';
import {
  AUDIO_LIMITS,
  type AudioDetail,
  type AudioDetailRequest,
  type TrackName,
} from '../../../../worker/core/report/audioDetail';

const SIZE = 512;
const HOP = 128;
const tone = (length: number, period: number, amplitude = 0.5): Float32Array =>
  Float32Array.from({ length }, (_, k) => amplitude * Math.sin((2 * Math.PI * k) / period));
const cut = (signal: Float32Array, count: number, part = 1): Float32Array =>
  Float32Array.from({ length: count * SIZE }, (_, at) => part * (signal[Math.floor(at / SIZE) * HOP + (at % SIZE)] ?? 0));

const REQUEST: AudioDetailRequest = {
  tensor: 1,
  input: 0,
  samples: { from: 0, to: 20 },
  kind: 'frames',
  frame: SIZE,
  hop: HOP,
  overlap: 'sum',
  rate: 16_000,
  columns: 300,
  sound: null,
  reference: null,
};

function answer(
  request: Partial<AudioDetailRequest>,
  frames: AudioFrames,
  reference: NamedSignal | null = null,
  recording: Recording | null = null,
): AudioDetail {
  const work = audioAnswer({ ...REQUEST, ...request }, frames, reference, recording);
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

const names = ({ tracks }: AudioDetail): TrackName[] => tracks.map(({ name }) => name);
const track = ({ tracks }: AudioDetail, name: TrackName) => tracks.find((one) => one.name === name)!;

describe('frames of sound', () => {
  const COUNT = 20;
  const input = tone(SIZE + HOP * (COUNT - 1), 40);
  // A model that gives a quarter of every frame, as its four overlapping frames add up to the whole.
  const float = cut(input, COUNT, 0.25);
  const quantized = float.map((value, at) => value + (at % 7 === 0 ? 0.001 : 0));
  const frames: AudioFrames = { size: SIZE, input: cut(input, COUNT), float, quantized, seen: COUNT };

  it('become signals of both paths, their difference, and the input', () => {
    const detail = answer({}, frames);
    expect(names(detail)).toEqual(['input', 'float', 'quantized', 'difference']);
    expect(detail).toMatchObject({
      frames: 20,
      framesSeen: 20,
      frame: SIZE,
      length: input.length,
      exact: false,
      masks: null,
      sound: null,
    });
    // Frames of an input are copies of one signal, and are averaged: it has the amplitude that it came with.
    expect(track(detail, 'input').peak).toBeCloseTo(0.5, 3);
    expect(track(detail, 'float').peak).toBeCloseTo(0.5, 3);
    expect(track(detail, 'difference').peak).toBeLessThan(0.005);
    expect(detail.siSdrDb).toBeGreaterThan(40);
    expect(detail.siSdrDb).toBeLessThan(60);
    const { spectrogram, envelope } = track(detail, 'float');
    expect(spectrogram.rows).toBe(257);
    expect(envelope!.low.length).toBeLessThanOrEqual(300);
  });

  it('that are the same on both paths are exact, and as far apart as their distance says', () => {
    const detail = answer({ hop: SIZE, input: null }, { ...frames, input: null, quantized: float });
    expect(detail).toMatchObject({ exact: true, siSdrDb: null, length: SIZE * COUNT });
    expect(names(detail)).toEqual(['float', 'quantized', 'difference']);
    const floatOnly = answer({}, { ...frames, quantized: null });
    expect(names(floatOnly)).toEqual(['input', 'float']);
    expect(floatOnly).toMatchObject({ exact: false, siSdrDb: null });
  });

  it('are heard one at a time, what is too loud clipped and counted', () => {
    expect(answer({ sound: 'reference' }, frames).sound).toBeNull();
    const { sound, tracks } = answer(
      { sound: 'quantized', overlap: 'sum' },
      { ...frames, quantized: float.map((value) => value * 4) },
    );
    expect(sound?.track).toBe('quantized');
    const wave = new WaveFile();
    wave.fromBuffer(sound!.wav);
    expect(wave.fmt).toMatchObject({ numChannels: 1, sampleRate: 16_000, bitsPerSample: 16 });
    const samples = wave.getSamples(false, Int16Array) as unknown as Int16Array;
    expect(samples).toHaveLength(input.length);
    expect(Math.max(...samples)).toBe(32_767);
    expect(tracks.find(({ name }) => name === 'quantized')!.clipped).toBeGreaterThan(100);
  });

  it('stand beside a recording, whose delay is taken off', () => {
    // Comes 100 values earlier than what the model gives.
    const clean = Float32Array.from({ length: input.length }, (_, at) =>
      at > 900 && at < 1400 ? 0.3 * Math.sin(at * at * 0.001) : 0,
    );
    const late = Float32Array.from({ length: input.length }, (_, at) => clean[at - 100] ?? 0);
    const of = { ...frames, float: cut(late, COUNT, 0.25), quantized: cut(late, COUNT, 0.125) };
    const detail = answer({}, of, { name: 'clean.wav', signal: clean });
    expect(names(detail)).toEqual(['input', 'float', 'quantized', 'difference', 'reference']);
    expect(detail.reference).toMatchObject({ name: 'clean.wav', delay: 100 });
    // Only the ends, which fewer frames cover, differ.
    expect(detail.reference!.siSdrDb.float ?? 200).toBeGreaterThan(30);
    expect(detail.reference!.siSdrDb.input!).toBeLessThan(0);
  });
});

describe('masks over frequencies', () => {
  const BINS = 257;
  const COUNT = 12;
  const signal = tone(SIZE + HOP * (COUNT - 1), 16);
  const taper = new Float64Array(SIZE).fill(1);
  const mask = (factor: (bin: number) => number) => Float32Array.from({ length: BINS * COUNT }, (_, at) => factor(at % BINS));

  it('are shown with what they let through, in dB of the loudest input', () => {
    const input = mask((bin) => (bin === 32 ? 8 : 0.8));
    const frames = {
      size: BINS,
      input,
      float: mask(() => 0.5),
      quantized: mask((bin) => (bin === 32 ? 0.25 : 0.5)),
      seen: COUNT,
    };
    const detail = answer({ kind: 'mask', frame: BINS, sound: 'float' }, frames);
    expect(names(detail)).toEqual(['input', 'float', 'quantized', 'difference']);
    expect(detail).toMatchObject({ length: 0, sound: null });
    expect(detail.silentBecause).toMatch(/phase/);
    const at = (name: TrackName, bin: number) => track(detail, name).spectrogram.cells[bin * COUNT];
    expect(at('input', 32)).toBeCloseTo(0, 5);
    expect(at('input', 5)).toBeCloseTo(-20, 5);
    expect(at('float', 5)).toBeCloseTo(-26.02, 2);
    expect(at('quantized', 32)).toBeCloseTo(-12.04, 2);
    expect(at('difference', 5)).toBe(-120);
    expect(detail.masks?.difference?.cells[32 * COUNT]).toBe(-0.25);
    expect(detail.masks?.float?.cells[32 * COUNT]).toBe(0.5);
  });

  it('with the recording have sound: a mask of ones gives it back', () => {
    const recording = { signal, taper, hop: HOP };
    const same = maskedSound(
      recording,
      mask(() => 1),
      BINS,
    );
    same.forEach((value, at) => expect(value).toBeCloseTo(signal[at]!, 5));
    // The tone lies in bin 32 alone.
    const none = maskedSound(
      recording,
      mask((bin) => (bin === 32 ? 0 : 1)),
      BINS,
    );
    expect(Math.max(...none.map(Math.abs))).toBeLessThan(1e-5);
    const hann = Float64Array.from(taper, (_, k) => 0.5 - 0.5 * Math.cos((2 * Math.PI * k) / SIZE));
    const tapered = maskedSound(
      { ...recording, taper: hann },
      mask(() => 1),
      BINS,
    );
    for (let at = 100; at < tapered.length - 100; at++) expect(tapered[at]).toBeCloseTo(signal[at]!, 4);
    const frames = { size: BINS, input: mask(() => 1), float: mask(() => 1), quantized: mask(() => 0.5), seen: COUNT };
    const detail = answer({ kind: 'mask', frame: BINS, sound: 'quantized' }, frames, null, recording);
    expect(detail).toMatchObject({ length: signal.length, silentBecause: null, sound: { track: 'quantized' } });
    expect(track(detail, 'quantized').peak).toBeCloseTo(0.25, 3);
  });
});

describe('collecting frames', () => {
  const graph = {
    tensors: [{}, { quantization: { scales: Float32Array.of(0.5), zeroPoints: Float64Array.of(-2) } }],
  } as unknown as ConstructorParameters<typeof FrameCollector>[0];
  const float = { dtype: 'float32', shape: [1, 4], data: Float32Array.of(1, 2, 3, 4) } as const;
  const codes = { dtype: 'int8', shape: [1, 4], data: Int8Array.of(0, 2, 4, 6) } as const;

  it('takes copies, codes as reals', () => {
    const data = float.data.slice();
    const collector = new FrameCollector(graph, { tensor: 1, input: null, frame: 2 });
    collector.add((_, path) => (path === 'float' ? { ...float, data } : codes));
    data.fill(9);
    collector.add((_, path) => (path === 'float' ? { ...float, data } : codes));
    expect(collector.finish()).toEqual({
      size: 2,
      input: null,
      float: Float32Array.of(1, 2, 3, 4, 9, 9, 9, 9),
      quantized: Float32Array.of(1, 2, 3, 4, 1, 2, 3, 4),
      seen: 4,
    });
  });

  it('stops at whole frames below the limit, and counts on', () => {
    const large = { dtype: 'float32', shape: [1], data: new Float32Array(AUDIO_LIMITS.values - 6) } as const;
    const collector = new FrameCollector(graph, { tensor: 0, input: null, frame: 2 });
    for (const value of [large, float, float]) collector.add((_, path) => (path === 'float' ? value : undefined));
    const { float: kept, seen } = collector.finish();
    expect(kept).toHaveLength(AUDIO_LIMITS.values);
    expect(seen).toBe(AUDIO_LIMITS.values / 2 + 1);
    expect(() => collector.add(() => undefined)).toThrow('has no values');
  });
});
