import { afterAll, describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { elementCount } from '../../../worker/core/run/arrays';
import { prepareGraphAnywhere } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { onnxRuntime } from '../../../worker/runtimes/onnxruntimeSource';
import { runtimeByFormat } from '../../../worker/runtimes/runtimeByFormat';
import { OnnxSession } from '../../onnxSession';
import { onnxModel, type OnnxModelSpec } from '../formats/onnxLstmModel';

type Case = readonly [op: string, shape: readonly number[], spec?: Partial<Pick<OnnxModelSpec, 'opset'>> & Moved];
interface Moved {
  readonly lists?: Readonly<Record<string, readonly number[]>>;
  /** A single number, of rank 0. */
  readonly index?: number;
  readonly attributes?: OnnxModelSpec['nodes'][number]['attributes'];
}

const CASES: readonly Case[] = [
  ['Identity', [2, 3]],
  ['Squeeze', [1, 3, 1]],
  ['Squeeze', [1, 3, 1], { lists: { axes: [-1] } }],
  ['Squeeze', [1, 3, 1], { opset: 11, attributes: { axes: [0] } }],
  ['Unsqueeze', [2, 3], { lists: { axes: [0, -1] } }],
  ['Unsqueeze', [2, 3], { opset: 11, attributes: { axes: [1, 3] } }],
  ['Flatten', [2, 3, 4]],
  ['Flatten', [2, 3, 4], { attributes: { axis: -1 } }],
  ['Reshape', [2, 3, 4], { lists: { shape: [0, -1, 2] } }],
  ['Reshape', [2, 3, 4], { lists: { shape: [24] } }],
  ['Transpose', [2, 3, 4]],
  ['Transpose', [2, 3, 4], { attributes: { perm: [1, 0, 2] } }],
  ['Slice', [4, 5], { lists: { starts: [1, 0], ends: [3, 1000] } }],
  ['Slice', [4, 5], { lists: { starts: [-1], ends: [-1000], axes: [1], steps: [-2] } }],
  ['Slice', [4, 5], { lists: { starts: [9], ends: [-1], axes: [-2], steps: [3] } }],
  ['Slice', [4, 5], { lists: { starts: [3, -9], ends: [0, 4], axes: [0, 1], steps: [-1, 2] } }],
  ['Slice', [4, 5], { opset: 9, attributes: { starts: [1], ends: [-1], axes: [1] } }],
  ['Gather', [2, 3, 4], { index: -1, attributes: { axis: 1 } }],
  ['Gather', [2, 3, 4], { index: 1 }],
  ['Concat', [2, 3, 4], { attributes: { axis: -2 } }],
  ['Concat', [3], { attributes: { axis: 0 } }],
];

function modelOf([op, , given]: Case): Uint8Array {
  const { opset = 21, lists = {}, index, attributes = {} } = given ?? {};
  const constants = Object.entries(lists).map(([name, list]) => [name, { shape: [list.length], values: BigInt64Array.from(list, BigInt) }] as const); // prettier-ignore
  const single = index === undefined ? [] : [['index', { shape: [], values: BigInt64Array.of(BigInt(index)) }] as const];
  const operands: (readonly [string, { shape: readonly number[]; values: BigInt64Array }])[] = [...constants, ...single];
  const inputs = [op === 'Concat' ? ['x', 'x'] : ['x'], operands.map(([name]) => name)].flat();
  return onnxModel({ opset, nodes: [{ op, inputs, outputs: ['y'], attributes }], constants: Object.fromEntries(operands), inputs: { x: 'float32' }, outputs: ['y'] }); // prettier-ignore
}

async function prepared(model: Uint8Array) {
  return prepareGraphAnywhere(readOnnx(model, 'x.onnx'), 0, { path: 'float', persona: 'tflite', runtime: runtimeByFormat });
}

describe('operators of ONNX that move values', () => {
  afterAll(() => onnxRuntime.rest());

  it.each(CASES.map((one) => ({ name: JSON.stringify(one), one })))(
    '$name: done here as ONNX Runtime does it',
    async ({ one }) => {
      const [, shape] = one;
      const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => i + 1);
      const x: Value = { dtype: 'float32', shape, data };
      const model = modelOf(one);
      const runner = await prepared(model);
      expect(runner.operators[0]?.runtime).toBe(undefined);
      const whole = await OnnxSession.open(model);
      expect(runner.run([x])).toEqual(await whole.run({ x }));
      await whole.close();
    },
  );

  it.each<readonly [Case, string]>([
    [['Squeeze', [2, 3], { lists: { axes: [0] } }], '[2, 3] does not become [3]'],
    [['Reshape', [2, 3], { lists: { shape: [4] } }], '[2, 3] does not become [4]'],
    [['Reshape', [2, 3], { lists: { shape: [-1, 4] } }], 'does not become'],
    [['Transpose', [2, 3], { attributes: { perm: [0, 0] } }], 'axes 0, 0 of 2'],
    [['Gather', [2, 3], { index: 2 }], 'axis 2 of 2'],
    [['Concat', [2, 3], { attributes: { axis: 2 } }], 'axis 2 of 2'],
  ])('%j: what cannot be is refused', async (one, reason) => {
    const [, shape] = one;
    const x: Value = { dtype: 'float32', shape, data: new Float32Array(elementCount(shape)) };
    const run = async () => (await prepared(modelOf(one))).run([x]);
    await expect(run()).rejects.toThrow(reason);
  });
});

describe('QuantizeLinear and DequantizeLinear with one scale', () => {
  afterAll(() => onnxRuntime.rest());

  it.each([
    [0.037, Int8Array.of(-7)],
    [0.25, Uint8Array.of(130)],
    [1e-3, Int8Array.of(0)],
  ])('scale %d: every code and real as ONNX Runtime has them', async (scale, zeroPoint) => {
    const constants = { s: { shape: [], values: Float32Array.of(scale) }, z: { shape: [], values: zeroPoint } };
    const nodes = [
      { op: 'QuantizeLinear', inputs: ['x', 's', 'z'], outputs: ['q'] },
      { op: 'DequantizeLinear', inputs: ['q', 's', 'z'], outputs: ['y'] },
    ];
    const model = onnxModel({ opset: 21, nodes, constants, inputs: { x: 'float32' }, outputs: ['y'] });
    const options = { path: 'int8', persona: 'tflite', runtime: runtimeByFormat } as const;
    const runner = await prepareGraphAnywhere(readOnnx(model, 'x.onnx'), 0, options);
    expect(runner.operators.map(({ runtime }) => runtime)).toEqual([undefined, undefined]);
    // Steps of half a code, all rails passed; the last ones are no round numbers.
    const halves = Array.from({ length: 4_000 }, (_, i) => (i - 2_000) * scale * 0.5);
    const others = Array.from({ length: 4_000 }, (_, i) => Math.sin(i * 12.9898) * 300 * scale);
    const data = Float32Array.of(...halves, ...others, -0, Infinity, -Infinity, 3e38, 1e-40);
    const x: Value = { dtype: 'float32', shape: [data.length], data };
    const whole = await OnnxSession.open(model);
    expect(runner.run([x])).toEqual(await whole.run({ x }));
    await whole.close();
  });
});
