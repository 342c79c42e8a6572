import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { calibrate } from '../../worker/core/calibration/calibrate';
import { CALIBRATED, prepareCalibration } from '../../worker/core/calibration/calibrateSamples';
import { rangesOf } from '../../worker/core/calibration/rangesOf';
import { readSamples } from '../../worker/core/data/readSamples';
import type { SampleSource } from '../../worker/core/data/sample';
import { readTf1 } from '../../worker/core/formats/tf1/readTf1';
import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import { writeTflite } from '../../worker/core/formats/tflite/write/writeTflite';
import type { Model } from '../../worker/core/model/model';
import { quantizeModel } from '../../worker/core/recipe/quantizeModel';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import { loadLiteRt } from '../oracle/runtimes/liteRt';
import { describeShared } from '../shared';
import { classify, floatConstants, type NetworkNames } from './tf1Reference';

const BASIC = 'LSTM-Layer/lstm/rnn/while/rnn/basic_lstm_cell';
const FULL = 'LSTM-Layer/lstm/rnn/while/rnn/lstm_cell';
const NAMES: Readonly<Record<string, NetworkNames>> = {
  Basic_LSTM_S: {
    kernel: 'lstm/rnn/basic_lstm_cell/kernel',
    bias: 'lstm/rnn/basic_lstm_cell/bias',
    forgetBias: `${BASIC}/add/y`,
    peephole: null,
    projection: null,
  },
  LSTM_S: {
    kernel: 'lstm/rnn/lstm_cell/kernel',
    bias: 'lstm/rnn/lstm_cell/bias',
    forgetBias: `${FULL}/add/y`,
    peephole: { i: 'lstm/rnn/lstm_cell/w_i_diag', f: 'lstm/rnn/lstm_cell/w_f_diag', o: 'lstm/rnn/lstm_cell/w_o_diag' },
    projection: 'lstm/rnn/lstm_cell/projection/kernel',
  },
};

const WORDS = ['yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go'];

/** Something like MFCCs: large at first, small at the end of each frame, and slow. */
function features(steps: number, seed: number): Float32Array {
  return Float32Array.from({ length: steps * 10 }, (_, i) => {
    const [step, place] = [Math.floor(i / 10), i % 10];
    return (
      (place === 0 ? -60 : 12 / (1 + place)) + (20 / (1 + place)) * Math.sin(0.37 * step * (1 + place) + seed * (place + 1.3))
    );
  });
}

const asSamples = (inputs: readonly Float32Array[]): SampleSource => ({
  count: inputs.length,
  names: inputs.map((_, i) => `made ${i}`),
  synthetic: false,
  get: (index) => {
    const data = inputs[index]!;
    return {
      name: `made ${index}`,
      steps: data.length / 10,
      inputs: [{ dtype: 'float32', shape: [1, data.length / 10, 10], data }],
    };
  },
});

function outputsOf(model: Model, path: 'float' | 'int8', inputs: readonly Float32Array[]) {
  const runner = prepareGraph(model, 0, { path, persona: 'tflite' });
  return inputs.map((data) => {
    runner.resetState();
    return runner.run([{ dtype: 'float32', shape: [1, data.length / 10, 10], data }])[0]!.data;
  });
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from({ length: a.length }, (_, i) => Math.abs(a[i]! - (b[i] ?? NaN))));

