import { WaveFile } from 'wavefile';
import { describe, expect, it } from 'vitest';
import { DataFormatError } from '../../../worker/core/data/dataFormatError';
import { writeNpy } from '../../../worker/core/data/npy';
import { writeNpz } from '../../../worker/core/data/npz';
import { readSamples, type DataFile } from '../../../worker/core/data/readSamples';
import type { Sample } from '../../../worker/core/data/sample';
import { syntheticSamples } from '../../../worker/core/data/synthetic';
import type { Value } from '../../../worker/core/run/value';
import { inputGraph } from './inputGraph';

const features = inputGraph([{ name: 'features', shape: [1, -1, 3] }]);
const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
const counting = (shape: readonly number[]): Value => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: count(shape) }, (_, i) => i),
});
const npy = (name: string, shape: readonly number[]): DataFile => ({ name, bytes: writeNpy(counting(shape)) });
const all = (files: readonly DataFile[], graph = features): Sample[] => {
  const source = readSamples(files, graph);
  return Array.from({ length: source.count }, (_, index) => source.get(index));
};

describe('samples from arrays', () => {
  it('takes the rank of the input for one sample, one more for many, one less for a batch of 1', () => {
    expect(all([npy('a.npy', [1, 4, 3])])).toEqual([{ name: 'a', inputs: [counting([1, 4, 3])], steps: 4 }]);
    const many = all([npy('dir/b.npy', [2, 1, 2, 3])]);
    expect(many.map(({ name, steps }) => [name, steps])).toEqual([['b[0]', 2], ['b[1]', 2]]); // prettier-ignore
    expect(many[1]?.inputs).toEqual([{ dtype: 'float32', shape: [1, 2, 3], data: Float32Array.of(6, 7, 8, 9, 10, 11) }]);
    expect(all([npy('c.npy', [4, 3])])).toEqual([{ name: 'c', inputs: [counting([1, 4, 3])], steps: 4 }]);
  });

  it('counts the steps of time-major models along the first axis', () => {
    const graph = inputGraph([{ name: 'x', shape: [-1, 1, 3] }], { time_major: true });
    expect(all([npy('a.npy', [5, 1, 3])], graph)[0]?.steps).toBe(5);
    expect(all([npy('a.npy', [5, 3])], graph)[0]?.inputs[0]?.shape).toEqual([5, 1, 3]);
  });

  it('keeps the order of files and of the entries of an archive', () => {
    const npz = { name: 'set.npz', bytes: writeNpz(new Map([['u1', counting([1, 1, 3])], ['u0', counting([1, 2, 3])]])) }; // prettier-ignore
    expect(all([npz]).map(({ name, steps }) => [name, steps])).toEqual([['u1', 1], ['u0', 2]]); // prettier-ignore
    expect(all([npy('z.npy', [1, 1, 3]), npz]).map(({ name }) => name)).toEqual(['z', 'set/u1', 'set/u0']);
  });

  it('keeps the type of the file', () => {
    const codes: Value = { dtype: 'int8', shape: [1, 1, 3], data: Int8Array.of(-128, 0, 127) };
    expect(all([{ name: 'a.npy', bytes: writeNpy(codes) }])[0]?.inputs).toEqual([codes]);
  });

  it('refuses other ranks, other files and no data, saying what would do', () => {
    expect(() => all([npy('a.npy', [3])])).toThrow(/holds \[3\], but input features takes \[1, -1, 3\]/);
    expect(() => all([npy('a.npy', [1, 1, 1, 1, 3])])).toThrow(DataFormatError);
    expect(() => all([{ name: 'a.txt', bytes: new Uint8Array() }])).toThrow(/extension \.txt/);
    expect(() => all([])).toThrow(/no samples/);
    expect(() => all([npy('a.npy', [0, 1, 2, 3])])).toThrow(/no samples/);
  });
});

describe('samples of several inputs', () => {
  const graph = inputGraph([
    { name: 'frame', shape: [1, 1, 2] },
    { name: 'state', shape: [1, 4] },
  ]);

  it('feeds inputs by the name of the file or by the keys of an archive', () => {
    const byFile = all(
      [
        { ...npy('s.npy', [3, 1, 4]), input: 'state' },
        { ...npy('f.npy', [3, 1, 1, 2]), input: 'frame' },
      ],
      graph,
    );
    expect(byFile.map(({ inputs }) => inputs.map(({ shape }) => shape))).toEqual(new Array(3).fill([[1, 1, 2], [1, 4]])); // prettier-ignore
    const bytes = writeNpz(new Map([['state', counting([1, 4])], ['frame', counting([1, 1, 2])]])); // prettier-ignore
    expect(all([{ name: 'x.npz', bytes }], graph)).toEqual([
      { name: 'x', inputs: [counting([1, 1, 2]), counting([1, 4])], steps: 1 },
    ]);
  });

  it('says which input lacks samples, and which names there are', () => {
    expect(() => all([npy('f.npy', [1, 1, 2])], graph)).toThrow(/0 samples for input state and 1 for frame/);
    expect(() => all([{ ...npy('f.npy', [1, 1, 2]), input: 'nobody' }], graph)).toThrow(/is for input nobody/);
  });
});

