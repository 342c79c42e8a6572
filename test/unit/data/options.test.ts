import { WaveFile } from 'wavefile';
import { describe, expect, it } from 'vitest';
import { openAudio } from '../../../worker/core/data/audio';
import type { DataOptions } from '../../../worker/core/data/dataOptions';
import { writeNpy } from '../../../worker/core/data/npy';
import { readSamples, type DataFile } from '../../../worker/core/data/readSamples';
import { guessStatePairs, type NamedPort } from '../../../worker/core/data/statePairs';
import { syntheticSamples } from '../../../worker/core/data/synthetic';
import type { Graph } from '../../../worker/core/model/model';
import { inputGraph, type InputSpec } from './inputGraph';

const npy = (name: string, shape: readonly number[]): DataFile => {
  const data = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => i);
  return { name, bytes: writeNpy({ dtype: 'float32', shape, data }) };
};
const wav = (name: string, samples: readonly number[], rate = 16000, channels = 1, depth = '16'): DataFile => {
  const wave = new WaveFile();
  const one = Float64Array.from(samples);
  wave.fromScratch(channels, rate, depth, channels === 1 ? one : Array.from({ length: channels }, () => one));
  return { name, bytes: wave.toBuffer() };
};
const ramp = (count: number) => Array.from({ length: count }, (_, i) => (i % 1000) - 500);

/** With outputs of the same names and shapes, but for a suffix. */
function streaming(inputs: readonly InputSpec[], outputs: readonly InputSpec[]): Graph {
  const graph = inputGraph([...inputs, ...outputs]);
  return { ...graph, inputs: inputs.map((_, i) => i), outputs: outputs.map((_, i) => inputs.length + i) };
}
const DTLN = streaming(
  [{ name: 'input_2', shape: [1, 1, 257] }, { name: 'input_3', shape: [1, 2, 4, 2] }],
  [{ name: 'Identity', shape: [1, 1, 257] }, { name: 'Identity_1', shape: [1, 2, 4, 2] }],
); // prettier-ignore
const SILERO = streaming(
  [{ name: 'input', shape: [-1, -1] }, { name: 'state', shape: [2, -1, 8] }, { name: 'sr', shape: [], dtype: 'int64' }],
  [{ name: 'output', shape: [-1, 1] }, { name: 'stateN', shape: [-1, -1, -1] }],
); // prettier-ignore
const read = (files: readonly DataFile[], graph: Graph, options: DataOptions = {}) => readSamples(files, graph, options);

