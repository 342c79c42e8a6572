import { afterAll, describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import type { DType } from '../../../worker/core/model/dtype';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import { UnsupportedOperatorError } from '../../../worker/core/run/preparedOp';
import { prepareGraphAnywhere } from '../../../worker/core/run/prepareGraph';
import type { NumericArray, Value } from '../../../worker/core/run/value';
import { onnxRuntime } from '../../../worker/runtimes/onnxruntimeSource';
import { runtimeByFormat } from '../../../worker/runtimes/runtimeByFormat';
import { onnxModel, type OnnxModelSpec } from '../formats/onnxLstmModel';

const OWN: GraphOptions = { path: 'int8', persona: 'tflite', runtime: runtimeByFormat };
const FLOAT: GraphOptions = { ...OWN, path: 'float' };
const LEFT_OUT: GraphOptions = { ...FLOAT, whenRefused: 'leave-out' };

const prepare = (spec: OnnxModelSpec, options = OWN) =>
  prepareGraphAnywhere(readOnnx(onnxModel({ opset: 21, ...spec }), 'x.onnx'), 0, options);

const reals = (values: readonly number[], shape = [values.length]): Value => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
});
const whole = (...values: readonly number[]): Value => ({
  dtype: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});
const numbers = (value: Value | null | undefined) => Array.from((value?.data ?? []) as ArrayLike<number | bigint>, Number);
const constant = (...values: readonly number[]) => ({ shape: [values.length], values: Float32Array.from(values) });
const indices = (...values: readonly number[]) => ({ shape: [values.length], values: BigInt64Array.from(values, BigInt) });

