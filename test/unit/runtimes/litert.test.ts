import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Graph, Model, Operator } from '../../../worker/core/model/model';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import { UnsupportedOperatorError } from '../../../worker/core/run/preparedOp';
import { prepareGraph, prepareGraphAnywhere } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { MissingRuntime } from '../../../worker/runtimes/missingRuntime';
import { litert } from '../../../worker/runtimes/litertSource';
import { buildOperator, type OperatorSpec, type TensorSpec } from '../../lstmBuilder';
import { readNpyFile } from '../../npy';
import { describeShared } from '../../shared';

const INT8: GraphOptions = { path: 'int8', persona: 'tflite', runtime: litert };
const FLOAT: GraphOptions = { ...INT8, path: 'float' };

function modelOf(...graphs: Graph[]): Model {
  return {
    format: 'tflite',
    formatVersion: 3,
    fileName: 'x.tflite',
    byteLength: 0,
    description: '',
    metadata: [],
    graphs,
    signatures: [],
  };
}

function graphOf(spec: OperatorSpec): Graph {
  const { graph, operator } = buildOperator(spec);
  const inputs = operator.inputs.filter((index) => graph.tensors[index]?.data === null);
  return { ...graph, inputs };
}

const real = (shape: readonly number[], rest: Partial<TensorSpec> = {}): TensorSpec => ({ dtype: 'float32', shape, ...rest });
const AXIS_1 = { dtype: 'int32', shape: [], values: Int32Array.of(1) } as const;

async function run(spec: OperatorSpec, inputs: readonly Value[], options = INT8): Promise<Value[]> {
  const runner = await prepareGraphAnywhere(modelOf(graphOf(spec)), 0, options);
  expect(runner.operators[0]?.runtime).toBe('LiteRT');
  return runner.run(inputs);
}

const numbers = ({ data }: Value | { data: Value['data'] }) => Array.from(data as ArrayLike<number | bigint>, Number);
const cumulate = (shape: readonly number[], output = shape): OperatorSpec => ({
  name: 'CUMSUM',
  operands: [real(shape), AXIS_1],
  outputs: [real(output)],
  options: { exclusive: false, reverse: false },
});

describe('operators that the engine does not compute', () => {
  it('run in LiteRT, whatever number of steps the data has', async () => {
    const runner = await prepareGraphAnywhere(modelOf(graphOf(cumulate([1, 3]))), 0, FLOAT);
    for (const [shape, data] of [
      [
        [1, 3],
        [1, 2, 3],
      ],
      [
        [2, 3],
        [1, 2, 3, 10, 20, 30],
      ],
      [
        [1, 3],
        [5, 5, 5],
      ],
    ] as const) {
      const [y] = runner.run([{ dtype: 'float32', shape, data: Float32Array.from(data) }]);
      let sum = 0;
      expect(numbers(y!)).toEqual(data.map((x, i) => (sum = i % 3 === 0 ? x : sum + x)));
      expect(y?.shape).toEqual(shape);
    }
  });

  it.each([
    ['int8', Int8Array.of(-128, 1, 127, -5)],
    ['uint8', Uint8Array.of(0, 1, 255, 7)],
    ['int64', BigInt64Array.of(-3n, 1n, 2147483647n, -5n)],
  ] as const)('take and give %s as it is', async (dtype, data) => {
    const one = dtype === 'int64' ? {} : { scale: 0.5, zeroPoint: dtype === 'uint8' ? 7 : 0 };
    const spec: OperatorSpec = {
      name: 'DEPTH_TO_SPACE',
      operands: [{ dtype, shape: [1, 1, 1, 4], ...one }],
      outputs: [{ dtype, shape: [1, 2, 2, 1], ...one }],
      options: { block_size: 2 },
    };
    const [y] = await run(spec, [{ dtype, shape: [1, 1, 1, 4], data }]);
    expect(y).toEqual({ dtype, shape: [1, 2, 2, 1], data });
  });

  it('take operands that fix a shape as they come', async () => {
    const spec: OperatorSpec = {
      name: 'RANGE',
      operands: [0, 1, 2].map(() => ({ dtype: 'int32', shape: [] })),
      outputs: [{ dtype: 'int32', shape: [1] }],
      options: {},
    };
    const scalar = (value: number): Value => ({ dtype: 'int32', shape: [], data: Int32Array.of(value) });
    const [y] = await run(spec, [scalar(2), scalar(11), scalar(3)]);
    expect(numbers(y!)).toEqual([2, 5, 8]);
  });

  it('say so where the file declares another output than they give', async () => {
    const values = { dtype: 'float32', shape: [1, 3], data: Float32Array.of(1, 2, 3) } as const;
    await expect(run(cumulate([1, 3], [1, 5]), [values], FLOAT)).rejects.toThrow(
      /op 0 CUMSUM: its output is \[1, 3\] where \[1, 5\]/,
    );
  });

  it('say so where a value does not fit', async () => {
    const spec: OperatorSpec = {
      name: 'DEPTH_TO_SPACE',
      operands: [{ dtype: 'int64', shape: [1, 1, 1, 1] }],
      outputs: [{ dtype: 'int64', shape: [1, 1, 1, 1] }],
      options: { block_size: 1 },
    };
    const x = { dtype: 'int64', shape: [1, 1, 1, 1], data: BigInt64Array.of(2n ** 40n) } as const;
    await expect(run(spec, [x])).rejects.toThrow('op 0 DEPTH_TO_SPACE: LiteRT: a value of 1099511627776 does not fit int32');
  });

  it('cannot be prepared at once while LiteRT is not loaded, nor without it', () => {
    const unloaded = { ...litert, name: 'LiteRT', loaded: null, load: () => Promise.resolve(new MissingRuntime('gone')) };
    expect(() => prepareGraph(modelOf(graphOf(cumulate([1, 3]))), 0, { ...FLOAT, runtime: unloaded })).toThrow('has to wait');
    const { runtime, ...alone } = FLOAT;
    expect(runtime).toBe(litert);
    expect(() => prepareGraph(modelOf(graphOf(cumulate([1, 3]))), 0, alone)).toThrow(UnsupportedOperatorError);
  });
});