describe('recordings', () => {
  it('become calls of a streaming model, its state from zero', () => {
    const source = read([wav('dir/a.wav', ramp(16000))], DTLN);
    expect(source).toMatchObject({ count: 1, names: ['a'] });
    expect(source.notes?.join('\n')).toMatch(/features guessed .*stft,rate=16000.*\nstepped: .*state input_3 from Identity_1 \(guessed\)/s); // prettier-ignore
    const { inputs, steps, calls } = source.get(0);
    expect([steps, calls]).toEqual([122, { count: 122, feeds: ['each', 1] }]);
    expect(inputs.map(({ shape }) => shape)).toEqual([[122, 1, 1, 257], [1, 2, 4, 2]]); // prettier-ignore
    expect(new Set(inputs[1]?.data as Float32Array)).toEqual(new Set([0]));
  });

  it('are told the sampling rate where an input asks for it, and taken in pieces', () => {
    const source = read([wav('a.wav', ramp(16000))], SILERO);
    expect(source.notes?.join('\n')).toMatch(/input sr: no data, taken as 16000/);
    const { inputs, calls } = source.get(0);
    expect(calls).toEqual({ count: 31, feeds: ['each', 1, 'same'] });
    expect(inputs.map(({ shape }) => shape)).toEqual([[31, 1, 576], [2, 1, 8], []]); // prettier-ignore
    expect(Array.from(inputs[2]!.data as Float64Array)).toEqual([16000]);
  });

  it('are cut into clips where the input takes a fixed number of steps, and filled up where they are shorter', () => {
    const clips = inputGraph([{ name: 'x', shape: [1, 4, 64] }]);
    const options: DataOptions = { features: { kind: 'frames' } };
    const source = read([wav('long.wav', ramp(64 * 9)), wav('short.wav', ramp(70))], clips, options);
    expect(source.names).toEqual(['long[0]', 'long[1]', 'short']);
    expect(source.notes?.join('\n')).toMatch(/short\.wav: shorter than one call, filled up with silence/);
    const [second, short] = [source.get(1), source.get(2)].map(({ inputs }) => inputs[0]!);
    expect(second?.shape).toEqual([1, 4, 64]);
    expect(second?.data[0]).toBe((256 - 500) / 32768);
    expect(Array.from(short!.data as Float32Array).slice(69, 72)).toEqual([(69 - 500) / 32768, 0, 0]);
  });

  it('that are long become several samples, without gaps', () => {
    const free = inputGraph([{ name: 'x', shape: [1, -1, 64] }]);
    const source = read([wav('a.wav', ramp(64 * 5000))], free, { features: { kind: 'frames' } });
    expect(source.notes?.join('\n')).toMatch(/a\.wav: cut into samples of 4096 steps/);
    expect([0, 1].map((index) => source.get(index).steps)).toEqual([4096, 904]);
    expect(source.get(1).inputs[0]!.data[0]).toBe((((4096 * 64) % 1000) - 500) / 32768);
  });

  it('are decoded in stretches, whatever their form', () => {
    for (const depth of ['8', '16', '24', '32', '32f', '64']) {
      const values = depth === '8' ? ramp(400).map((x) => (x % 100) + 128) : /f|64/.test(depth) ? ramp(400).map((x) => x / 500) : ramp(400); // prettier-ignore
      const audio = openAudio(wav('a.wav', values, 8000, 1, depth).bytes, 'a.wav');
      const whole = audio.read(0, 400, null);
      expect(audio.read(100, 110, null)).toEqual(whole.slice(100, 110));
      expect(Array.from(audio.read(-2, 2, null))).toEqual([0, 0, whole[0], whole[1]]);
      expect(Array.from(audio.read(399, 402, null))).toEqual([whole[399], 0, 0]);
    }
    const adpcm = new WaveFile();
    adpcm.fromScratch(1, 8000, '16', Int16Array.from(ramp(2000)));
    adpcm.toIMAADPCM();
    expect(
      openAudio(adpcm.toBuffer(), 'a.wav')
        .read(0, 100, null)
        .some((x) => x !== 0),
    ).toBe(true);
  });

  it('with several channels need to say which', () => {
    const stereo = wav('a.wav', ramp(1000), 16000, 2);
    const graph = inputGraph([{ name: 'x', shape: [1, -1] }]);
    expect(() => read([stereo], graph)).toThrow(/has 2 channels/);
    expect(read([stereo], graph, { features: { channel: 'mean' } }).get(0).inputs[0]?.shape).toEqual([1, 1000]);
    expect(() => read([stereo], graph, { features: { channel: 2 } })).toThrow(/no channel 2/);
  });

  it('that do not fit say what would', () => {
    expect(() => read([wav('a.wav', ramp(1000))], DTLN, { features: { kind: 'mfcc', coefficients: 13 } })).toThrow(
      /becomes 13 values a step, which input input_2, \[1, 1, 257\], does not take/,
    );
    expect(() => read([wav('a.wav', [])], DTLN)).toThrow(/holds no samples/);
    const claims = wav('a.wav', ramp(100));
    new DataView(claims.bytes.buffer, claims.bytes.byteOffset).setUint32(16, 0x7fffffff, true);
    expect(() => read([claims], DTLN)).toThrow(/has no chunk "data"|format of/);
  });
});

describe('arrays', () => {
  const image = inputGraph([{ name: 'x', shape: [1, 28, 28] }]);

  it('count samples along the first axis on request', () => {
    expect(read([npy('a.npy', [3, 28, 28])], image).count).toBe(1);
    const source = read([npy('a.npy', [3, 28, 28])], image, { samplesAxis: 0 });
    expect([source.count, source.get(2).inputs[0]?.shape, source.get(2).inputs[0]?.data[0]]).toEqual([3, [1, 28, 28], 2 * 784]);
  });

  it('are calls of a streaming model in any form that says so', () => {
    const calls = (shape: readonly number[], options: DataOptions = {}) => {
      const source = read([npy('a.npy', shape)], DTLN, options);
      return [source.count, source.get(source.count - 1).calls?.count ?? 'one'];
    };
    for (const shape of [[5, 257], [1, 5, 257], [5, 1, 257], [5, 1, 1, 257]]) expect(calls(shape)).toEqual([1, 5]); // prettier-ignore
    expect(calls([3, 5, 1, 1, 257])).toEqual([3, 5]);
    expect(() => calls([5, 256])).toThrow(/a call of input input_2 takes \[1, 1, 257\]/);
    // States are then inputs like others.
    expect(() => calls([2, 1, 1, 257], { stepped: false, statePairs: [] })).toThrow(/0 samples for input input_3/);
    expect(calls([2, 1, 1, 257], { stepped: false })).toEqual([2, 'one']);
  });

  it('may begin a stream with states of their own', () => {
    const files = [{ ...npy('x.npy', [5, 257]), input: 'input_2' }, { ...npy('s.npy', [1, 2, 4, 2]), input: 'input_3' }]; // prettier-ignore
    const { calls, inputs } = read(files, DTLN, { stepped: true }).get(0);
    expect([calls, inputs[1]?.data[3]]).toEqual([{ count: 5, feeds: ['each', 1] }, 3]);
    // Given for each sample, and nothing said: each sample is one call, as it always was.
    const both = [{ ...npy('x.npy', [4, 1, 1, 257]), input: 'input_2' }, { ...npy('s.npy', [4, 1, 2, 4, 2]), input: 'input_3' }]; // prettier-ignore
    expect(read(both, DTLN)).toMatchObject({ count: 4 });
    expect(read(both, DTLN).get(3).calls).toBeUndefined();
  });
});