describe('operators of ONNX models', () => {
  // Whatever is asked for afterwards starts the thread anew.
  afterAll(() => onnxRuntime.rest());

  it('run in ONNX Runtime on operands of any shape, which differs from run to run', async () => {
    const runner = await prepare({
      nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
      constants: {},
      inputs: { x: 'float32' },
      outputs: ['y'],
    });
    expect(runner.operators[0]?.runtime).toBe('ONNX Runtime');
    for (const shape of [[3], [1, 3], [], [2, 0], [0]]) {
      const x = reals(
        Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i + 1),
        shape,
      );
      expect(runner.run([x])).toEqual([{ ...x, data: Float32Array.from(numbers(x), (value) => 2 * value) }]);
    }
  });

  it('take and give every type that can be handed over', async () => {
    const arrays: readonly (readonly [DType, NumericArray])[] = [
      ['float32', Float32Array.of(1.5, -2)],
      ['float64', Float64Array.of(0.1, -2)],
      ['int8', Int8Array.of(1, -2)],
      ['uint8', Uint8Array.of(1, 200)],
      ['int16', Int16Array.of(1, -2)],
      ['uint16', Uint16Array.of(1, 60000)],
      ['int32', Int32Array.of(1, -2)],
      ['uint32', Uint32Array.of(1, 4e9)],
      ['int64', BigInt64Array.of(2n ** 62n, -2n)],
      ['bool', Uint8Array.of(1, 0)],
    ];
    for (const [dtype, data] of arrays) {
      const runner = await prepare({
        nodes: [{ op: 'Gather', inputs: ['x', 'i'], outputs: ['y'] }],
        constants: { i: indices(0, 1, 0, 1) },
        inputs: { x: dtype },
        outputs: ['y'],
        outputTypes: { y: dtype },
      });
      const [y] = runner.run([{ dtype, shape: [2], data }]);
      expect(y?.dtype).toBe(dtype);
      expect(y?.data.constructor).toBe(data.constructor);
      expect(y?.data.join()).toBe(`${data.join()},${data.join()}`);
    }
  });

  it('round half floats as half floats, and hold them as float32', async () => {
    const runner = await prepare({
      nodes: [{ op: 'Add', inputs: ['x', 'one'], outputs: ['y'] }],
      constants: { one: { shape: [1], values: Uint16Array.of(0x3c00), dtype: 'float16' } },
      inputs: { x: 'float16' },
      outputs: ['y'],
      outputTypes: { y: 'float16' },
    });
    // Between 2,048 and 4,096 half floats are the even numbers.
    expect(runner.run([reals([2048, 2050, 0.5])])).toEqual([reals([2048, 2052, 1.5])]);
  });

  it('may have several outputs, and leave operands out', async () => {
    const runner = await prepare({
      nodes: [
        { op: 'Clip', inputs: ['x', '', 'most'], outputs: ['clipped'] },
        { op: 'TopK', inputs: ['clipped', 'two'], outputs: ['values', 'places'] },
        { op: 'MaxPool', inputs: ['image'], outputs: ['pooled'], attributes: { kernel_shape: [2] } },
      ],
      constants: { most: { shape: [], values: Float32Array.of(5) }, two: indices(2) },
      inputs: { x: 'float32', image: 'float32' },
      outputs: ['values', 'places', 'pooled'],
      outputTypes: { places: 'int64' },
    });
    const outputs = runner.run([reals([1, 9, 4, -3]), reals([1, 3, 2], [1, 1, 3])]);
    expect(outputs.map(numbers)).toEqual([
      [5, 4],
      [1, 2],
      [3, 3],
    ]);
    expect(outputs[1]?.dtype).toBe('int64');
  });

  it('are computed once where they depend on constants only', async () => {
    const runner = await prepare({
      nodes: [
        { op: 'Exp', inputs: ['c'], outputs: ['e'] },
        { op: 'Shape', inputs: ['e'], outputs: ['s'] },
        { op: 'Reshape', inputs: ['x', 's'], outputs: ['r'] },
        { op: 'Mul', inputs: ['r', 'e'], outputs: ['y'] },
      ],
      constants: { c: constant(0, 0) },
      inputs: { x: 'float32' },
      outputs: ['y'],
    });
    const [once] = runner.operators[0]?.run([]) ?? [];
    expect(numbers(once)).toEqual([1, 1]);
    expect(runner.operators[0]?.run([])[0]).toBe(once);
    expect(runner.run([reals([3, 4], [2, 1])])).toEqual([reals([3, 4])]);
  });

  it('run with the graphs inside them, which read values of the graph around', async () => {
    const body: OnnxModelSpec = {
      nodes: [
        { op: 'Add', inputs: ['v', 'w'], outputs: ['sum'] },
        { op: 'Mul', inputs: ['sum', 'two'], outputs: ['next'] },
        { op: 'Identity', inputs: ['goes'], outputs: ['goesOn'] },
      ],
      constants: {},
      inputs: { step: 'int64', goes: 'bool', v: 'float32' },
      shapes: { step: [], goes: [] },
      outputs: ['goesOn', 'next'],
      outputTypes: { goesOn: 'bool' },
    };
    const runner = await prepare({
      nodes: [{ op: 'Loop', inputs: ['count', '', 'x'], outputs: ['y'], attributes: { body: { graph: body } } }],
      constants: { count: { shape: [], values: BigInt64Array.of(3n) }, two: constant(2) },
      inputs: { x: 'float32', w: 'float32' },
      outputs: ['y'],
    });
    // ((1 + 10) 2 + 10) 2 + 10, twice.
    expect(runner.run([reals([1]), reals([10])])).toEqual([reals([148])]);
    expect(runner.run([reals([1, 2]), reals([0])])).toEqual([reals([8, 16])]);
  });

  it('go on when the thread has ended in between', async () => {
    const runner = await prepare({
      nodes: [{ op: 'Mul', inputs: ['x', 'c'], outputs: ['y'] }],
      constants: { c: constant(3) },
      inputs: { x: 'float32' },
      outputs: ['y'],
    });
    expect(runner.run([reals([2])])).toEqual([reals([6])]);
    onnxRuntime.rest();
    expect(runner.run([reals([5])])).toEqual([reals([15])]);
  });
});

describe('QuantizeLinear and DequantizeLinear', () => {
  const spec: OnnxModelSpec = {
    nodes: [
      { op: 'QuantizeLinear', inputs: ['x', 'scale', 'zero'], outputs: ['q'] },
      { op: 'MaxPool', inputs: ['q'], outputs: ['p'], attributes: { kernel_shape: [1] } },
      { op: 'DequantizeLinear', inputs: ['p', 'scale', 'zero'], outputs: ['d'] },
      { op: 'DequantizeLinear', inputs: ['weights', 'scale', 'zero'], outputs: ['w'] },
      { op: 'Mul', inputs: ['d', 'w'], outputs: ['y'] },
    ],
    constants: {
      scale: { shape: [], values: Float32Array.of(0.5) },
      zero: { shape: [], values: Int8Array.of(3) },
      weights: { shape: [1], values: Int8Array.of(7) },
    },
    inputs: { x: 'float32' },
    outputs: ['y'],
  };
  const x = reals([0.25, 0.75, 100], [1, 1, 3]);

  it('round half to even and clamp on the quantized path', async () => {
    expect(numbers((await prepare(spec)).run([x])[0])).toEqual([0, 2, 124]);
  });

  it('pass values through on the float path, integers between them being reals there', async () => {
    const runner = await prepare(spec, FLOAT);
    const seen = new Map<string, Value>();
    const outputs = runner.run([x], ({ name }, [value]) => value && seen.set(name, value));
    expect(numbers(outputs[0])).toEqual([0.5, 1.5, 200]);
    expect(seen.get('MaxPool')?.dtype).toBe('float32');
    expect(runner.operators.map(({ runtime = 'passed' }) => runtime)).toEqual([
      'passed',
      'ONNX Runtime',
      'passed',
      'passed',
      'ONNX Runtime',
    ]);
  });
});

