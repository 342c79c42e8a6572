import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAudio, resample } from '../../../worker/core/data/audio';
import { DataFormatError } from '../../../worker/core/data/dataFormatError';
import { framingLine, readNormalisation, readSettingsJson, readSettingsLine, resolveFraming, type FeatureSettings } from '../../../worker/core/data/features/fields'; // prettier-ignore
import { samplesFor, stepsIn, type Framing } from '../../../worker/core/data/features/framing';
import { frontEnd } from '../../../worker/core/data/features/frontEnd';
import { guessFraming } from '../../../worker/core/data/features/guessFraming';
import { readNpy } from '../../../worker/core/data/npy';
import { openNpz } from '../../../worker/core/data/npz';
import { describeShared } from '../../shared';

const guess = (shape: readonly number[], kind: Framing['kind'] | null = null) =>
  guessFraming({ shape, range: null, isInt16: false }, kind).framing;
const framing = (settings: FeatureSettings, shape: readonly number[] = [1, -1, 40]) =>
  resolveFraming((kind) => guess(shape, kind), settings, null);

const noise = (count: number): Float64Array => {
  let state = 7;
  return Float64Array.from({ length: count }, () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5);
};

/** |X|^2 as the definition has it. */
function dft(frame: readonly number[], size: number): number[] {
  return Array.from({ length: size / 2 + 1 }, (_, bin) => {
    let [re, im] = [0, 0];
    frame.forEach((x, n) => {
      re += x * Math.cos((2 * Math.PI * bin * n) / size);
      im -= x * Math.sin((2 * Math.PI * bin * n) / size);
    });
    return re * re + im * im;
  });
}

const expectClose = (actual: ArrayLike<number>, expected: readonly number[], relative = 1e-6) => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(value))),
  );
};

