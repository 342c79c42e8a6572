import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNpz } from '../../worker/core/data/npz';
import { readSamples } from '../../worker/core/data/readSamples';
import { readModel } from '../../worker/core/formats/readModel';
import { readLabels } from '../../worker/core/report/task/labels';
import { decodeOutput } from '../../worker/core/report/task/decode';
import type { Path } from '../../worker/core/run/graphRunner';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import type { Value } from '../../worker/core/run/value';

const folder = resolve(import.meta.dirname, '../../samples');
const read = (...path: string[]) => ({
  name: path.at(-1) ?? '',
  bytes: new Uint8Array(readFileSync(join(folder, ...path))),
});
const inputs = readdirSync(join(folder, 'inputs')).filter((name) => name.endsWith('.npy'));
const files = inputs.map((name) => read('inputs', name));
const labels = readLabels(read('inputs', 'labels.json'));
const outputs = new Map(openNpz(read('outputs.npz').bytes, 'outputs.npz').map((array) => [array.key ?? '', array.load()]));

interface Expected {
  readonly utterances: Readonly<Record<string, { readonly decoded: Readonly<Record<string, string>> }>>;
}
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;

/** Outputs of every sample by name, states reset before each. */
function run(model: string, path: Path): Map<string, Value> {
  const runner = prepareGraph(readModel(read(`${model}.tflite`)), 0, { path, persona: 'tflite' });
  const samples = readSamples(files, runner.graph);
  const results = samples.names.map((name, index): [string, Value] => {
    runner.resetState();
    const [y] = runner.run(samples.get(index).inputs);
    if (y === undefined) throw new Error('no output');
    return [name, y];
  });
  return new Map(results);
}

const largestDifference = (a: Value, b: Value) =>
  Array.from(a.data as Float32Array).reduce((most, x, i) => Math.max(most, Math.abs(x - Number(b.data[i]))), 0);

const models = [
  ['digits-float', 'float'],
  ['digits-hybrid', 'hybrid'],
  ['digits-int8', 'int8'],
  ['digits-int8-miscalibrated', 'int8'],
] as const;

describe('samples', () => {
  it('are 8 utterances', () => expect(files).toHaveLength(8));

  it.each(models)('%s says the digits that TensorFlow Lite says', (model, path) => {
    const decoded = [...run(model, path)].map(([name, y]) => [name, decodeOutput(labels, y)]);
    expect(decoded).toEqual(Object.entries(expected.utterances).map(([name, one]) => [name, one.decoded[model]]));
  });

  // 8 of the miscalibrated model's 66,600 inputs lie halfway between two codes.
  it.each(['digits-int8', 'digits-int8-miscalibrated'])('%s: every integer of the outputs', (model) => {
    for (const [name, y] of run(model, 'int8')) {
      expect(y.dtype).toBe('int8');
      expect(y.shape).toEqual(outputs.get(`${model}/${name}`)?.shape);
      expect(y.data).toEqual(outputs.get(`${model}/${name}`)?.data);
    }
  });

  // Sums in another order and exp of another library: a few units in the last place of logits up to 19.
  it('digits-float: outputs within 1e-5', () => {
    for (const [name, y] of run('digits-float', 'float')) {
      expect(y.dtype).toBe('float32');
      expect(largestDifference(y, outputs.get(`digits-float/${name}`) ?? y)).toBeLessThan(1e-5);
    }
  });

  it('digits-hybrid: every bit of the outputs', () => {
    for (const [name, y] of run('digits-hybrid', 'hybrid')) {
      expect(y.data).toEqual(outputs.get(`digits-hybrid/${name}`)?.data);
    }
  });
});
