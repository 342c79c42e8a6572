import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { RunRequest } from '../../../worker/api';
import { writeNpy } from '../../../worker/core/data/npy';
import type { NamedBytes } from '../../../worker/core/formats/namedBytes';
import type { Report } from '../../../worker/core/report/report';
import { Sessions } from '../../../worker/session';
import { describeShared } from '../../shared';

const file = (path: string): NamedBytes => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) });

function report(model: string, request: Partial<RunRequest>): Promise<Report> {
  const sessions = new Sessions();
  sessions.open('s', file(model));
  const defaults = {
    runId: 'r',
    persona: 'tflite',
    state: 'reset',
    inputs: [],
    dataLabel: '',
    floatModel: null,
    labels: null,
  } as const;
  return sessions.run('s', { ...defaults, ...request }, () => undefined);
}

describeShared('report of real models', (shared) => {
  const tflite = (name: string) => join(shared, 'data/tflite', `${name}.tflite`);

  it('of mnist_lstm: digits by class, against the float model of the same network', async () => {
    const images = gunzipSync(readFileSync(join(shared, 'data/mnist/t10k-images-idx3-ubyte.gz'))).subarray(16);
    const digits = gunzipSync(readFileSync(join(shared, 'data/mnist/t10k-labels-idx1-ubyte.gz'))).subarray(8);
    const count = 100;
    const data = Float32Array.from(images.subarray(0, count * 784), (pixel) => pixel / 255);
    const labels = { decode: 'classification', unit: 'digits', labels: [...digits.subarray(0, count)] };
    const { layers, inputs, floatModel, task, headline } = await report(tflite('mnist_lstm_int8'), {
      inputs: [{ name: 't10k.npy', bytes: writeNpy({ dtype: 'float32', shape: [count, 1, 28, 28], data }) }],
      floatModel: file(tflite('mnist_lstm_float')),
      labels: { name: 'labels.json', bytes: new TextEncoder().encode(JSON.stringify(labels)) },
    });
    expect(floatModel?.matching).toMatchObject({ by: 'name', matched: 4, operators: 4 });
    expect(task).toMatchObject({ kind: 'classification', unit: 'digits', total: count });
    expect(task!.floatRight).toBeGreaterThanOrEqual(95);
    expect(task!.floatRight + task!.floatErrors).toBe(count);
    // Black and white pixels are at the rails of the input and lose nothing.
    expect(inputs[0]!.saturation.total).toBeGreaterThan(count * 300);
    expect(headline.some((line) => line.includes('rails'))).toBe(false);
    expect(layers.map(({ op }) => op)).toEqual(['UNIDIRECTIONAL_SEQUENCE_LSTM', 'RESHAPE', 'FULLY_CONNECTED', 'SOFTMAX']);
    for (const { values } of layers[0]!.signals.slice(1)) expect(values).toBe(count * 28 * 20);
    expect(layers[0]!.accumulated!.sqnrDb).toBeGreaterThan(30);
  });

  it('of a model with conversions at its ends: they need no counterpart, and the first one bears the error of rounding', async () => {
    const { layers, inputs, floatModel } = await report(tflite('mlperf_ad01_int8_floatio'), {
      floatModel: file(tflite('mlperf_ad01_float')),
    });
    expect(floatModel?.matching).toMatchObject({ by: 'name', matched: 10, operators: 10, unmatched: [] });
    expect(inputs[0]).toMatchObject({ dtype: 'float32', accumulated: { exact: true } });
    expect(layers[0]).toMatchObject({ op: 'QUANTIZE', local: { exact: false } });
    expect(layers.at(-1)).toMatchObject({ op: 'DEQUANTIZE', dtype: 'float32', saturation: { total: 0 } });
    expect(layers.every(({ accumulated }) => accumulated !== null)).toBe(true);
  });

  it('with a float model of another network is refused', async () => {
    const refused = report(tflite('mnist_lstm_int8'), { floatModel: file(tflite('hello_world_float')) });
    await expect(refused).rejects.toThrow(/hello_world_float\.tflite is no float model of the same network/);
  });

  it('of a streaming model with its states carried from sample to sample', async () => {
    const [carried, reset] = [
      await report(tflite('dtln_noise_suppression_int8'), { persona: 'tflm', state: 'carry' }),
      await report(tflite('dtln_noise_suppression_int8'), { persona: 'tflm', state: 'reset' }),
    ];
    expect([carried.state, reset.state]).toEqual(['carry', 'reset']);
    expect(carried.layers[0]!.accumulated).not.toEqual(reset.layers[0]!.accumulated);
    const pointsOf = ({ layers }: Report) => layers[0]!.signals.at(-1)!.located!.series.values.length;
    // Steps count on where states do.
    expect([pointsOf(carried), pointsOf(reset)]).toEqual([8, 1]);
  });

  it('of a bidirectional operator: signals of both directions', async () => {
    const model = join(shared, 'golden/bidirectional/bidirectional/op_hybrid.tflite');
    if (!existsSync(model)) throw new Error(`${model} is missing`);
    const { layers } = await report(model, {});
    const [layer] = layers;
    for (const direction of ['forward', 'backward']) {
      const names = layer!.signals.filter((signal) => signal.direction === direction).map(({ signal }) => signal);
      expect(names).toEqual(expect.arrayContaining(['x', 'f_xh', 'i', 'f', 'g', 'o', 'c', 'tanh_c', 'h']));
    }
    expect(layer!.lstm?.ledger.find(({ cause }) => cause === 'flat')?.absent).toBeNull();
  });

  it('of time-major batches, whose rows lie between steps', async () => {
    const folder = join(shared, 'golden/lstm16/lstm-ln-proj-peep-timemajor-batch2');
    const { layers } = await report(join(folder, 'int8.tflite'), {
      floatModel: file(join(folder, 'float.tflite')),
      inputs: [file(join(folder, 'x_float.npy'))],
    });
    expect(layers[0]!.lstm?.costs).not.toBeNull();
    expect(layers[0]!.signals.find(({ signal }) => signal === 'h')?.accumulated).toEqual(layers[0]!.accumulated);
  });
});