describe('features against their definitions', () => {
  it.each([64, 60])('take magnitudes and powers of an FFT of %i points', (fft) => {
    const x = noise(130);
    const hann = Array.from({ length: 50 }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / 50));
    const frames = [0, 40, 80].map((start) =>
      dft(
        hann.map((w, n) => w * x[start + n]!),
        fft,
      ),
    );
    const stft = framing({ kind: 'stft', window: 50, hop: 40, fft, taper: 'hann' });
    expectClose(frontEnd(stft).run(x), frames.flat().map(Math.sqrt));
    expectClose(frontEnd({ ...stft, power: 2 }).run(x), frames.flat());
  });

  it('take MFCCs as TensorFlow’s: sums of triangles in mel, logarithms, and a DCT', () => {
    const x = noise(512);
    const mfcc = framing({ kind: 'mfcc', rate: 16000, window: 512, hop: 512, fft: 512, taper: 'none', bands: 20, low: 80, high: 7600, coefficients: 13, 'floor-by': 'add', floor: 1e-6 }, [1, 49, 13]); // prettier-ignore
    const mel = (hz: number) => 1127 * Math.log(1 + hz / 700);
    const step = (mel(7600) - mel(80)) / 21;
    const magnitudes = dft([...x], 512).map(Math.sqrt);
    const logs = Array.from({ length: 20 }, (_, band) => {
      const centre = mel(80) + step * (band + 1);
      const energy = magnitudes.reduce((sum, m, bin) => sum + m * Math.max(0, 1 - Math.abs(mel(bin * 31.25) - centre) / step), 0);
      return Math.log(energy + 1e-6);
    });
    const dct = Array.from({ length: 13 }, (_, k) => Math.sqrt(2 / 20) * logs.reduce((sum, e, n) => sum + e * Math.cos((Math.PI * k * (n + 0.5)) / 20), 0)); // prettier-ignore
    expectClose(frontEnd(mfcc).run(x), dct, 1e-5);
    const ortho = frontEnd({ ...mfcc, dct: 'ortho' }).run(x);
    expectClose(ortho, [dct[0]! / Math.SQRT2, ...dct.slice(1)], 1e-5);
  });

  it('take bands of Slaney’s scale with equal areas, in dB', () => {
    const x = noise(1024);
    const settings = { kind: 'log-mel', rate: 16000, window: 1024, hop: 1024, fft: 1024, power: 2, bands: 8, low: 0, high: 8000, scale: 'slaney', norm: 'area', triangles: 'hz', log: 'db', floor: 1e-10, 'floor-by': 'max', taper: 'none' }; // prettier-ignore
    // librosa.mel_frequencies(10, fmin=0, fmax=8000)
    const toHz = (mel: number) => (mel < 15 ? (mel * 200) / 3 : 1000 * 6.4 ** ((mel - 15) / 27));
    const top = 15 + (27 * Math.log(8)) / Math.log(6.4);
    const corners = Array.from({ length: 10 }, (_, k) => toHz((top * k) / 9));
    const power = dft([...x], 1024);
    const expected = Array.from({ length: 8 }, (_, band) => {
      const [a, b, c] = corners.slice(band, band + 3) as [number, number, number];
      const energy = power.reduce((sum, p, bin) => {
        const f = bin * 15.625;
        return sum + (p * Math.max(0, Math.min((f - a) / (b - a), (c - f) / (c - b))) * 2) / (c - a);
      }, 0);
      return 10 * Math.log10(Math.max(energy, 1e-10));
    });
    expectClose(frontEnd(framing(settings)).run(x), expected, 1e-5);
  });

  it('stack frames, emphasise, normalise and pad', () => {
    const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
    const frames = framing({ kind: 'frames', window: 2, hop: 1, stack: 3, 'stack-hop': 2 });
    expect([...frontEnd(frames).run(x)]).toEqual([1, 2, 2, 3, 3, 4, 3, 4, 4, 5, 5, 6]);
    const emphasised = framing({ kind: 'frames', window: 7, hop: 7, 'pre-emphasis': 0.5 });
    expect([...frontEnd(emphasised).run(x)]).toEqual([1, 1.5, 2, 2.5, 3, 3.5, 4]);
    const normalised = { ...framing({ kind: 'frames', window: 2, hop: 2 }), normalise: { mean: [1, 2], std: [2, 4] } };
    expect([...frontEnd(normalised).run(x)]).toEqual([0, 0, 1, 0.5, 2, 1]);
    const padded = { ...frames, stack: 1, stackHop: 1, fft: 4, window: 2, hop: 2 };
    expect([...frontEnd({ ...padded, pad: 'center' }).run(x)]).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 0]);
    expect([...frontEnd({ ...padded, pad: 'reflect' }).run(x)]).toEqual([3, 2, 1, 2, 3, 4, 5, 6, 7, 6]);
  });

  it('count steps and the samples they need alike', () => {
    const log = framing({ kind: 'log-mel', window: 200, hop: 80, stack: 3, rate: 8000, high: 4000 });
    for (const steps of [1, 2, 77]) expect(stepsIn(log, samplesFor(log, steps))).toBe(steps);
    expect(stepsIn(log, samplesFor(log, 5) - 1)).toBe(4);
  });
});

