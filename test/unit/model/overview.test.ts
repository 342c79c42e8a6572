import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { describeShared } from '../../shared';
import { int32, int32s, int8, tables, text } from '../formats/flatWriter';
import { tinyModel } from '../formats/tinyModel';

function overviewOf(path: string): ModelOverview {
  return buildOverview(readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) }));
}

const sample = (name: string) => overviewOf(resolve(import.meta.dirname, `../../../samples/${name}.tflite`));

describe('overview of the samples', () => {
  it('says what the integer model is', () => {
    const overview = sample('digits-int8');
    expect(overview).toMatchObject({
      schema: 'gatescope.inspect/1',
      format: 'tflite',
      formatVersion: 3,
      byteLength: 72368,
      scheme: 'int8',
      // Matrices: 4 gates of 64 cells over 120 + 32 inputs, then over 32 + 32; two projections 32 x 64; 11 x 32 logits.
      macs: 4 * 64 * (120 + 32) + 4 * 64 * (32 + 32) + 2 * 32 * 64 + 11 * 32,
      signatures: [{ key: 'serving_default', subgraph: 0, inputs: ['features'], outputs: ['logits'] }],
    });
    // The matrices, per LSTM 4 gate biases and 4 layer-norm vectors of 64 and a projection bias of 32, and 11 output biases.
    expect(overview.params).toBe(overview.macs + 2 * (8 * 64 + 32) + 11);
    expect(overview.bytesByType).toEqual([
      { label: 'int8 weights', dtype: 'int8', bytes: 59744 },
      { label: 'int32 biases', dtype: 'int32', bytes: 2348 },
      { label: 'int16 weights', dtype: 'int16', bytes: 1024 },
      { label: 'file structure', dtype: null, bytes: 9252 },
    ]);
    expect(overview.bytesByType.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(overview.byteLength);
  });

  it('describes inputs, outputs and operators', () => {
    const { inputs, outputs, ops, tensors } = sample('digits-int8');
    expect(inputs).toMatchObject([{ index: 0, name: 'features', shape: [1, -1, 120], dtype: 'int8', constantBytes: 0 }]);
    const [quantization] = inputs.map((input) => input.quantization);
    expect(quantization).toMatchObject({ zeroPoints: [-12], axis: 0 });
    const scale = quantization?.scales[0] ?? NaN;
    expect(quantization?.range).toEqual([Math.fround(scale * -116), Math.fround(scale * 139)]);
    expect(outputs).toMatchObject([{ name: 'logits', shape: [1, -1, 11], dtype: 'int8' }]);
    expect(
      ops.map(({ index, op, dtypes, outputShape, macs, params, isCustom }) => [
        index,
        op,
        dtypes,
        outputShape,
        macs,
        params,
        isCustom,
      ]),
    ).toEqual([
      [0, 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'int8', [1, -1, 32], 40960, 41504, false],
      [1, 'UNIDIRECTIONAL_SEQUENCE_LSTM', 'int8', [1, -1, 32], 18432, 18976, false],
      [2, 'FULLY_CONNECTED', 'int8', [1, -1, 11], 352, 363, false],
    ]);
    expect(tensors).toHaveLength(56);
    expect(tensors.filter(({ isVariable }) => isVariable).map(({ name }) => name)).toEqual([
      'lstm0/output_state',
      'lstm0/cell_state',
      'lstm1/output_state',
      'lstm1/cell_state',
    ]);
  });

  it.each([
    ['digits-float', 'float'],
    ['digits-hybrid', 'hybrid'],
    ['digits-int8-miscalibrated', 'int8'],
  ] as const)('%s is %s, of the same size', (name, scheme) => {
    const { macs, params, scheme: found } = sample(name);
    expect({ macs, params, found }).toEqual({ macs: 59744, params: 60843, found: scheme });
  });
});

describe('overview of unusual models', () => {
  const built = (change: Parameters<typeof tinyModel>[0]) =>
    buildOverview(readModel({ name: 'x', bytes: tinyModel(change).bytes }));

  it('counts the graphs that the main one calls, each once, and no others', () => {
    const graph = (more: object) => ({
      0: tables([
        { 0: int32s([1, 4]), 1: int8(0), 3: text('x') },
        { 0: int32s([2, 4]), 1: int8(0), 3: text('w') },
        { 0: int32s([1, 2]), 1: int8(0), 3: text('y') },
      ]),
      1: int32s([0, 1]),
      2: int32s([2]),
      3: tables([{ 1: int32s([0, 1]), 2: int32s([2]) }]),
      ...more,
    });
    const loop = {
      0: int32(1),
      1: int32s([2]),
      2: int32s([2]),
      3: int8(93),
      4: { kind: 'table', table: { 0: int32(1), 1: int32(0) } },
    } as const;
    const main = graph({
      3: tables([
        { 1: int32s([0, 1]), 2: int32s([2]) },
        { ...loop, 1: int32s([0]), 2: int32s([]) },
      ]),
    });
    const overview = built((parts) => {
      parts.codes = [{ 0: int8(9) }, { 0: int8(119) }];
      parts.model = { 2: tables([main, graph({}), graph({})]) };
    });
    expect(overview.ops.map(({ subgraph, op, macs }) => [subgraph, op, macs])).toEqual([
      [0, 'FULLY_CONNECTED', 8],
      [0, 'WHILE', 0],
      [1, 'FULLY_CONNECTED', 8],
      [2, 'FULLY_CONNECTED', 8],
    ]);
    expect(overview.macs).toBe(16);
  });

  it('has no operators, no inputs and no findings for a model without any', () => {
    const overview = built((parts) => {
      parts.operators = [];
      parts.tensors = [];
      parts.subgraph = { 1: int32s([]), 2: int32s([]) };
    });
    expect(overview).toMatchObject({
      scheme: 'float',
      params: 0,
      macs: 0,
      inputs: [],
      outputs: [],
      ops: [],
      tensors: [],
      lstms: [],
    });
  });

  it('counts a buffer that two tensors share once', () => {
    const overview = built((parts) => {
      parts.tensors.push({ ...parts.tensors[1], 3: text('again') });
    });
    const bytes = (label: string) => overview.bytesByType.find((group) => group.label === label)?.bytes;
    expect(bytes('int8 weights')).toBe(8);
    expect(bytes('int32 biases')).toBe(8);
  });
});

describeShared('overview of reference models', (shared) => {
  const model = (name: string) => overviewOf(join(shared, 'data/tflite', `${name}.tflite`));

  /** MLPerf Tiny and MobileNet publish these counts (2.7 M, 12.5 M, 0.26 M, 41 M). */
  it.each([
    ['mlperf_kws_int8', 2_656_768],
    ['mlperf_resnet_int8', 12_501_632],
    ['mlperf_ad01_int8', 264_192],
    ['mobilenet_v1_0.25_224_quant', 41_030_528],
    ['mobilenet_v1_0.25_224_float', 41_030_528],
    ['mnist_lstm_int8', 28 * 4 * 20 * (28 + 20) + 10 * 560],
  ])('%s: %i multiply-accumulates', (name, macs) => {
    expect(model(name).macs).toBe(macs);
  });

  it.each([
    ['mnist_lstm_float', 'float'],
    ['mnist_lstm_int8', 'int8'],
    ['dtln_model_1', 'float'],
    ['dtln_model_quant_1', 'hybrid'],
    ['dtln_noise_suppression_int8', 'int8'],
    ['mlperf_ad01_dynrange', 'hybrid'],
    ['mlperf_ad01_int8_floatio', 'int8'],
    ['mlperf_kws_float_w8', 'hybrid'],
    ['mobilenet_v1_0.25_224_quant', 'int8'],
    ['keyword_scrambled', 'int8'],
    ['litert_single_add_default_a16w8_recipe_quantized', '16x8'],
  ] as const)('%s is %s', (name, scheme) => {
    expect(model(name).scheme).toBe(scheme);
  });

  it('equals the figures of the design for the speech recognizer', () => {
    const overview = overviewOf(join(shared, 'data/speech-digits/models/lstm.int8.tflite'));
    expect(overview).toMatchObject({ params: 158507, macs: 157728, byteLength: 167600, scheme: 'int8' });
    expect(overview.bytesByType.map(({ label, bytes }) => [label, bytes])).toEqual([
      ['int8 weights', 157728],
      ['int32 biases', 3116],
      ['file structure', 6756],
    ]);
    expect(overview.tensors).toHaveLength(44);
  });
});
