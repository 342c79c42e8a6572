import { afterAll, describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { UnsupportedOperatorError } from '../../../worker/core/run/preparedOp';
import { prepareGraphAnywhere } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { onnxRuntime } from '../../../worker/runtimes/onnxruntimeSource';
import { runtimeByFormat } from '../../../worker/runtimes/runtimeByFormat';
import { onnxModel, type ConstantSpec, type NodeSpec, type OnnxModelSpec } from '../formats/onnxLstmModel';
import { random } from '../formats/onnxRuns';

const MICROSOFT = 'com.microsoft';
const SCALE = 0.02;
const WEIGHT_SCALES = [0.01, 0.02, 0.005];

const scalar = (value: number): ConstantSpec => ({ shape: [], values: Float32Array.of(value) });
const zero = (value: number): ConstantSpec => ({ shape: [], values: Uint8Array.of(value) });
const codes = (shape: readonly number[], seed: number): ConstantSpec => ({
  shape,
  values: Int8Array.from(random(shape, seed, 100).values, Math.round),
});

/** Reals of int8 codes, by the scales along one axis. */
function reals({ shape, values }: ConstantSpec, scales: readonly number[], axis: number): ConstantSpec {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const data = Float32Array.from(
    values as Int8Array,
    (code, k) => code * (scales[scales.length === 1 ? 0 : Math.floor(k / inner) % scales.length] ?? 0),
  );
  return { shape, values: data };
}

const PARAMETERS = {
  s: scalar(SCALE),
  z: zero(128),
  ws: scalar(0.01),
  wz: { shape: [], values: Int8Array.of(0) },
  wsByChannel: { shape: [3], values: Float32Array.from(WEIGHT_SCALES) },
  wzByChannel: { shape: [3], values: new Int8Array(3) },
};

interface Case {
  readonly name: string;
  /** From `q` of uint8 (scale `s`, zero point `z`) to `r` of the same. */
  readonly quantized: NodeSpec;
  /** From `x` to `y`. */
  readonly float: NodeSpec;
  readonly shape: readonly number[];
  readonly constants?: OnnxModelSpec['constants'];
  readonly reals?: OnnxModelSpec['constants'];
  /** Steps of the output that the quantized path may be away. */
  readonly steps?: number;
}

const unary = (op: string, float: string, shape: readonly number[], attributes: NodeSpec['attributes'] = {}): Case => ({
  name: op,
  quantized: { op, domain: MICROSOFT, inputs: ['q', 's', 'z', 's', 'z'], outputs: ['r'], attributes },
  float: {
    op: float,
    inputs: ['x'],
    outputs: ['y'],
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== 'channels_last')),
  },
  shape,
});
const KERNEL = codes([3, 2, 3, 3], 1);
const MATRIX = codes([4, 3], 2);
const BIAS = { shape: [3], values: Int32Array.of(1000, -2000, 3000) };

const CASES: readonly Case[] = [
  {
    name: 'QLinearConv with channels and a bias',
    quantized: {
      op: 'QLinearConv',
      inputs: ['q', 's', 'z', 'k', 'wsByChannel', 'wzByChannel', 's', 'z', 'b'],
      outputs: ['r'],
      attributes: { pads: [1, 1, 1, 1] },
    },
    float: { op: 'Conv', inputs: ['x', 'k', 'b'], outputs: ['y'], attributes: { pads: [1, 1, 1, 1] } },
    shape: [1, 2, 5, 5],
    constants: { k: KERNEL, b: BIAS },
    reals: {
      k: reals(KERNEL, WEIGHT_SCALES, 0),
      b: reals(
        { ...BIAS, values: BIAS.values },
        WEIGHT_SCALES.map((w) => w * SCALE),
        0,
      ),
    },
  },
  {
    name: 'QLinearMatMul',
    quantized: { op: 'QLinearMatMul', inputs: ['q', 's', 'z', 'm', 'ws', 'wz', 's', 'z'], outputs: ['r'] },
    float: { op: 'MatMul', inputs: ['x', 'm'], outputs: ['y'] },
    shape: [2, 4],
    constants: { m: MATRIX },
    reals: { m: reals(MATRIX, [0.01], 1) },
  },
  {
    name: 'QGemm with a bias',
    quantized: { op: 'QGemm', domain: MICROSOFT, inputs: ['q', 's', 'z', 'm', 'ws', 'wz', 'b', 's', 'z'], outputs: ['r'] },
    float: { op: 'Gemm', inputs: ['x', 'm', 'b'], outputs: ['y'] },
    shape: [2, 4],
    constants: { m: MATRIX, b: BIAS },
    reals: { m: reals(MATRIX, [0.01], 1), b: reals({ ...BIAS, values: BIAS.values }, [0.01 * SCALE], 0) },
  },
  {
    name: 'QLinearAdd',
    quantized: { op: 'QLinearAdd', domain: MICROSOFT, inputs: ['q', 's', 'z', 'q', 's', 'z', 's', 'z'], outputs: ['r'] },
    float: { op: 'Add', inputs: ['x', 'x'], outputs: ['y'] },
    shape: [2, 4],
  },
  {
    name: 'QLinearMul',
    quantized: { op: 'QLinearMul', domain: MICROSOFT, inputs: ['q', 's', 'z', 'q', 's', 'z', 's', 'z'], outputs: ['r'] },
    float: { op: 'Mul', inputs: ['x', 'x'], outputs: ['y'] },
    shape: [2, 4],
  },
  {
    name: 'QLinearConcat',
    quantized: {
      op: 'QLinearConcat',
      domain: MICROSOFT,
      inputs: ['s', 'z', 'q', 's', 'z', 'q', 's', 'z'],
      outputs: ['r'],
      attributes: { axis: 1 },
    },
    float: { op: 'Concat', inputs: ['x', 'x'], outputs: ['y'], attributes: { axis: 1 } },
    shape: [2, 4],
  },
  unary('QLinearSigmoid', 'Sigmoid', [2, 4]),
  unary('QLinearLeakyRelu', 'LeakyRelu', [2, 4], { alpha: { float: 0.25 } }),
  unary('QLinearAveragePool', 'AveragePool', [1, 2, 4, 4], { kernel_shape: [2, 2] }),
  unary('QLinearGlobalAveragePool', 'GlobalAveragePool', [1, 2, 4, 4], { channels_last: 0 }),
];

