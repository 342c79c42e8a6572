import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readModel } from '../../worker/core/formats/readModel';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import type { Value } from '../../worker/core/run/value';
import { describeShared } from '../shared';
import { readNpyFile } from '../npy';

function prepare(path: string, options: GraphOptions) {
  return prepareGraph(readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) }), 0, options);
}

describeShared('mnist_lstm on the 10,000 test digits', (shared) => {
  const unzip = (name: string) => gunzipSync(readFileSync(join(shared, 'data/mnist', name)));
  const model = (name: string) => join(shared, 'data/tflite', name);

  /** Digits recognised; pixels as value / 255, the first of equal classes counts. */
  function countRight(file: string, options: GraphOptions): number {
    const images = unzip('t10k-images-idx3-ubyte.gz').subarray(16);
    const labels = unzip('t10k-labels-idx1-ubyte.gz').subarray(8);
    const runner = prepare(model(file), options);
    let right = 0;
    for (let n = 0; n < labels.length; n++) {
      const data = Float32Array.from(images.subarray(n * 784, (n + 1) * 784), (pixel) => pixel / 255);
      runner.resetState();
      const scores = Array.from(runner.run([{ dtype: 'float32', shape: [1, 28, 28], data }])[0]?.data as Float32Array);
      if (scores.indexOf(Math.max(...scores)) === labels[n]) right++;
    }
    expect(labels.length).toBe(10_000);
    return right;
  }

  it('float: 98.53 %', () => expect(countRight('mnist_lstm_float.tflite', { path: 'float', persona: 'tflite' })).toBe(9853));

  it('int8 as TFLM computes it: 98.50 %', () =>
    expect(countRight('mnist_lstm_int8.tflite', { path: 'int8', persona: 'tflm' })).toBe(9850));

  // LiteRT 2.3.0 itself, run on the same inputs, gets 9849 with each of its three sets of kernels.
  it('int8 as TensorFlow Lite computes it: 98.49 %', () =>
    expect(countRight('mnist_lstm_int8.tflite', { path: 'int8', persona: 'tflite' })).toBe(9849));
});

describeShared('bidirectional integer models (two LSTMs, REVERSE_V2, QUANTIZE, CONCATENATION)', (shared) => {
  const names = ['bidirectional', 'bidirectional-cifg-peep', 'bidirectional-ln-proj', 'bidirectional-peep-proj'];

  /** Output of every sequence, states reset before each. */
  function run(folder: string, file: string, options: GraphOptions): number[] {
    const runner = prepare(join(folder, file), options);
    const { shape, data } = readNpyFile(join(folder, options.path === 'int8' ? 'x_int8.npy' : 'x_float.npy'));
    const [sequences = 0, ...rest] = shape;
    const length = data.length / sequences;
    return Array.from({ length: sequences }, (_, i) => {
      runner.resetState();
      const x = {
        dtype: options.path === 'int8' ? 'int8' : 'float32',
        shape: rest,
        data: data.slice(i * length, (i + 1) * length),
      };
      return Array.from(runner.run([x as Value])[0]?.data as Float32Array);
    }).flat();
  }

  it.each(names)('%s: every integer', (name) => {
    const folder = join(shared, 'golden/bidirectional', name);
    const y = run(folder, 'int8.tflite', { path: 'int8', persona: 'tflite' });
    expect(y).toEqual(Array.from(readNpyFile(join(folder, 'y_int8.npy')).data as Int8Array));
  });

  // float32 sums in another order, over sequences of outputs below 1.
  it.each(names)('%s: float within 1e-6', (name) => {
    const folder = join(shared, 'golden/bidirectional', name);
    const y = run(folder, 'float.tflite', { path: 'float', persona: 'tflite' });
    const right = readNpyFile(join(folder, 'y_float.npy')).data as Float32Array;
    expect(y).toHaveLength(right.length);
    expect(Math.max(...y.map((value, i) => Math.abs(value - (right[i] ?? NaN))))).toBeLessThanOrEqual(1e-6);
  });
});
