import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readModel } from '../../worker/core/formats/readModel';
import { writeTflite } from '../../worker/core/formats/tflite/write/writeTflite';
import type { Model } from '../../worker/core/model/model';
import { fuseLstms } from '../../worker/core/recognise/fuse/fuseLstms';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import { readNpyFile } from '../npy';
import { describeShared } from '../shared';

function fused(path: string): { readonly model: Model; readonly operators: readonly string[] } {
  const bytes = new Uint8Array(readFileSync(path));
  const { edit } = fuseLstms(readModel({ name: path, bytes }));
  const model = readModel({ name: path, bytes: writeTflite(edit, bytes) });
  return { model, operators: model.graphs[0]!.operators.map(({ name }) => name) };
}

describeShared('Keras 3 LSTMs become the fused operator', (shared) => {
  const folder = join(shared, 'data/keras3');
  const single = ['UNIDIRECTIONAL_SEQUENCE_LSTM', 'STRIDED_SLICE', 'FULLY_CONNECTED', 'SOFTMAX'];
  const both = [
    ...['REVERSE_V2', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'STRIDED_SLICE', 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'STRIDED_SLICE'],
    ...['CONCATENATION', 'FULLY_CONNECTED', 'SOFTMAX'],
  ];

  // Probabilities; float32 sums in another order than TensorFlow Lite's.
  it.each([
    ['lstm-unrolled-float', single],
    ['lstm-while-float', single],
    ['bidirectional-while-float', both],
    ['bidirectional-unrolled-float', both],
  ])('%s: the answers of the file before, within 1e-6', (name, names) => {
    const { model, operators } = fused(join(folder, `${name}.tflite`));
    expect(operators).toEqual(names);
    const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite' });
    const x = readNpyFile(join(folder, 'x.npy')).data as Float32Array;
    const y = readNpyFile(join(folder, `${name}.y.npy`)).data as Float32Array;
    const got = Array.from({ length: 20 }, (_, i) => {
      runner.resetState();
      const data = x.slice(i * 784, (i + 1) * 784);
      return Array.from(runner.run([{ dtype: 'float32', shape: [1, 28, 28], data }])[0]?.data as Float32Array);
    }).flat();
    expect(got).toHaveLength(y.length);
    expect(Math.max(...got.map((value, i) => Math.abs(value - (y[i] ?? NaN))))).toBeLessThanOrEqual(1e-6);
  });
});

describeShared('DTLN, whose states are an input and an output', (shared) => {
  it.each([
    ['dtln_model_1', 257],
    ['dtln_model_2', 512],
  ])('%s: the same frames once the fused operators keep the states, within 2e-6', (name, size) => {
    const path = join(shared, 'data/tflite', `${name}.tflite`);
    const bytes = new Uint8Array(readFileSync(path));
    const source = readModel({ name: path, bytes });
    expect(fuseLstms(source).notes.map(({ isFused }) => isFused)).toEqual([false, false]);
    const { edit } = fuseLstms(source, { carryState: true });
    const model = readModel({ name: path, bytes: writeTflite(edit, bytes) });
    const graph = model.graphs[0]!;
    expect(graph.operators.filter((operator) => operator.name === 'UNIDIRECTIONAL_SEQUENCE_LSTM')).toHaveLength(2);
    expect([graph.inputs.length, graph.outputs.length]).toEqual([1, 1]);
    const [before, after] = [source, model].map((one) => prepareGraph(one, 0, { path: 'float', persona: 'tflite' }));
    let state = new Float32Array(512);
    for (let frame = 0; frame < 20; frame++) {
      const x = {
        dtype: 'float32' as const,
        shape: [1, 1, size],
        data: Float32Array.from({ length: size }, (_, i) => Math.sin(i * (frame + 1)) ** 2),
      };
      const [right, next] = before!.run([x, { dtype: 'float32', shape: [1, 2, 128, 2], data: state }]);
      const got = Array.from(after!.run([x])[0]?.data as Float32Array);
      state = Float32Array.from(next?.data as Float32Array);
      expect(Math.max(...got.map((value, i) => Math.abs(value - (right?.data as Float32Array)[i]!)))).toBeLessThanOrEqual(2e-6);
    }
  });
});