/** NEG, an operator that nobody computes, NEG, and a branch that does not need it. */
function withUnknown(unknown: Partial<Operator>): Graph {
  const { graph, operator } = buildOperator({ name: 'NEG', operands: [real([1, 2])], outputs: [real([1, 2])], options: {} });
  const tensors = [0, 1, 2, 3, 4].map((index) => ({ ...graph.tensors[0]!, index, name: `t${index}` }));
  const at = (index: number, from: number, to: number): Operator => ({ ...operator, index, inputs: [from], outputs: [to] });
  const operators = [at(0, 0, 1), { ...at(1, 1, 2), ...unknown }, at(2, 2, 3), at(3, 1, 4)];
  return { ...graph, tensors, operators, inputs: [0], outputs: [3, 4] };
}

describe('operators that nobody computes', () => {
  const x: Value = { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, -2) };

  it.each([
    [{ name: 'CUSTOM', customCode: 'Sinh' }, /custom operator, whose code is not in the file/],
    [{ name: 'CUSTOM', customCode: 'FlexAddV2' }, /Select TF ops/],
    [{ name: 'VAR_HANDLE' }, /keeps a resource/],
    [{ name: 'WHERE' }, /depends on the data/],
    [{ name: 'MULTINOMIAL' }, /other values every time/],
    [{ name: 'BUILTIN_250' }, /neither this engine nor LiteRT/],
  ] as const)('are left out with what needs them: %o', async (unknown, reason) => {
    const model = modelOf(withUnknown(unknown));
    const runner = await prepareGraphAnywhere(model, 0, { ...FLOAT, whenRefused: 'leave-out' });
    expect(runner.operators[1]?.notComputed).toMatch(reason);
    expect(runner.operators[2]?.notComputed).toMatch(/^needs t2, which op 1 \S+ would compute$/);
    expect(runner.runWhatCan([x]).map((value) => value && numbers(value))).toEqual([null, [1, -2]]);
    expect(() => runner.run([x])).toThrow(/^op 2 NEG: needs t2/);
    await expect(prepareGraphAnywhere(model, 0, FLOAT)).rejects.toThrow(reason);
  });
});

describeShared('whole models with loops and branches', (shared) => {
  const read = (path: string) => readModel({ name: path, bytes: new Uint8Array(readFileSync(join(shared, 'data', path))) });
  const images = readNpyFile(join(shared, 'data/keras3/x.npy')).data as Float32Array;

  // Dynamic range: the interpreter that gave the answers rounds activations on the fly in its own way.
  it.each([
    ['lstm-while-float', 'float', 1e-6],
    ['gru-while-float', 'float', 1e-6],
    ['bidirectional-while-float', 'float', 1e-6],
    ['lstm-while-dynamic', 'hybrid', 1e-3],
    ['lstm-while-dynamic', 'float', 5e-2],
  ] as const)('Keras 3: %s on the %s path', async (name, path, tolerance) => {
    const runner = await prepareGraphAnywhere(read(`keras3/${name}.tflite`), 0, { ...FLOAT, path });
    const right = readNpyFile(join(shared, `data/keras3/${name}.y.npy`)).data as Float32Array;
    for (let image = 0; image < 3; image++) {
      const data = images.subarray(image * 784, (image + 1) * 784);
      const [y] = runner.run([{ dtype: 'float32', shape: [1, 28, 28], data }]);
      numbers(y!).forEach((value, i) => expect(Math.abs(value - right[image * 10 + i]!)).toBeLessThanOrEqual(tolerance));
    }
  });
});