describe('many files', () => {
  const graph = inputGraph([{ name: 'x', shape: [1, -1, 3] }]);
  const some = (file: DataFile): DataFile => ({ ...file, mayFail: true });

  it('leave out what cannot be read, by name, unless nothing can', () => {
    const damaged = { name: 'b.npy', bytes: new Uint8Array(20) };
    const source = read([npy('a.npy', [1, 2, 3]), damaged, npy('c.npy', [7, 7, 7, 7, 7])].map(some), graph);
    expect(source.names).toEqual(['a']);
    expect(source.notes).toEqual([
      expect.stringMatching(/^b\.npy: left out: is not an \.npy file/),
      expect.stringMatching(/^c\.npy: left out: holds \[7, 7, 7, 7, 7\].*\(limit: 3 axes/),
    ]);
    expect(() => read([some(damaged)], graph)).toThrow(/is not an \.npy file/);
    expect(() => read([npy('a.npy', [1, 2, 3]), damaged], graph)).toThrow(/is not an \.npy file/);
  });

  it('are not kept: bytes are asked for again', () => {
    let reads = 0;
    const { bytes } = npy('a.npy', [1, 2, 3]);
    const file = { name: 'a.npy', get bytes() { reads++; return bytes; } }; // prettier-ignore
    const source = read([file], graph);
    const before = reads;
    source.get(0);
    expect(reads).toBe(before + 1);
  });
});

describe('states among inputs and outputs', () => {
  const port = (name: string, shape: readonly number[], dtype = 'float32'): NamedPort => ({ name, shape, dtype });

  it.each([
    ['by place and shape', [port('input_4', [1, 1, 512]), port('input_5', [1, 2, 128, 2])], [port('Identity', [1, 1, 512]), port('Identity_1', [1, 2, 128, 2])], [[1, 1]]],
    ['by names, free shapes', [port('input', [-1, -1]), port('state', [2, -1, 128]), port('sr', [], 'int64')], [port('output', [-1, 1]), port('stateN', [-1, -1, -1])], [[1, 1]]],
    ['h and c, in any order', [port('x', [1, 512]), port('h', [2, 1, 64]), port('c', [2, 1, 64])], [port('y', [1, 1]), port('cn', [2, 1, 64]), port('hn', [2, 1, 64])], [[1, 2], [2, 1]]],
    ['a state before the data', [port('state_in', [1, 8]), port('x', [1, 4])], [port('state_out', [1, 8]), port('y', [1, 4])], [[0, 0]]],
    ['none in an encoder and decoder of one shape', [port('x', [1, 64])], [port('y', [1, 64])], []],
    ['none of another type', [port('x', [1, 4]), port('mask', [1, 8], 'bool')], [port('y', [1, 4]), port('z', [1, 8])], []],
  ] as const)('are found %s', (_, inputs, outputs, expected) => {
    expect(guessStatePairs(inputs, outputs).map(({ input, output }) => [input, output])).toEqual(expected);
  }); // prettier-ignore

  it('can be named, and only as they are called', () => {
    expect(() => read([npy('a.npy', [5, 257])], DTLN, { statePairs: [{ input: 'input_9', output: 'Identity_1' }] })).toThrow(
      /the model has no input input_9/,
    );
    expect(syntheticSamples(SILERO, { count: 1, steps: 3 }).get(0).calls).toEqual({ count: 3, feeds: ['each', 1, 'same'] });
    expect(syntheticSamples(SILERO, { count: 1, steps: 3 }, { callSize: 512 }).get(0).inputs[0]?.shape).toEqual([3, 1, 512]);
    expect(syntheticSamples(SILERO).notes).toEqual([
      'input sr: taken as 16000 (samples a second)',
      'input input: 576 values a call (guessed)',
      'stepped: 50 calls a sample, state state from stateN',
    ]);
  });
});
