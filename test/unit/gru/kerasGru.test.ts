import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Model } from '../../../worker/core/model/model';
import { schemeOf } from '../../../worker/core/model/scheme';
import { fuseLstms } from '../../../worker/core/recognise/fuse/fuseLstms';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { fuseFile } from '../../../worker/fuseFile';
import { readNpyFile } from '../../npy';
import { describeShared } from '../../shared';

describeShared("Keras's GRUs and LSTMs of hard sigmoids as one cell, in memory", (shared) => {
  const folder = join(shared, 'data/keras3');
  const fileOf = (name: string) => ({
    name: `${name}.tflite`,
    bytes: new Uint8Array(readFileSync(join(folder, `${name}.tflite`))),
  });
  const cells = (name: string, asFloat = false) => {
    const file = fileOf(name);
    const { bytes, notes } = fuseFile(file, { asFloat });
    return { model: readModel({ name: file.name, bytes }), notes };
  };

  /** Answers to all 20 inputs. */
  function answersOf(model: Model): number[] {
    const x = readNpyFile(join(folder, 'x.npy'));
    const runner = prepareGraph(model, 0, { path: 'hybrid', persona: 'tflite' });
    const size = 28 * 28;
    return Array.from({ length: x.shape[0] ?? 0 }, (_, row) => {
      const data = (x.data as Float32Array).slice(row * size, (row + 1) * size);
      // A fused LSTM keeps its state from call to call.
      runner.resetState();
      const [answer] = runner.run([{ dtype: 'float32', shape: [1, 28, 28], data }]);
      return Array.from(answer?.data as Float32Array);
    }).flat();
  }

  function farthest(answers: readonly number[], wanted: ArrayLike<number>): number {
    expect(answers).toHaveLength(wanted.length);
    return Math.max(...answers.map((value, k) => Math.abs(value - wanted[k]!)));
  }

  const answersIn = (name: string) => readNpyFile(join(folder, `${name}.y.npy`)).data as Float32Array;
  const operatorOf = ({ graphs }: Model, name: string) => graphs[0]?.operators.filter((operator) => operator.name === name) ?? [];

  it.each([
    ['gru-while-float', 1e-5],
    ['gru-unrolled-float', 1e-5],
    // The interpreter rounds x to 8 bits otherwise than this engine does, in small operators too.
    ['gru-while-dynamic', 1e-4],
    ['gru-unrolled-dynamic', 1e-4],
    ['lstm-hard-while-float', 1e-5],
    ['lstm-hard-unrolled-float', 1e-5],
    // Their int8 weights do not fit one scale a gate, so that they are widened, and data is no longer rounded to 8 bits.
    ['lstm-hard-while-dynamic', 3e-3],
    ['lstm-hard-unrolled-dynamic', 3e-3],
  ])("%s: the answers are the interpreter's", (name, close) => {
    const { model } = cells(name);
    const isGru = name.startsWith('gru');
    const [cell, ...more] = operatorOf(model, isGru ? 'GRU' : 'UNIDIRECTIONAL_SEQUENCE_LSTM');
    expect(more).toEqual([]);
    expect(operatorOf(model, 'WHILE')).toEqual([]);
    expect(isGru ? cell?.options.linear_before_reset : cell?.options.gate_activation).toBe(
      isGru ? true : `HardSigmoid(${1 / 6}, 0.5)`,
    );
    expect(farthest(answersOf(model), answersIn(name))).toBeLessThan(close);
  });

  it('has the values of the small operators as this engine computes them', () => {
    for (const name of ['gru-unrolled-float', 'gru-unrolled-dynamic']) {
      expect(farthest(answersOf(cells(name).model), answersOf(readModel(fileOf(name)))), name).toBeLessThan(1e-6);
    }
  });

  it('keeps int8 weights, and says what becomes of each', () => {
    const { model, notes } = cells('gru-while-dynamic');
    expect(model.graphs[0]?.tensors.filter(({ dtype }) => dtype === 'int8')).toHaveLength(3);
    expect(notes).toEqual([
      'A loop of 28 steps over 17 operators became one GRU, in memory only: TensorFlow Lite has no fused GRU. Its int8 weights are kept.',
    ]);
    expect(schemeOf(cells('gru-while-dynamic', true).model)).toBe('float');
  });

  it.each(['gru-unrolled-int8', 'lstm-hard-unrolled-int8'])('%s is shown in float, within the roundings of int8', (name) => {
    const { model } = cells(name);
    expect(schemeOf(model)).toBe('float');
    // Of probabilities; the int8 model gives them in steps of 1/256.
    const float = name.replace('int8', 'float');
    expect(farthest(answersOf(model), answersIn(float))).toBeLessThan(0.05);
  });

  it.each([
    ['gru-while-float', 'It is a GRU; TensorFlow Lite has no fused GRU.'],
    ['lstm-hard-while-float', 'Its gates are hard sigmoids; UNIDIRECTIONAL_SEQUENCE_LSTM has the logistic one only.'],
  ])('%s is refused as a file', (name, why) => {
    const refusal = `There is nothing to save as a fused .tflite. ${why}`;
    expect(() => fuseFile(fileOf(name), { asFloat: true, asFile: true })).toThrow(refusal);
    expect(fuseLstms(readModel(fileOf(name))).notes).toMatchObject([{ isFused: false, text: why }]);
    expect(cells(name).model.inMemoryOnly).toContain('made in memory');
  });
});