describe('tables and audio', () => {
  it('takes the rows of a table as steps, or as samples of a model without steps', () => {
    const csv = { name: 't.csv', bytes: new TextEncoder().encode('1,2,3\n4,5,6\n') };
    expect(all([csv])).toMatchObject([{ name: 't', steps: 2, inputs: [{ shape: [1, 2, 3] }] }]);
    const rows = all([csv], inputGraph([{ name: 'x', shape: [1, 3] }]));
    expect(rows.map(({ name, inputs }) => [name, Array.from(inputs[0]?.data as Float32Array)])).toEqual([
      ['t[0]', [1, 2, 3]],
      ['t[1]', [4, 5, 6]],
    ]);
  });

  const wav = (channels: number, samples: readonly number[]): DataFile => {
    const wave = new WaveFile();
    wave.fromScratch(channels, 8000, '16', samples as number[]);
    return { name: 'a.wav', bytes: wave.toBuffer() };
  };

  it('reads mono audio for models that take it, and says so where nothing can be guessed', () => {
    const [sample] = all([wav(1, [0, 16384, -32768, 32767])], inputGraph([{ name: 'audio', shape: [1, -1] }]));
    expect(sample?.inputs[0]?.shape).toEqual([1, 4]);
    expect(Array.from(sample?.inputs[0]?.data as Float32Array)).toEqual([0, 0.5, -1, Math.fround(32767 / 32768)]);
    expect(() => all([wav(1, [0, 1])])).toThrow(/what input features, \[1, -1, 3\], takes of it cannot be guessed/);
    expect(() => all([{ name: 'a.wav', bytes: new Uint8Array(44) }], inputGraph([{ name: 'audio', shape: [1, -1] }]))).toThrow(
      /does not start with RIFF/,
    );
    const cut = wav(1, [0, 1]).bytes.slice(0, 20);
    expect(() => all([{ name: 'a.wav', bytes: cut }], inputGraph([{ name: 'audio', shape: [1, -1] }]))).toThrow(DataFormatError);
  });
});

describe('synthetic samples', () => {
  it('are the same for the same seed, inside the input range, and say what they are', () => {
    const graph = inputGraph([{ name: 'x', shape: [1, -1, 4], dtype: 'int8', scale: 0.5, zeroPoint: 28 }]);
    const source = syntheticSamples(graph, { count: 3, seed: 5, steps: 20 });
    expect(source).toMatchObject({ count: 3, synthetic: true, names: ['synthetic[0]', 'synthetic[1]', 'synthetic[2]'] });
    const [first] = [source.get(0), source.get(1)].map(({ inputs }) => Array.from(inputs[0]?.data as Float32Array));
    expect(source.get(0).steps).toBe(20);
    expect(first).toEqual(Array.from(source.get(0).inputs[0]?.data as Float32Array));
    expect(first).not.toEqual(Array.from(source.get(1).inputs[0]?.data as Float32Array));
    expect(first).not.toEqual(Array.from(syntheticSamples(graph, { seed: 6, steps: 20 }).get(0).inputs[0]?.data as Float32Array));
    // Codes -128 and 127 stand for -78 and 49.5.
    expect(Math.min(...(first ?? []))).toBeGreaterThanOrEqual(-78);
    expect(Math.max(...(first ?? []))).toBeLessThanOrEqual(49.5);
    expect(Math.max(...(first ?? []))).toBeGreaterThan(30);
  });

  it('take calibrated ranges, and whole numbers for inputs without scale', () => {
    const ranged = syntheticSamples(inputGraph([{ name: 'x', shape: [1, 100], range: [2, 3] }]));
    expect(Math.min(...(ranged.get(0).inputs[0]?.data as Float32Array))).toBeGreaterThanOrEqual(2);
    const whole = syntheticSamples(inputGraph([{ name: 'x', shape: [1, 100], dtype: 'int32' }]));
    expect(new Set(whole.get(0).inputs[0]?.data as Float32Array)).toEqual(new Set([0, 1]));
  });
});
