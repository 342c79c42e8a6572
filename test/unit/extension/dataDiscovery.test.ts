import { describe, expect, it } from 'vitest';
import {
  discoverData,
  fitsInput,
  MAX_FILES,
  MAX_SINGLE_FILES,
  pickedData,
  discoverCalibration,
} from '../../../extension/dataDiscovery';
import { ModelData } from '../../../extension/modelData';
import { writeNpy } from '../../../worker/core/data/npy';
import { memoryFiles } from './memoryFiles';

const MODEL = 'mem:/m/net.tflite';
const found = async (names: readonly string[], content = '') => {
  const files = memoryFiles(Object.fromEntries(['net.tflite', ...names].map((name) => [`m/${name}`, content])));
  return { files, sets: await discoverData(files, MODEL) };
};
const labels = (sets: Awaited<ReturnType<typeof found>>['sets']) => sets.map((set) => set.choice.label);

describe('data beside a model', () => {
  it('offers synthetic data, labelled, where there is nothing else', async () => {
    const { sets } = await found([]);
    expect(sets.map((set) => set.choice.synthetic)).toEqual([true]);
    expect(sets[0]?.choice.detail).toContain('ranges only, not accuracy');
    expect(sets[0]?.files).toEqual([]);
  });

  it('puts the folder inputs first, its samples in counting order, its labels beside them, synthetic last', async () => {
    const { sets } = await found(['inputs/u10.npy', 'inputs/u2.npy', 'inputs/u1.npy', 'inputs/labels.json', 'calibration.npz']);
    expect(labels(sets)).toEqual(['inputs/', 'calibration.npz', 'Synthetic']);
    expect(sets[0]?.files).toEqual(['mem:/m/inputs/u1.npy', 'mem:/m/inputs/u2.npy', 'mem:/m/inputs/u10.npy']);
    expect(sets[0]?.labels).toBe('mem:/m/inputs/labels.json');
    expect(sets[0]?.choice.detail).toBe('3 .npy files, labels.json');
    expect(sets[1]?.labels).toBeNull();
  });

  it('takes several .npy together and tables one by one', async () => {
    const { sets } = await found(['a.npy', 'b.npy', 'x.csv', 'y.csv', 'labels.json']);
    expect(labels(sets)).toEqual(['*.npy', 'x.csv', 'y.csv', 'Synthetic']);
    expect(sets[0]?.files).toEqual(['mem:/m/a.npy', 'mem:/m/b.npy']);
    expect(sets.slice(0, 3).map((set) => set.labels)).toEqual(Array(3).fill('mem:/m/labels.json'));
  });

  it('passes over answers, labels, statistics and project files', async () => {
    const { sets } = await found(
      ['outputs.npz', 'net_output.npy', 'expected.json', 'norm.json', 'labels.npy', 'package.json'],
      '[1]',
    );
    expect(labels(sets)).toEqual(['Synthetic']);
  });

  it('opens a .json only to see whether it holds an array', async () => {
    const files = memoryFiles({ 'm/net.tflite': '', 'm/a.json': ' \n[[1, 2]]', 'm/b.json': '{"batch": 3}', 'm/c.npz': 'PK' });
    const sets = await discoverData(files, MODEL);
    expect(labels(sets)).toEqual(['a.json', 'c.npz', 'Synthetic']);
    expect(files.reads.sort()).toEqual(['mem:/m/a.json', 'mem:/m/b.json']);
  });

  it('says how many of too many files it takes', async () => {
    const names = Array.from({ length: MAX_FILES + 5 }, (_, index) => `inputs/u${index}.npy`);
    const { sets } = await found(names);
    expect(sets[0]?.files).toHaveLength(MAX_FILES);
    expect(sets[0]?.choice.detail).toBe('first 4,096 of 4,101 .npy files');
    const { sets: tables } = await found(Array.from({ length: MAX_SINGLE_FILES + 3 }, (_, index) => `t${index}.csv`));
    expect(tables).toHaveLength(MAX_SINGLE_FILES + 1);
  });

  it('copes with a folder that cannot be listed', async () => {
    const files = { ...memoryFiles({}), list: () => Promise.reject(new Error('not a folder')) };
    expect(labels(await discoverData(files, MODEL))).toEqual(['Synthetic']);
  });

  it('keeps audio from models that take features', async () => {
    const { sets } = await found(['audio/a.wav', 'audio/b.wav']);
    const [audio, synthetic] = sets;
    if (audio === undefined || synthetic === undefined) throw new Error('expected two sets');
    expect(fitsInput(audio, [1, 16000])).toBe(true);
    expect(fitsInput(audio, [1, -1, 120])).toBe(false);
    expect(fitsInput(synthetic, [1, -1, 120])).toBe(true);
  });

  it('offers arrays of another shape last, and says so', async () => {
    const array = (shape: number[]) =>
      writeNpy({ dtype: 'float32', shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) });
    const files = memoryFiles({
      'm/net.tflite': '',
      'm/inputs/a.npy': array([1, 7, 12]),
      'm/data/a.npy': array([1, 7, 257]),
      'm/wav/a.npy': array([4000]),
    });
    const data = new ModelData({ model: MODEL, files, picks: { load: () => [], save: () => undefined } });
    await data.look();
    const offered = data.sets([1, 1, 257]).map(({ choice }) => [choice.label, choice.detail]);
    // A row of values alone may be cut into what the input takes.
    expect(offered.map(([label]) => label)).toEqual(['data/', 'wav/', 'Synthetic', 'inputs/']);
    expect(offered.at(-1)).toEqual(['inputs/', '1 .npy file; [1, 7, 12] does not fit the input']);
    expect(data.sets([1, -1, -1]).map(({ choice }) => choice.label)).toEqual(['inputs/', 'data/', 'wav/', 'Synthetic']);
  });
});