describeShared('Frozen TensorFlow 1 graphs of Hello Edge', (shared) => {
  const bytesOf = (name: string) => new Uint8Array(readFileSync(join(shared, 'data/tf1', `${name}.pb`)));

  it.each([
    ['Basic_LSTM_S', 49],
    ['LSTM_S', 25],
  ])('%s: the answers of the cell’s equations in float64, and of LiteRT in float and in int8', async (name, steps) => {
    const bytes = bytesOf(name);
    const model = readTf1(bytes, `${name}.pb`);
    const graph = model.graphs[0]!;
    expect(graph.operators.map((operator) => operator.name)).toEqual([
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      'STRIDED_SLICE',
      'FULLY_CONNECTED',
      'SOFTMAX',
    ]);
    expect(graph.tensors[graph.inputs[0]!]).toMatchObject({ name: 'Mfcc', shape: [1, steps, 10], dtype: 'float32' });
    expect(graph.tensors[graph.outputs[0]!]).toMatchObject({ name: 'labels_softmax', shape: [1, 12] });

    const inputs = [1, 2, 3, 4].map((seed) => features(steps, seed));
    const constants = floatConstants(bytes);
    const own = outputsOf(model, 'float', inputs);
    const exact = inputs.map((data) => classify(constants, NAMES[name]!, data, 10));
    own.forEach((output, i) => expect(worst(output as Float32Array, exact[i]!)).toBeLessThan(1e-5));
    expect(new Set(exact.map((output) => output.indexOf(Math.max(...output)))).size).toBeGreaterThan(1);

    const graphs = [{ graph, tensorOrigins: [...graph.tensors.keys()], operatorOrigins: [...graph.operators.keys()] }];
    const float = writeTflite({ source: model, graphs, metadata: [] }, bytes);
    const written = readTflite(float, `${name}.tflite`);
    expect(written.metadata).toEqual(model.metadata);
    expect(written.graphs[0]!.operators).toEqual(graph.operators);
    const liteRt = await loadLiteRt();
    const answers = async (file: Uint8Array, data: readonly (Float32Array | Int8Array)[]) => {
      const answered: Uint8Array[] = [];
      for (const input of data) {
        const opened = await liteRt.open(file);
        answered.push(...(await opened.run([input])));
        opened.close();
      }
      return answered;
    };
    const theirs = await answers(float, inputs);
    theirs.forEach((output, i) => expect(worst(new Float32Array(output.buffer), own[i] as Float32Array)).toBeLessThan(1e-5));

    const about = { model: name, state: 'reset', synthetic: false } as const;
    const runner = prepareGraph(model, 0, CALIBRATED);
    const { calibration } = await calibrate(prepareCalibration(runner, about), asSamples(inputs), 'reset', {});
    const { edit } = quantizeModel(model, rangesOf(calibration, graph), { schema: 'gatescope.recipe/1' });
    const int8 = writeTflite(edit, bytes);
    const quantized = readTflite(int8, `${name}-int8.tflite`);
    expect(quantized.graphs[0]!.tensors[quantized.graphs[0]!.inputs[0]!]!.dtype).toBe('int8');
    const { scales, zeroPoints } = quantized.graphs[0]!.tensors[quantized.graphs[0]!.inputs[0]!]!.quantization!;
    const codes = inputs.map((data) =>
      Int8Array.from(data, (value) => Math.max(-128, Math.min(127, Math.round(value / scales[0]!) + zeroPoints[0]!))),
    );
    const ownCodes = outputsOf(quantized, 'int8', inputs).map((output) => Uint8Array.from(output as Int8Array));
    expect(ownCodes).toEqual(await answers(int8, codes));
  });

  // What the same networks gave of these clips with features computed elsewhere.
  it.each([
    ['Basic_LSTM_S', 97],
    ['LSTM_S', 98],
  ])('%s: knows %i of 100 recordings of its ten words, their features made as the metadata say', (name, known) => {
    const model = readTf1(bytesOf(name), `${name}.pb`);
    const folder = join(shared, 'data/audio/speech_commands_v0.01');
    const files = WORDS.flatMap((word) =>
      readdirSync(join(folder, word)).map((file) => ({
        name: `${word}_${file}`,
        bytes: new Uint8Array(readFileSync(join(folder, word, file))),
      })),
    );
    const samples = readSamples(files, model.graphs[0]!, {}, model.metadata);
    const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite' });
    let right = 0;
    for (let index = 0; index < samples.count; index++) {
      const { name: recording, inputs } = samples.get(index);
      runner.resetState();
      const output = runner.run(inputs)[0]!.data as Float32Array;
      // The first two classes are silence and unknown words.
      if (recording.startsWith(`${WORDS[output.indexOf(Math.max(...output)) - 2]}_`)) right++;
    }
    expect([samples.count, right]).toEqual([100, known]);
  });
});