describe('what ONNX Runtime does not compute', () => {
  /** @param first output beside z, which `fine` gives */
  const model = (first: string, nodes: OnnxModelSpec['nodes'], inputs = ['x']): OnnxModelSpec => ({
    nodes,
    constants: {},
    inputs: Object.fromEntries(inputs.map((name) => [name, 'float32'])),
    outputs: [first, 'z'],
  });
  const fine = { op: 'Neg', inputs: ['x'], outputs: ['z'] };

  it.each([
    ['Nonsense', /^op 0 Nonsense: ONNX Runtime: No Op registered for Nonsense/],
    ['RandomNormalLike', /^op 0 RandomNormalLike: it gives other values every time/],
    ['BitwiseNot', /^op 0 BitwiseNot: ONNX Runtime: .*tensor\(float\)/],
  ])('is refused before the run: %s', async (op, said) => {
    const spec = model('y', [{ op, inputs: ['x'], outputs: ['y'] }, fine]);
    await expect(prepare(spec)).rejects.toThrow(said);
    await expect(prepare(spec)).rejects.toBeInstanceOf(UnsupportedOperatorError);
  });

  it('is left out with all that needs it, and the rest runs', async () => {
    const runner = await prepare(
      model('a', [{ op: 'Nonsense', inputs: ['x'], outputs: ['y'] }, fine, { op: 'Abs', inputs: ['y'], outputs: ['a'] }]),
      LEFT_OUT,
    );
    expect(runner.runWhatCan([reals([2])])).toEqual([null, reals([-2])]);
    expect(runner.operators[2]?.notComputed).toBe('needs y, which op 0 Nonsense would compute');
  });

  it('is left out from the run on in which it fails', async () => {
    const spec = model(
      'a',
      [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }, fine, { op: 'Abs', inputs: ['y'], outputs: ['a'] }],
      ['x', 'w'],
    );
    const runner = await prepare(spec, LEFT_OUT);
    expect(runner.runWhatCan([reals([2]), reals([-3])])).toEqual([reals([1]), reals([-2])]);
    expect(runner.operators.map(({ notComputed }) => notComputed)).toEqual([undefined, undefined, undefined]);
    expect(runner.runWhatCan([reals([1, 2]), reals([1, 2, 3])])).toEqual([null, reals([-1, -2])]);
    expect(runner.operators[0]?.notComputed).toMatch(/^ONNX Runtime: .*2 by 3$/);
    expect(runner.operators[2]?.notComputed).toBe('needs y, which op 0 Add would compute');
    expect(() => runner.run([reals([1]), reals([1])])).toThrow(/op 2 Abs: needs y/);
    const strict = await prepare(spec);
    expect(() => strict.run([reals([1, 2]), reals([1, 2, 3])])).toThrow(UnsupportedOperatorError);
  });

  it('are arithmetic of integer codes without a counterpart on the float path', async () => {
    const nodes = [{ op: 'QOrderedGelu', domain: 'com.microsoft', inputs: ['x'], outputs: ['q'] }, fine];
    await expect(prepare(model('q', nodes), FLOAT)).rejects.toThrow('op 0 QOrderedGelu: it computes with integer codes');
  });

  it.each([
    ['constants', 1e9, /out of memory \(1 GiB/],
    ['constants', 1e13, /too large/],
    ['operands', 1e9, /out of memory \(1 GiB/],
    ['operands', 1e8, /gives 400,000,000 bytes, more than the 268,435,456 that are handed over/],
  ])('are values that do not fit: by %s, %d of them', async (what, count, said) => {
    const nodes = [{ op: 'ConstantOfShape', inputs: ['s'], outputs: ['y'] }, fine];
    const runner = await prepare(
      {
        ...model('y', nodes),
        constants: what === 'constants' ? { s: indices(count) } : {},
        inputs: { x: 'float32', ...(what === 'constants' ? {} : { s: 'int64' }) },
      },
      LEFT_OUT,
    );
    const inputs = [reals([1]), ...(what === 'constants' ? [] : [whole(count)])];
    expect(runner.runWhatCan(inputs)).toEqual([null, reals([-1])]);
    expect(runner.operators[0]?.notComputed).toMatch(said);
    // The same thread, or one that took its place, still computes.
    expect(runner.runWhatCan(inputs)[1]).toEqual(reals([-1]));
  });
});
