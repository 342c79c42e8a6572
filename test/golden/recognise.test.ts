import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readModel } from '../../worker/core/formats/readModel';
import { writeTflite } from '../../worker/core/formats/tflite/write/writeTflite';
import type { Model } from '../../worker/core/model/model';
import { schemeOf } from '../../worker/core/model/scheme';
import { fuseLstms, type FusionOptions } from '../../worker/core/recognise/fuse/fuseLstms';
import { modelFusion } from '../../worker/core/recognise/fuse/fusionNotes';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import { readNpyFile } from '../npy';
import { loadLiteRt } from '../oracle/runtimes/liteRt';
import { describeShared } from '../shared';

function fused(path: string, options: Partial<FusionOptions> = {}): Fused {
  const bytes = new Uint8Array(readFileSync(path));
  const source = readModel({ name: path, bytes });
  const { edit } = fuseLstms(source, options);
  const model = readModel({ name: path, bytes: writeTflite(edit, bytes) });
  return { source, model, operators: model.graphs[0]!.operators.map(({ name }) => name) };
}

/** The float path's answers for the 20 digits of x.npy. */
function answers(model: Model, folder: string): number[] {
  const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite' });
  const x = readNpyFile(join(folder, 'x.npy')).data as Float32Array;
  return Array.from({ length: 20 }, (_, i) => {
    runner.resetState();
    const data = x.slice(i * 784, (i + 1) * 784);
    return Array.from(runner.run([{ dtype: 'float32', shape: [1, 28, 28], data }])[0]?.data as Float32Array);
  }).flat();
}

function expectWithin(got: readonly number[], expected: ArrayLike<number>, tolerance: number): void {
  expect(got).toHaveLength(expected.length);
  expect(Math.max(...got.map((value, i) => Math.abs(value - (expected[i] ?? NaN))))).toBeLessThanOrEqual(tolerance);
}

interface Fused {
  readonly source: Model;
  readonly model: Model;
  readonly operators: readonly string[];
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
    expectWithin(answers(model, folder), readNpyFile(join(folder, `${name}.y.npy`)).data as Float32Array, 1e-6);
  });

  // The file rounds its data to 8 bits at every step, the fused float operator nothing: up to 0.0038 of a probability.
  it.each([
    ['lstm-unrolled-dynamic', single],
    ['bidirectional-unrolled-dynamic', both],
    ['lstm-while-dynamic', single],
    ['bidirectional-while-dynamic', both],
  ])('%s, whose weights have a scale for each row: in float, the values of the file in float within 1e-6', (name, names) => {
    const { source, model, operators } = fused(join(folder, `${name}.tflite`));
    expect(operators).toEqual(names);
    expect(schemeOf(model)).toBe('float');
    const got = answers(model, folder);
    if (!name.includes('while')) expectWithin(got, answers(source, folder), 1e-6);
    expectWithin(got, readNpyFile(join(folder, `${name}.y.npy`)).data as Float32Array, 0.004);
  });

  // A step's bias is stored at several scales, so that the one set of the fused operator differs from some by half a step.
  it.each([
    ['lstm-unrolled-int8', single],
    ['bidirectional-unrolled-int8', both],
  ])('%s: a float model of its weights, the values of the file in float within 5e-4', (name, names) => {
    const path = join(folder, `${name}.tflite`);
    expect(fused(path).operators).toContain('TANH');
    const { source, model, operators } = fused(path, { asFloat: true });
    expect(operators).toEqual(names);
    expect(schemeOf(model)).toBe('float');
    expectWithin(answers(model, folder), answers(source, folder), 5e-4);
  });

  it('shows hard sigmoids in memory, and says why no file has them', () => {
    const path = join(folder, 'lstm-hard-unrolled-int8.tflite');
    const model = readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) });
    const { notes, shown } = modelFusion(model);
    expect(notes).toMatchObject([
      { isFused: false, text: 'Its gates are hard sigmoids; UNIDIRECTIONAL_SEQUENCE_LSTM has the logistic one only.' },
    ]);
    expect(shown).toMatchObject([{ isFused: true, text: expect.stringContaining('in memory only') as string }]);
  });
});

describeShared('DTLN, whose states are an input and an output', (shared) => {
  it.each([
    ['dtln_model_1', 257, 'float'],
    ['dtln_model_2', 512, 'float'],
    // Its int8 matrices have one scale each, as those of the fused operator's hybrid form: multiplied just as before.
    ['dtln_model_quant_1', 257, 'hybrid'],
  ] as const)('%s: the same frames once the fused operators keep the states, within 2e-6', (name, size, numbers) => {
    const path = join(shared, 'data/tflite', `${name}.tflite`);
    const bytes = new Uint8Array(readFileSync(path));
    const source = readModel({ name: path, bytes });
    expect(fuseLstms(source).notes.map(({ isFused }) => isFused)).toEqual([false, false]);
    const { edit } = fuseLstms(source, { carryState: true });
    const model = readModel({ name: path, bytes: writeTflite(edit, bytes) });
    const graph = model.graphs[0]!;
    expect(graph.operators.filter((operator) => operator.name === 'UNIDIRECTIONAL_SEQUENCE_LSTM')).toHaveLength(2);
    expect([graph.inputs.length, graph.outputs.length]).toEqual([1, 1]);
    const [before, after] = [source, model].map((one) => prepareGraph(one, 0, { path: numbers, persona: 'tflite' }));
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

describeShared('Fused DTLN in LiteRT itself', (shared) => {
  it.each([
    ['dtln_model_1', 2e-6],
    // LiteRT's FULLY_CONNECTED rounds its data to 8 bits in another way than its LSTM; masks are 0 to 1.
    ['dtln_model_quant_1', 0.02],
  ])('%s: loads, and gives the masks of the file before within %f', async (name, tolerance) => {
    const path = join(shared, 'data/tflite', `${name}.tflite`);
    const bytes = new Uint8Array(readFileSync(path));
    const { edit } = fuseLstms(readModel({ name: path, bytes }), { carryState: true });
    const runtime = await loadLiteRt();
    const [before, after] = [await runtime.open(bytes), await runtime.open(writeTflite(edit, bytes))];
    const reals = ({ buffer, byteOffset, length }: Uint8Array) => new Float32Array(buffer.slice(byteOffset, byteOffset + length));
    let state = new Float32Array(512);
    for (let frame = 0; frame < 5; frame++) {
      const x = Float32Array.from({ length: 257 }, (_, i) => Math.sin(i * (frame + 1)) ** 2);
      const outputs = (await before.run([x, state])).map(reals);
      state = Float32Array.from(outputs.find(({ length }) => length === 512)!);
      const [mask] = (await after.run([x])).map(reals);
      expectWithin(
        Array.from(mask!),
        outputs.find(({ length }) => length === 257)!,
        tolerance,
      );
    }
    before.close();
    after.close();
  });
});