describe('settings', () => {
  it('are written as they are read', () => {
    for (const shape of [
      [1, 1, 257],
      [1, 49, 10],
      [1, 1960],
      [1, -1, 120],
    ]) {
      // prettier-ignore
      const one = guess(shape);
      const again = resolveFraming((kind) => guess([1, 1, 40], kind), readSettingsLine(framingLine(one)), null);
      expect(framingLine(again)).toBe(framingLine(one));
    }
    const { settings, normalise } = readSettingsJson({ kind: 'log-mel', window: '25ms', hop: '10ms', mean: [0], std: [2] });
    expect(framing(settings)).toMatchObject({ window: 400, hop: 160, fft: 512 });
    expect(normalise).toEqual({ mean: [0], std: [2] });
    expect(readNormalisation({ mean: 1, variance: [4] })).toEqual({ mean: [1], std: [2] });
  });

  it('are refused by name', () => {
    const refused = (settings: FeatureSettings) => () => framing(settings);
    expect(refused({ kind: 'wavelet' })).toThrow(/asks for "wavelet"/);
    expect(refused({ kind: 'stft', windw: 3 })).toThrow(/no setting "windw"/);
    expect(refused({ kind: 'stft', window: 512, fft: 256 })).toThrow(/FFT of 256 points for a window of 512/);
    expect(refused({ kind: 'log-mel', low: 5000, high: 4000 })).toThrow(DataFormatError);
    expect(refused({ kind: 'mfcc', coefficients: 50 })).toThrow(/50 coefficients of 40 bands/);
    expect(refused({ kind: 'stft', fft: 2 ** 30 })).toThrow(/fft is "1073741824"/);
    expect(() => resolveFraming(() => guess([1, 1, 257]), {}, { mean: [1, 2], std: [1, 2] })).toThrow(/mean or std of 2 numbers/);
    expect(() => readNormalisation({ mean: [1], std: [0] })).toThrow(/not above 0/);
    expect(() => readSettingsLine('stft,window')).toThrow(/says "window"/);
  });

  it('are guessed from what the input takes', () => {
    expect(guess([1, 1, 257])).toMatchObject({ kind: 'stft', fft: 512, window: 512, hop: 128 });
    expect(guess([1, 49, 257])).toMatchObject({ kind: 'stft', window: 480, hop: 320 });
    expect(guess([1, 49, 10])).toMatchObject({ kind: 'mfcc', coefficients: 10, bands: 40, window: 480, hop: 320 });
    expect(guess([1, 250])).toMatchObject({ kind: 'mfcc', coefficients: 10, window: 640, hop: 640 });
    expect(guess([1, 512])).toMatchObject({ kind: 'frames', window: 512, hop: 512 });
    expect(guessFraming({ shape: [1, 1, 512], range: null, isInt16: false, isStepped: true }).framing).toMatchObject({ kind: 'frames', window: 512, hop: 128 }); // prettier-ignore
    expect(guessFraming({ shape: [-1, -1], range: null, isInt16: false, isStepped: true }).framing).toMatchObject({ kind: 'frames', window: 576, hop: 512 }); // prettier-ignore
    expect(guess([1, -1, 120])).toMatchObject({ kind: 'log-mel', bands: 40, stack: 3 });
    expect(guess([1, -1])).toMatchObject({ kind: 'samples', rate: 0 });
    expect(guessFraming({ shape: [-1, 640], range: [-85, 15], isInt16: false }).framing).toMatchObject({ bands: 128, stack: 5, log: 'db' }); // prettier-ignore
    expect(guessFraming({ shape: [1, -1, 3], range: null, isInt16: false }).isPlausible).toBe(false);
  });
});

describe('the project’s own front-end', () => {
  const samples = resolve(import.meta.dirname, '../../../samples');
  const norm = readNormalisation(JSON.parse(readFileSync(join(samples, 'norm.json'), 'utf8')));
  const own = resolveFraming(() => guess([1, -1, 120]), {}, norm);

  it('is what is guessed: the samples’ recordings become their inputs, which were rounded to half floats', () => {
    for (const name of ['utterance-1', 'utterance-5', 'utterance-8']) {
      const audio = openAudio(readFileSync(join(samples, `audio/${name}.wav`)), name);
      const expected = readNpy(readFileSync(join(samples, `inputs/${name}.npy`)), name);
      const actual = frontEnd(own).run(audio.read(0, audio.samples, null));
      expectClose(actual, Array.from(expected.data as Float32Array), 2 ** -11 + 1e-6);
    }
  });

  describeShared('over connected digits', (shared) => {
    const folder = join(shared, 'data/speech-digits');
    const arrays = (file: string) =>
      new Map(openNpz(readFileSync(join(folder, file)), file).map((array) => [array.key, array.load()]));

    it('becomes the features of the recordings', () => {
      const labels = JSON.parse(readFileSync(join(folder, 'wav/labels.json'), 'utf8')) as Record<string, { key: string }>;
      const statistics = arrays('norm.npz');
      const numbers = (key: string) => Array.from(statistics.get(key)?.data as Float32Array);
      const front = frontEnd({ ...own, normalise: { mean: numbers('mean'), std: numbers('std') } });
      const features = arrays('features/short.npz');
      for (const [file, { key }] of Object.entries(labels)) {
        const audio = openAudio(readFileSync(join(folder, 'wav', file)), file);
        expectClose(front.run(audio.read(0, audio.samples, null)), Array.from(features.get(key)?.data as Float32Array), 2 ** -11 + 1e-6); // prettier-ignore
      }
    });
  });
});

describe('resampling', () => {
  it('keeps a tone', () => {
    const tone = Float64Array.from({ length: 4410 }, (_, n) => Math.sin((2 * Math.PI * 441 * n) / 44100));
    const out = resample(tone, 44100, 16000);
    expect(out.length).toBe(1600);
    const energy = out.slice(400, 1200).reduce((sum, x) => sum + x * x, 0) / 800;
    expect(energy).toBeCloseTo(0.5, 1);
    expect(resample(tone, 16000, 16000)).toBe(tone);
  });
});
