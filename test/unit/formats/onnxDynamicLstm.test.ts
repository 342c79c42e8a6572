import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { describeLstms } from '../../../worker/core/model/lstmInfo';
import { schemeOf } from '../../../worker/core/model/scheme';
import { prepareGraphAnywhere } from '../../../worker/core/run/prepareGraph';
import { runtimeByFormat } from '../../../worker/runtimes/runtimeByFormat';
import { uniform } from '../lstm/randomLstm';
import { onnxModel, type ConstantSpec, type OnnxModelSpec } from './onnxLstmModel';
import { byEngine, byOrt, inputTypes, random } from './onnxRuns';

const INPUT = 5;
const HIDDEN = 6;

interface Layer {
  readonly directions: 1 | 2;
  readonly direction: string;
  readonly type: 'int8' | 'uint8';
  readonly perChannel: boolean;
  readonly batch: number;
}

function codes(shape: readonly number[], type: Layer['type'], seed: number): ConstantSpec {
  const next = uniform(seed);
  const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.round(next() * 127));
  return { shape, values: type === 'int8' ? Int8Array.from(values) : Uint8Array.from(values, (value) => value + 121) };
}

/** X -> DynamicQuantizeLSTM -> Y, Y_h, Y_c, with initial states and a bias. */
function layer({ directions, direction, type, perChannel, batch }: Layer, more: OnnxModelSpec['constants'] = {}) {
  const parameters = perChannel ? [directions, 4 * HIDDEN] : [directions];
  const scale = { ...random(parameters, 9, 0.001) };
  scale.values.forEach((value, k) => (scale.values[k] = Math.abs(value) + 0.003));
  const count = parameters.reduce((a, b) => a * b, 1);
  const zeroPoint = type === 'int8' ? new Int8Array(count) : new Uint8Array(count).fill(121);
  const constants = {
    W: codes([directions, INPUT, 4 * HIDDEN], type, 1),
    R: codes([directions, HIDDEN, 4 * HIDDEN], type, 2),
    B: random([directions, 8 * HIDDEN], 3, 0.5),
    scale,
    zeroPoint: { shape: parameters, values: zeroPoint },
    ...more,
  };
  const feeds = {
    X: random([7, batch, INPUT], 4, 3),
    h: random([directions, batch, HIDDEN], 5),
    c: random([directions, batch, HIDDEN], 6),
  };
  const bytes = onnxModel({
    nodes: [
      {
        op: 'DynamicQuantizeLSTM',
        domain: 'com.microsoft',
        name: 'rnn',
        inputs: [
          'X',
          'W',
          'R',
          'B',
          more.lengths === undefined ? '' : 'lengths',
          'h',
          'c',
          more.P === undefined ? '' : 'P',
          ...['scale', 'zeroPoint', 'scale', 'zeroPoint'],
        ],
        outputs: ['Y', 'Y_h', 'Y_c'],
        attributes: { hidden_size: HIDDEN, direction },
      },
    ],
    constants,
    inputs: inputTypes(feeds),
    shapes: { X: [7, batch, INPUT] },
    outputs: ['Y', 'Y_h', 'Y_c'],
  });
  return { bytes, feeds };
}

const LAYERS: readonly Layer[] = [
  { directions: 1, direction: 'forward', type: 'int8', perChannel: false, batch: 1 },
  { directions: 1, direction: 'reverse', type: 'uint8', perChannel: false, batch: 3 },
  { directions: 2, direction: 'bidirectional', type: 'int8', perChannel: true, batch: 2 },
  { directions: 1, direction: 'forward', type: 'uint8', perChannel: true, batch: 2 },
];

describe('DynamicQuantizeLSTM', () => {
  it.each(LAYERS)(
    'equals ONNX Runtime to the last bit: $direction, $type, per channel $perChannel, batch $batch',
    async (spec) => {
      const { bytes, feeds } = layer(spec);
      const model = readOnnx(bytes, 'x.onnx');
      expect(await byEngine(model, feeds)).toEqual(await byOrt(bytes, feeds));
      expect(schemeOf(model)).toBe('hybrid');
      expect(describeLstms(model.graphs[0]!).map(({ scheme, cell }) => [scheme, cell])).toEqual(
        Array.from({ length: spec.directions }, () => ['hybrid', HIDDEN]),
      );
    },
  );

  it('with a peephole is ONNX Runtime within float rounding', async () => {
    const { bytes, feeds } = layer(LAYERS[0]!, { P: random([1, 3 * HIDDEN], 8, 0.3) });
    const [own, expected] = [await byEngine(readOnnx(bytes, 'x.onnx'), feeds), await byOrt(bytes, feeds)];
    own.forEach(({ values }, k) => values.forEach((value, i) => expect(value).toBeCloseTo(expected[k]!.values[i]!, 6)));
  });

  it('has the dequantized weights on the float path', async () => {
    const { bytes, feeds } = layer(LAYERS[0]!);
    const model = readOnnx(bytes, 'x.onnx');
    const run = async (path: 'int8' | 'float') => {
      const runner = await prepareGraphAnywhere(model, 0, { path, persona: 'tflm', runtime: runtimeByFormat });
      const inputs = [feeds.X, feeds.h, feeds.c].map(({ shape, values }) => ({ dtype: 'float32' as const, shape, data: values }));
      return Array.from(runner.run(inputs)[0]!.data as Float32Array);
    };
    const [quantized, float] = [await run('int8'), await run('float')];
    const largest = Math.max(...quantized.map((value, k) => Math.abs(value - float[k]!)));
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(0.02);
  });

  it('stays ONNX Runtime’s where rows of different lengths share a scale', async () => {
    const { bytes, feeds } = layer(LAYERS[1]!, { lengths: { shape: [3], values: Int32Array.of(7, 2, 5) } });
    const model = readOnnx(bytes, 'x.onnx');
    const [operator] = model.graphs[0]!.operators;
    expect(operator?.name).toBe('DynamicQuantizeLSTM');
    expect(operator?.options.kept_because).toBe('batch rows of different lengths share the scale of their states');
    expect(await byEngine(model, feeds)).toEqual(await byOrt(bytes, feeds));
  });
});
