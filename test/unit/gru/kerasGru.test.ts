import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Model } from '../../../worker/core/model/model';
import { fuseGrus } from '../../../worker/core/recognise/fuseGru/fuseGrus';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { readNpyFile } from '../../npy';
import { describeShared } from '../../shared';

describeShared("Keras's GRUs as one cell", (shared) => {
  const folder = join(shared, 'data/keras3');
  const read = (name: string) => readModel({ name, bytes: new Uint8Array(readFileSync(join(folder, `${name}.tflite`))) });

  /** Answers to all 20 inputs. */
  function answersOf(model: Model): number[] {
    const x = readNpyFile(join(folder, 'x.npy'));
    const runner = prepareGraph(model, 0, { path: 'hybrid', persona: 'tflite' });
    const size = 28 * 28;
    return Array.from({ length: x.shape[0] ?? 0 }, (_, row) => {
      const data = (x.data as Float32Array).slice(row * size, (row + 1) * size);
      const [answer] = runner.run([{ dtype: 'float32', shape: [1, 28, 28], data }]);
      return Array.from(answer?.data as Float32Array);
    }).flat();
  }

  function farthest(answers: readonly number[], wanted: ArrayLike<number>): number {
    expect(answers).toHaveLength(wanted.length);
    return Math.max(...answers.map((value, k) => Math.abs(value - wanted[k]!)));
  }

  const answersIn = (name: string) => readNpyFile(join(folder, `${name}.y.npy`)).data as Float32Array;

  it.each([
    ['gru-while-float', 1e-5],
    ['gru-unrolled-float', 1e-5],
    // The interpreter rounds x to 8 bits otherwise than this engine does, in small operators too.
    ['gru-while-dynamic', 1e-4],
    ['gru-unrolled-dynamic', 1e-4],
  ])("%s: the answers are the interpreter's", (name, close) => {
    const { model, notes } = fuseGrus(read(name));
    expect(notes.map(({ isFused }) => isFused)).toEqual([true]);
    const [graph] = model.graphs;
    expect(graph?.operators.filter((operator) => operator.name === 'GRU')).toHaveLength(1);
    expect(graph?.operators.map((operator) => operator.name)).not.toContain('WHILE');
    const gru = graph?.operators.find((operator) => operator.name === 'GRU');
    expect(gru?.options.linear_before_reset).toBe(true);
    expect(farthest(answersOf(model), answersIn(name))).toBeLessThan(close);
  });

  it('has the values of the small operators as this engine computes them', () => {
    for (const name of ['gru-unrolled-float', 'gru-unrolled-dynamic']) {
      const file = read(name);
      expect(farthest(answersOf(fuseGrus(file).model), answersOf(file)), name).toBeLessThan(1e-6);
    }
  });

  it('keeps int8 weights, and says what becomes of each', () => {
    const { model, notes } = fuseGrus(read('gru-while-dynamic'));
    const tensors = model.graphs[0]?.tensors ?? [];
    expect(tensors.filter(({ dtype }) => dtype === 'int8')).toHaveLength(3);
    expect(notes[0]?.text).toBe(
      'A loop of 28 steps over 17 operators became one GRU, in memory only: TensorFlow Lite has no operator for it. Its int8 weights are kept.',
    );
    const int8 = read('gru-unrolled-int8');
    const kept = fuseGrus(int8);
    expect(kept.model).toBe(int8);
    expect(kept.notes.map(({ isFused }) => isFused)).toEqual([false]);
    expect(fuseGrus(read('lstm-while-float')).notes).toEqual([]);
  });
});

describe('GRUs in a model without any', () => {
  it('leave it as it is', () => {
    const model: Model = {
      ...{ format: 'tflite', formatVersion: 3, fileName: '', byteLength: 0, description: '', metadata: [], signatures: [] },
      graphs: [{ index: 0, name: '', tensors: [], operators: [], inputs: [], outputs: [] }],
    };
    expect(fuseGrus(model)).toEqual({ model, notes: [] });
  });
});