/** Output of a model for an input on a path. */
async function run(spec: OnnxModelSpec, x: ConstantSpec, path: 'int8' | 'float') {
  const model = readOnnx(onnxModel(spec), 'x.onnx');
  const runner = await prepareGraphAnywhere(model, 0, { path, persona: 'tflite', runtime: runtimeByFormat });
  const value: Value = { dtype: 'float32', shape: x.shape, data: x.values };
  const [y] = runner.run([value]);
  return { shape: y?.shape, values: Array.from(y?.data as Float32Array), model };
}

const largestDifference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, k) => Math.abs(value - (b[k] ?? NaN))));

describe('quantized operators of ONNX models on the float path', () => {
  afterAll(() => onnxRuntime.rest());

  it.each(CASES)(
    '$name is its float counterpart on dequantized weights',
    async ({ quantized, float, shape, constants = {}, reals: weights = {} }) => {
      const x = random(shape, 7, 1.5);
      const common = { inputs: { x: 'float32' as const }, shapes: { x: shape }, outputs: ['y'] };
      const spec: OnnxModelSpec = {
        ...common,
        nodes: [
          { op: 'QuantizeLinear', inputs: ['x', 's', 'z'], outputs: ['q'] },
          quantized,
          { op: 'DequantizeLinear', inputs: ['r', 's', 'z'], outputs: ['y'] },
        ],
        constants: { ...PARAMETERS, ...constants },
      };
      const expected = await run({ ...common, nodes: [float], constants: weights }, x, 'float');
      const own = await run(spec, x, 'float');
      expect(own.shape).toEqual(expected.shape);
      expect(largestDifference(own.values, expected.values)).toBeLessThan(1e-5);
      const limited = expected.values.map((value) => Math.min(127 * SCALE, Math.max(-128 * SCALE, value)));
      const codesApart = largestDifference((await run(spec, x, 'int8')).values, limited) / SCALE;
      expect(codesApart).toBeGreaterThan(0);
      expect(codesApart).toBeLessThan(4);
      for (const name of Object.keys(constants)) {
        const tensor = own.model.graphs[0]!.tensors.find((one) => one.name === name);
        expect(tensor?.quantization?.scales.length, name).toBeGreaterThan(0);
      }
    },
  );

  it('dynamic quantization is the same arithmetic without rounding', async () => {
    const x = random([3, 4], 8, 1.5);
    const spec: OnnxModelSpec = {
      nodes: [
        { op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 'qs', 'qz'] },
        { op: 'MatMulInteger', inputs: ['q', 'm', 'qz', 'mz'], outputs: ['sums'] },
        { op: 'Cast', inputs: ['sums'], outputs: ['cast'], attributes: { to: 1 } },
        { op: 'Mul', inputs: ['qs', 'wsByChannel'], outputs: ['scales'] },
        { op: 'Mul', inputs: ['cast', 'scales'], outputs: ['y'] },
      ],
      constants: { ...PARAMETERS, m: MATRIX, mz: { shape: [3], values: Int8Array.of(1, -2, 3) } },
      inputs: { x: 'float32' },
      shapes: { x: [3, 4] },
      outputs: ['y'],
    };
    const less = { ...MATRIX, values: (MATRIX.values as Int8Array).map((code, k) => code - [1, -2, 3][k % 3]!) };
    const expected = await run(
      { ...spec, nodes: [{ op: 'MatMul', inputs: ['x', 'm'], outputs: ['y'] }], constants: { m: reals(less, WEIGHT_SCALES, 1) } },
      x,
      'float',
    );
    const own = await run(spec, x, 'float');
    expect(largestDifference(own.values, expected.values)).toBeLessThan(1e-5);
    const quantized = largestDifference((await run(spec, x, 'int8')).values, expected.values);
    expect(quantized).toBeGreaterThan(1e-4);
    expect(quantized).toBeLessThan(0.1);
    const matrix = own.model.graphs[0]!.tensors.find(({ name }) => name === 'm');
    expect(matrix?.quantization).toMatchObject({ axis: 1, zeroPoints: Float64Array.of(1, -2, 3) });
  });

  it.each([
    {
      op: 'MatMulIntegerToFloat',
      nodes: [
        { op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 'qs', 'qz'] },
        { op: 'MatMulIntegerToFloat', domain: MICROSOFT, inputs: ['q', 'm', 'qs', 'ws', 'qz', 'wz', 'added'], outputs: ['y'] },
      ],
    },
    {
      op: 'DynamicQuantizeMatMul',
      nodes: [{ op: 'DynamicQuantizeMatMul', domain: MICROSOFT, inputs: ['x', 'm', 'ws', 'wz', 'added'], outputs: ['y'] }],
    },
    {
      op: 'QLinearMatMul with a computed scale',
      nodes: [
        { op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 'qs', 'qz'] },
        { op: 'QLinearMatMul', inputs: ['q', 'qs', 'qz', 'm', 'ws', 'wz', 'qs', 'qz'], outputs: ['r'] },
        { op: 'DequantizeLinear', inputs: ['r', 'qs', 'qz'], outputs: ['p'] },
        { op: 'Add', inputs: ['p', 'added'], outputs: ['y'] },
      ],
    },
  ])('$op takes its scale from the run', async ({ nodes }) => {
    const x = random([2, 4], 9, 1.5);
    const added = random([3], 10);
    const common = { inputs: { x: 'float32' as const }, shapes: { x: [2, 4] }, outputs: ['y'] };
    const float: OnnxModelSpec['nodes'] = [
      { op: 'MatMul', inputs: ['x', 'm'], outputs: ['p'] },
      { op: 'Add', inputs: ['p', 'added'], outputs: ['y'] },
    ];
    const expected = await run({ ...common, nodes: float, constants: { m: reals(MATRIX, [0.01], 1), added } }, x, 'float');
    const spec = { ...common, nodes, constants: { ...PARAMETERS, m: MATRIX, added } };
    expect(largestDifference((await run(spec, x, 'float')).values, expected.values)).toBeLessThan(1e-5);
    const quantized = largestDifference((await run(spec, x, 'int8')).values, expected.values);
    expect(quantized).toBeGreaterThan(1e-4);
  });

  it('a format whose lowest code is 0 is the Relu that quantizers leave out', async () => {
    const spec = (scale: number): OnnxModelSpec => ({
      nodes: [
        { op: 'QuantizeLinear', inputs: ['x', 's', 'z'], outputs: ['q'] },
        { op: 'DequantizeLinear', inputs: ['q', 's', 'z'], outputs: ['y'] },
      ],
      constants: { s: scalar(scale), z: zero(0) },
      inputs: { x: 'float32' },
      shapes: { x: [3] },
      outputs: ['y'],
    });
    const x = { shape: [3], values: Float32Array.of(-1, 2.01, 7) };
    expect((await run(spec(0.02), x, 'float')).values).toEqual([0, Math.fround(2.01), 7]);
    expect((await run(spec(6 / 255), x, 'float')).values).toEqual([0, Math.fround(2.01), 6]);
  });

  it('what has no counterpart is said', async () => {
    const spec: OnnxModelSpec = {
      nodes: [
        { op: 'QuantizeLinear', inputs: ['x', 's', 'z'], outputs: ['q'] },
        {
          op: 'QLinearGlobalAveragePool',
          domain: MICROSOFT,
          inputs: ['q', 's', 'z', 's', 'z'],
          outputs: ['r'],
          attributes: { channels_last: 1 },
        },
        { op: 'DequantizeLinear', inputs: ['r', 's', 'z'], outputs: ['y'] },
      ],
      constants: PARAMETERS,
      inputs: { x: 'float32' },
      shapes: { x: [1, 4, 4, 2] },
      outputs: ['y'],
    };
    const x = random([1, 4, 4, 2], 1);
    await expect(run(spec, x, 'float')).rejects.toThrow(UnsupportedOperatorError);
    await expect(run(spec, x, 'float')).rejects.toThrow('channels are last');
  });
});