describe('data that the user picks', () => {
  const files = memoryFiles({
    'd/b2.npy': 'xx',
    'd/b10.npy': 'xx',
    'd/notes.txt': '',
    'd/labels.json': '{}',
    'empty/readme.md': '',
    'mixed/a.csv': '',
    'mixed/1.npy': '',
    'mixed/2.npy': '',
  });

  const data = (...names: string[]) => pickedData(files, { files: names.map((name) => `mem:/${name}`) });

  it('takes a folder as one set, of its commonest kind', async () => {
    const set = await pickedData(files, { folder: 'mem:/d' });
    expect(set?.files).toEqual(['mem:/d/b2.npy', 'mem:/d/b10.npy']);
    expect(set?.choice).toMatchObject({ label: 'd/', detail: '2 .npy files, labels.json' });
    expect((await pickedData(files, { folder: 'mem:/mixed' }))?.files).toEqual(['mem:/mixed/1.npy', 'mem:/mixed/2.npy']);
    expect(await pickedData(files, { folder: 'mem:/empty' })).toBeNull();
    expect(await pickedData(files, { folder: 'mem:/gone' })).toBeNull();
  });

  it('takes files in counting order, with the labels beside them', async () => {
    const set = await data('d/b10.npy', 'd/b2.npy');
    expect(set?.files).toEqual(['mem:/d/b2.npy', 'mem:/d/b10.npy']);
    expect(set?.choice).toMatchObject({ label: 'd (2)', detail: '2 chosen files', synthetic: false });
    expect(set?.labels).toBe('mem:/d/labels.json');
    expect((await data('d/b2.npy'))?.choice).toMatchObject({ label: 'b2.npy', detail: '2 bytes' });
  });

  it('leaves out files that are gone', async () => {
    expect((await data('d/b2.npy', 'd/gone.npy'))?.files).toEqual(['mem:/d/b2.npy']);
    expect(await data('d/gone.npy')).toBeNull();
  });

  it('gives different sets different ids', async () => {
    const sets = await Promise.all([data('d/b2.npy'), data('d/b2.npy', 'd/b10.npy'), pickedData(files, { folder: 'mem:/d' })]);
    expect(new Set(sets.map((set) => set?.choice.id)).size).toBe(3);
  });
});

describe('data to calibrate with', () => {
  it('is what is called so, folders first, then all other data, each once', async () => {
    const files = memoryFiles({
      ...{ 'm/net.tflite': '', 'm/calibration.npz': 'abc', 'm/calib-100/a.npy': '', 'm/calib-100/b.npy': '' },
      ...{ 'm/representative.npy': '', 'm/calibration.md': '', 'm/inputs/u.npy': '' },
    });
    const others = await discoverData(files, 'mem:/m/net.tflite');
    const found = await discoverCalibration(files, 'mem:/m/net.tflite', others);
    expect(found.map(({ choice }) => choice.label)).toEqual([
      ...['calib-100/', 'calibration.npz', 'representative.npy', 'inputs/', 'Synthetic'],
    ]);
  });
});
