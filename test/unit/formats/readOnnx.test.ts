import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { isOnnx } from '../../../worker/core/formats/onnx/isOnnx';
import { externalFiles, type OnnxReading, readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { TENSOR } from '../../../worker/core/formats/onnx/schema';
import { readModel } from '../../../worker/core/formats/readModel';
import { constantValues } from '../../../worker/core/model/constants';
import type { Graph, Model, Tensor } from '../../../worker/core/model/model';
import { Message, type ModelSpec, type NodeSpec, onnxModel } from './onnxWriter';

function read(spec: ModelSpec, reading: OnnxReading = {}): Model {
  return readOnnx(onnxModel(spec), 'test.onnx', reading);
}

function main(model: Model): Graph {
  const [graph] = model.graphs;
  if (graph === undefined) throw new Error('no graph');
  return graph;
}

function tensor(graph: Graph, name: string): Tensor {
  const found = graph.tensors.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no tensor ${name}`);
  return found;
}

function failure(read: () => unknown): ModelFormatError {
  try {
    read();
  } catch (error) {
    if (error instanceof ModelFormatError) return error;
    throw error;
  }
  throw new Error('was read');
}

const names = (graph: Graph) => graph.operators.map(({ name }) => name);
const vector = (...values: number[]) =>
  ({ dtype: 'int64', shape: [values.length], values: BigInt64Array.from(values, BigInt) }) as const;
const relu = (input: string, output: string): NodeSpec => ({ op: 'Relu', inputs: [input], outputs: [output] });

describe('an ONNX model in general', () => {
  const spec: ModelSpec = {
    inputs: [['x', 'float32', ['n', 4]]],
    outputs: [['y', 'float32', ['n', 2]]],
    constants: [{ name: 'w', dtype: 'float32', shape: [4, 2], values: Float32Array.from({ length: 8 }, (_, i) => i) }],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w'], outputs: ['p'] },
      { op: 'Clip', inputs: ['p', '', 'top'], outputs: ['y'], attributes: { note: ['a', 'b'], alpha: 0.5, axes: [1, -2] } },
      {
        op: 'Constant',
        inputs: [],
        outputs: ['unused'],
        attributes: { value: { dtype: 'float32', shape: [], values: Float32Array.of(6) } },
      },
    ],
  };

  it('names a value that nothing gives', () => {
    const error = failure(() => read(spec));
    expect(error.code).toBe('VALUE_MISSING');
    expect(error.message).toContain('Clip y reads top');
  });

  it('gives tensors, operators and options by index', () => {
    const bytes = onnxModel({ ...spec, inputs: [...(spec.inputs ?? []), ['top', 'float32', []]] });
    const model = readModel({ name: 'm.onnx', bytes });
    const graph = main(model);
    expect(model).toMatchObject({ format: 'onnx', formatVersion: 8, opsets: { '': 17 }, byteLength: bytes.length });
    expect(graph.inputs.map((index) => graph.tensors[index]?.name)).toEqual(['x', 'top']);
    expect(tensor(graph, 'x')).toMatchObject({ shape: [1, 4], shapeSignature: [-1, 4], hasRank: true });
    expect(tensor(graph, 'p')).toMatchObject({ dtype: 'float32', shapeSignature: [-1, 2] });
    const clip = graph.operators[1];
    expect(clip?.inputs).toEqual([tensor(graph, 'p').index, -1, tensor(graph, 'top').index]);
    expect(clip?.options).toEqual({ note: 'a, b', alpha: 0.5, axes: [1, -2] });
    expect(clip?.node?.buffer).toBe(bytes.buffer);
    expect(tensor(graph, 'w').data?.buffer).toBe(bytes.buffer);
    expect(graph.tensors.some(({ name }) => name === 'unused')).toBe(false);
  });

  it('takes values from lists of integers', () => {
    const graph = main(
      read({
        outputs: ['y'],
        constants: [
          { name: 'i8', dtype: 'int8', shape: [3], list: [TENSOR.int32Data, [-128, -1, 127]] },
          { name: 'i64', dtype: 'int64', shape: [2], list: [TENSOR.int64Data, [-3, 2 ** 40]] },
          { name: 'half', dtype: 'float16', shape: [1], list: [TENSOR.int32Data, [0x3c00]] },
          { name: 'u4', dtype: 'uint4', shape: [3], list: [TENSOR.int32Data, [0x21, 0x0f]] },
        ],
        nodes: [{ op: 'Four', domain: 'x', inputs: ['i8', 'i64', 'half', 'u4'], outputs: ['y'] }],
      }),
    );
    expect(constantValues(tensor(graph, 'i8'))).toEqual(Int8Array.of(-128, -1, 127));
    expect(constantValues(tensor(graph, 'i64'))).toEqual(BigInt64Array.of(-3n, 2n ** 40n));
    expect(constantValues(tensor(graph, 'half'))).toEqual(Float32Array.of(1));
    expect(constantValues(tensor(graph, 'u4'))).toEqual(Uint8Array.of(1, 2, 15));
  });

  it('is told from other files by its fields', () => {
    expect(isOnnx(onnxModel(spec))).toBe(true);
    expect(isOnnx(new Message().text(8, '').message(7, new Message()).finish())).toBe(true);
    for (const text of ['', 'BM', '{"a": 1}', '\n\x05hello', ':not a graph'])
      expect(isOnnx(new TextEncoder().encode(text))).toBe(false);
  });
});

describe('what an ONNX model cannot be', () => {
  const constant = (extra: object) => ({ name: 'w', dtype: 'float32', shape: [2], ...extra }) as const;
  const withConstant = (extra: object): ModelSpec => ({ outputs: ['y'], constants: [constant(extra)], nodes: [relu('w', 'y')] });

  it.each([
    ['VALUES_DO_NOT_FIT', withConstant({ values: new Uint8Array(7) })],
    ['NEGATIVE_DIMENSION', withConstant({ shape: [-2] })],
    ['SHAPE_TOO_LARGE', withConstant({ shape: [2 ** 31, 2 ** 31], values: new Uint8Array(8) })],
    ['VALUES_IN_WRONG_FIELD', withConstant({ list: [TENSOR.int32Data, [1, 2]] })],
    ['DUPLICATE_VALUE', { inputs: ['x'], outputs: ['y'], nodes: [relu('x', 'y'), relu('x', 'y')] }],
    ['VALUE_MISSING', { inputs: ['x'], outputs: ['z'], nodes: [relu('x', 'y')] }],
    ['NO_OPERATOR', { inputs: ['x'], outputs: ['y'], nodes: [relu('x', 'y'), { op: '', inputs: [], outputs: [] }] }],
  ] satisfies [string, ModelSpec][])('%s', (code, spec) => {
    const error = failure(() => read(spec));
    expect(error.code).toBe(code);
    expect(error.byteOffset).not.toBeNull();
    expect(error.limit).not.toBeNull();
  });

  it('allocates nothing for sizes that are not in the file', () => {
    const huge = onnxModel(withConstant({ shape: [2 ** 30], external: { location: 'w.bin' } }));
    expect(huge.length).toBeLessThan(120);
    expect(externalFiles(huge)).toEqual(['w.bin']);
    expect(failure(() => readOnnx(huge, 'h.onnx')).code).toBe('EXTERNAL_DATA_MISSING');
  });

  it('bounds functions that call functions', () => {
    const functions = Array.from({ length: 24 }, (_, i) => ({
      name: `f${i}`,
      domain: 'f',
      inputs: ['a'],
      outputs: ['b'],
      nodes: [
        { op: `f${i + 1}`, domain: 'f', inputs: ['a'], outputs: ['m'] },
        { op: `f${i + 1}`, domain: 'f', inputs: ['m'], outputs: ['b'] },
      ],
    }));
    const spec: ModelSpec = {
      inputs: ['x'],
      outputs: ['y'],
      functions,
      nodes: [{ op: 'f0', domain: 'f', inputs: ['x'], outputs: ['y'] }],
    };
    expect(failure(() => read(spec)).code).toBe('FUNCTION_NODES');
  });
});

describe('values in other files', () => {
  const spec = (external: Readonly<Record<string, string>>): ModelSpec => ({
    outputs: ['y'],
    constants: [{ name: 'w', dtype: 'int8', shape: [3], external }],
    nodes: [relu('w', 'y')],
  });

  it('are views into the files that are handed in', () => {
    const file = Uint8Array.of(9, 1, 2, 3, 9);
    const model = read(spec({ location: 'sub/w.bin', offset: '1', length: '3' }), { beside: new Map([['sub/w.bin', file]]) });
    expect(tensor(main(model), 'w').data).toEqual(Uint8Array.of(1, 2, 3));
    expect(tensor(main(model), 'w').data?.buffer).toBe(file.buffer);
  });

  it.each([
    ['EXTERNAL_DATA_RANGE', { location: 'w.bin', offset: '3' }],
    ['EXTERNAL_DATA_RANGE', { location: 'w.bin', offset: '-1' }],
    ['VALUES_DO_NOT_FIT', { location: 'w.bin', length: '4' }],
    ['EXTERNAL_DATA_OUTSIDE', { location: '../w.bin' }],
    ['EXTERNAL_DATA_OUTSIDE', { location: 'a/../../w.bin' }],
    ['EXTERNAL_DATA_OUTSIDE', { location: 'a\\..\\..\\w.bin' }],
    ['EXTERNAL_DATA_OUTSIDE', { location: '/etc/passwd' }],
    ['EXTERNAL_DATA_OUTSIDE', { location: 'C:w.bin' }],
    ['EXTERNAL_DATA_OUTSIDE', { location: 'file:w.bin' }],
    ['EXTERNAL_DATA_OUTSIDE', {}],
  ])('%s for %j', (code, external) => {
    const beside = new Map([['w.bin', new Uint8Array(5)]]);
    expect(failure(() => read(spec(external), { beside })).code).toBe(code);
  });
});

describe('graphs inside operators', () => {
  const choice = (condition: string, then: readonly NodeSpec[], other: readonly NodeSpec[]): NodeSpec => ({
    op: 'If',
    inputs: [condition],
    outputs: ['y'],
    name: 'choice',
    attributes: { then_branch: { nodes: then, outputs: ['t'] }, else_branch: { nodes: other, outputs: ['e'] } },
  });
  const onRate = (rate: NodeSpec[]): ModelSpec => ({
    inputs: [
      ['x', 'float32', [1]],
      ['sr', 'int64', []],
    ],
    outputs: ['y'],
    constants: [{ name: 'k', dtype: 'int64', shape: [], values: BigInt64Array.of(16000n) }],
    nodes: [...rate, choice('c', [relu('x', 't')], [{ op: 'Neg', inputs: ['x'], outputs: ['e'] }])],
  });
  const equal: NodeSpec = { op: 'Equal', inputs: ['sr', 'k'], outputs: ['c'] };

  it('are put in place where an assumed input decides, which is said, and the input goes', () => {
    const model = read(onRate([equal]));
    expect(names(main(model))).toEqual(['Relu']);
    expect(main(model).inputs.map((index) => main(model).tensors[index]?.name)).toEqual(['x']);
    expect(main(model).tensors[main(model).outputs[0] ?? -1]?.name).toBe('y');
    expect(model.metadata.find(({ name }) => name === 'assumed: sr')?.text).toContain('16000');
    expect(names(main(read(onRate([equal]), { assumptions: { sr: 8000 } })))).toEqual(['Neg']);
  });

  it('are chosen by what a user wants assumed, beside what is assumed anyway; what decides nothing is refused', () => {
    expect(names(main(read(onRate([equal]), { assumed: { sr: 8000 } })))).toEqual(['Neg']);
    expect(names(main(read(onRate([equal]), { assumed: {} })))).toEqual(['Relu']);
    const idle = () => read(onRate([equal]), { assumed: { x: 1 } });
    expect(idle).toThrow('No input x decides which graph runs');
    expect(idle).toThrow(ModelFormatError);
  });

  it('stay with what they capture where nothing decides', () => {
    const model = read(onRate([equal]), { assumptions: {} });
    const [graph, then, other] = model.graphs;
    if (graph === undefined) throw new Error('no graph');
    const operator = graph.operators[1];
    expect(operator).toMatchObject({
      name: 'If',
      captured: ['x'],
      options: { then_branch_subgraph: 1, else_branch_subgraph: 2 },
    });
    expect(operator?.inputs).toEqual([tensor(graph, 'c').index, tensor(graph, 'x').index]);
    expect(then?.operators.map(({ name }) => name)).toEqual(['Relu']);
    expect(other?.inputs.map((index) => other.tensors[index]?.name)).toEqual(['x']);
    expect(tensor(graph, 'y').dtype).toBe('float32');
  });

  it('are decided by shapes, and by "squeeze what has one element"', () => {
    const size = (of: string, at: number): NodeSpec[] => [
      { op: 'Shape', inputs: [of], outputs: ['s'] },
      { op: 'Constant', inputs: [], outputs: ['at'], attributes: { value: vector(at) } },
      { op: 'Gather', inputs: ['s', 'at'], outputs: ['n'] },
      { op: 'Constant', inputs: [], outputs: ['one'], attributes: { value: vector(1) } },
      { op: 'Equal', inputs: ['n', 'one'], outputs: ['c'] },
    ];
    const squeeze = (axis: number): NodeSpec[] => [
      { op: 'Constant', inputs: [], outputs: ['axes'], attributes: { value: vector(axis) } },
      { op: 'Squeeze', inputs: ['x', 'axes'], outputs: ['t'] },
    ];
    const spec = (open: number | string, axis: number): ModelSpec => ({
      inputs: [['x', 'float32', [4, open]]],
      outputs: ['y'],
      nodes: [...size('x', -1), choice('c', squeeze(axis), [{ op: 'Identity', inputs: ['x'], outputs: ['e'] }])],
    });
    expect(names(main(read(spec(1, -1))))).toEqual(['Squeeze']);
    expect(main(read(spec(7, -1))).outputs).toEqual(main(read(spec(7, -1))).inputs);
    const assumed = read(spec('n', -1));
    expect(names(main(assumed))).toEqual(['Squeeze']);
    expect(assumed.metadata.map(({ name }) => name)).toContain('assumed: sizes');
    expect(names(main(read(spec('n', 0))))).toContain('If');
  });

  it('are limited in depth', () => {
    let nodes: readonly NodeSpec[] = [relu('x', 't')];
    for (let i = 0; i < 40; i++) nodes = [{ ...choice('c', nodes, nodes.slice(0, 0)), outputs: ['t'] }];
    expect(failure(() => read({ inputs: ['x', 'c'], outputs: ['t'], nodes })).code).toBe('NESTED_TOO_DEEP');
  });

  it('of functions are put in place of the call', () => {
    const body = [relu('a', 'm'), { op: 'Neg', inputs: ['m'], outputs: ['b'] }];
    const functions = [{ name: 'f', domain: 'own', inputs: ['a'], outputs: ['b'], nodes: body }];
    const calls: NodeSpec[] = ['x', 'y'].map((input, i) => ({
      op: 'f',
      domain: 'own',
      inputs: [input],
      outputs: [['y', 'z'][i] ?? ''],
    }));
    const graph = main(read({ inputs: [['x', 'float32', [2]]], outputs: ['z'], functions, nodes: calls }));
    expect(names(graph)).toEqual(['Relu', 'Neg', 'Relu', 'Neg']);
    expect(new Set(graph.tensors.map(({ name }) => name)).size).toBe(graph.tensors.length);
    const refers = [
      { ...functions[0], nodes: [{ ...relu('a', 'b'), attributes: { alpha: { ref: 'alpha' } } }] },
    ] as ModelSpec['functions'];
    expect(
      failure(() => read({ inputs: ['x'], outputs: ['y'], ...(refers && { functions: refers }), nodes: calls.slice(0, 1) })).code,
    ).toBe('FUNCTION_NOT_SUPPORTED');
  });
});

describe('quantization parameters', () => {
  const scale = { name: 's', dtype: 'float32', shape: [], values: Float32Array.of(0.5) } as const;
  const zero = { name: 'z', dtype: 'int8', shape: [], values: Int8Array.of(-3) } as const;

  it('come from the operators around an integer tensor', () => {
    const graph = main(
      read({
        inputs: [['x', 'float32', [2, 3]]],
        outputs: ['y', 'v'],
        constants: [
          scale,
          zero,
          { name: 'w', dtype: 'int8', shape: [2, 3], values: new Int8Array(6) },
          { name: 'ws', dtype: 'float32', shape: [3], values: Float32Array.of(1, 2, 3) },
        ],
        nodes: [
          { op: 'QuantizeLinear', inputs: ['x', 's', 'z'], outputs: ['q'] },
          { op: 'DequantizeLinear', inputs: ['q', 's', 'z'], outputs: ['y'] },
          { op: 'DequantizeLinear', inputs: ['w', 'ws'], outputs: ['v'], attributes: { axis: -1 } },
        ],
      }),
    );
    expect(tensor(graph, 'q')).toMatchObject({ dtype: 'int8', shapeSignature: [2, 3] });
    expect(tensor(graph, 'q').quantization).toEqual({
      scales: Float32Array.of(0.5),
      zeroPoints: Float64Array.of(-3),
      axis: 0,
      blockwise: null,
    });
    expect(tensor(graph, 'w').quantization).toMatchObject({ axis: 1, scales: Float32Array.of(1, 2, 3) });
    expect(tensor(graph, 'y').quantization).toBeNull();
  });

  it('are unknown where a zero point is computed', () => {
    const graph = main(
      read({
        inputs: [
          ['x', 'float32', [2]],
          ['z', 'uint8', []],
        ],
        outputs: ['q'],
        constants: [scale],
        nodes: [{ op: 'QuantizeLinear', inputs: ['x', 's', 'z'], outputs: ['q'] }],
      }),
    );
    expect(tensor(graph, 'q')).toMatchObject({ dtype: 'uint8', quantization: null });
  });
});
