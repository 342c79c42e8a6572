import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Graph, Model, Operator, Tensor } from '../../../worker/core/model/model';
import { bindInput } from '../../../worker/core/run/bindInput';
import { InputShapeError } from '../../../worker/core/run/inputShapeError';
import { UnsupportedOperatorError } from '../../../worker/core/run/preparedOp';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { inputGraph } from '../data/inputGraph';

function model(graph: Graph): Model {
  return {
    format: 'tflite',
    formatVersion: 3,
    fileName: 'x.tflite',
    byteLength: 0,
    description: '',
    metadata: [],
    graphs: [graph],
    signatures: [],
  };
}

const tensor = (index: number, rest: Partial<Tensor> = {}): Tensor => ({
  index,
  name: `t${index}`,
  dtype: 'float32',
  shape: [1, 2],
  shapeSignature: [1, 2],
  hasRank: true,
  quantization: null,
  range: null,
  isVariable: false,
  sparsity: null,
  data: null,
  buffer: 0,
  ...rest,
});
const operator = (index: number, name: string, inputs: number[], outputs: number[]): Operator => ({
  index,
  name,
  customCode: null,
  version: 1,
  inputs,
  outputs,
  intermediates: [],
  options: {},
});
const graphOf = (tensors: Tensor[], operators: Operator[], inputs: number[], outputs: number[]): Graph => ({
  index: 0,
  name: '',
  tensors,
  operators,
  inputs,
  outputs,
});
const one: Value = { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, -2) };
const FLOAT = { path: 'float', persona: 'tflite' } as const;

describe('a graph', () => {
  it('computes its operators in order, tells the observer, and gives its outputs', () => {
    const chain = graphOf(
      [tensor(0), tensor(1), tensor(2)],
      [operator(0, 'NEG', [0], [1]), operator(1, 'ABS', [1], [2])],
      [0],
      [2, 1],
    );
    const seen: string[] = [];
    const outputs = prepareGraph(model(chain), 0, FLOAT).run([one], ({ name }, [y]) => {
      seen.push(`${name} ${Array.from(y?.data as Float32Array).join(' ')}`);
    });
    expect(seen).toEqual(['NEG -1 2', 'ABS 1 2']);
    expect(outputs.map(({ data }) => Array.from(data as Float32Array))).toEqual([
      [1, 2],
      [-1, 2],
    ]);
  });

  it('is refused where operators are out of order, outputs never computed, or the graph is not there', () => {
    const backwards = graphOf(
      [tensor(0), tensor(1), tensor(2)],
      [operator(0, 'ABS', [1], [2]), operator(1, 'NEG', [0], [1])],
      [0],
      [2],
    );
    expect(() => prepareGraph(model(backwards), 0, FLOAT)).toThrow(
      /op 0 ABS uses tensor 1 \(t1\), which nothing before it computes/,
    );
    expect(() => prepareGraph(model(backwards), 1, FLOAT)).toThrow(ModelFormatError);
    const loose = graphOf([tensor(0), tensor(1)], [operator(0, 'NEG', [0], [0])], [0], [1]);
    expect(() => prepareGraph(model(loose), 0, FLOAT).run([one])).toThrow(/No operator computes output tensor 1/);
  });

  it('names the operator that is not computed', () => {
    const custom = { ...operator(3, 'CUSTOM', [0], [1]), customCode: 'Sinh' };
    const graph = graphOf([tensor(0), tensor(1)], [custom], [0], [1]);
    expect(() => prepareGraph(model(graph), 0, FLOAT)).toThrow(UnsupportedOperatorError);
    expect(() => prepareGraph(model(graph), 0, FLOAT)).toThrow('op 3 Sinh: this engine does not compute it');
  });

  it('takes constants that are only dequantized as constants', () => {
    const weights = new Uint8Array(Uint16Array.of(0x3c00, 0xc000).buffer); // 1, -2 as half floats
    const graph = graphOf(
      [
        tensor(0),
        tensor(1, { shape: [1, 2], dtype: 'float16', data: weights }),
        tensor(2, { shape: [1, 2] }),
        tensor(3, { shape: [1, 1] }),
      ],
      [
        operator(0, 'DEQUANTIZE', [1], [2]),
        { ...operator(1, 'FULLY_CONNECTED', [0, 2, -1], [3]), options: { fused_activation_function: 'NONE' } },
      ],
      [0],
      [3],
    );
    const runner = prepareGraph(model(graph), 0, FLOAT);
    expect(runner.graph.tensors[2]?.data).not.toBeNull();
    expect(Array.from(runner.run([one])[0]?.data as Float32Array)).toEqual([5]);
  });
});

describe('an input', () => {
  const graph = inputGraph([{ name: 'x', shape: [1, -1, 2], dtype: 'int8', scale: 0.5, zeroPoint: 3 }]);
  const reals: Value = { dtype: 'float32', shape: [1, 2, 2], data: Float32Array.of(0.25, -0.25, 0.75, 1000) };

  it('of reals is quantized: ties to even, or away from zero on request; clamped', () => {
    expect(Array.from(bindInput(graph, 0, reals, 'int8').data as Int8Array)).toEqual([3, 3, 5, 127]);
    expect(Array.from(bindInput(graph, 0, reals, 'int8', 'half-away').data as Int8Array)).toEqual([4, 2, 5, 127]);
    expect(bindInput(graph, 0, reals, 'float')).toBe(reals);
    const doubles = { ...reals, dtype: 'float64' as const, data: Float64Array.from(reals.data as Float32Array) };
    expect(bindInput(graph, 0, doubles, 'float')).toEqual(reals);
  });

  it('of codes is taken as it is, and is real on the float path', () => {
    const codes: Value = { dtype: 'int8', shape: [1, 1, 2], data: Int8Array.of(3, 5) };
    expect(bindInput(graph, 0, codes, 'int8')).toBe(codes);
    expect(bindInput(graph, 0, codes, 'float')).toEqual({ dtype: 'float32', shape: [1, 1, 2], data: Float32Array.of(0, 1) });
  });

  it('of another type, rank or step size is refused', () => {
    const bytes: Value = { dtype: 'uint8', shape: [1, 1, 2], data: Uint8Array.of(3, 5) };
    expect(() => bindInput(graph, 0, bytes, 'int8')).toThrow(/takes int8 codes or float32 reals; the data is uint8/);
    expect(() => bindInput(graph, 0, { ...reals, shape: [4] }, 'int8')).toThrow(InputShapeError);
    expect(() => bindInput(graph, 0, { ...reals, shape: [1, 4, 1] }, 'int8')).toThrow(
      /takes \[1, -1, 2\]; the data is \[1, 4, 1\]/,
    );
    expect(() => bindInput(graph, 0, undefined, 'int8')).toThrow(/none was given for input 0/);
  });

  it('of whole numbers feeds integers without scale, others are refused', () => {
    const ids = inputGraph([{ name: 'ids', shape: [1, 2], dtype: 'int32' }]);
    const value: Value = { dtype: 'float32', shape: [1, 2], data: Float32Array.of(7, -1) };
    expect(bindInput(ids, 0, value, 'int8').data).toEqual(Int32Array.of(7, -1));
    expect(() => bindInput(ids, 0, { ...value, data: Float32Array.of(7, 0.5) }, 'int8')).toThrow(InputShapeError);
  });
});

describe('state', () => {
  const bytes = new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../samples/digits-int8.tflite')));

  it('runs on from call to call until it is reset', () => {
    const runner = prepareGraph(readModel({ name: 'x', bytes }), 0, { path: 'int8', persona: 'tflite' });
    const x: Value = { dtype: 'float32', shape: [1, 3, 120], data: Float32Array.from({ length: 360 }, (_, i) => Math.sin(i)) };
    const [first, second] = [runner.run([x]), runner.run([x])].map(([y]) => y?.data);
    runner.resetState();
    expect(second).not.toEqual(first);
    expect(runner.run([x])[0]?.data).toEqual(first);
  });

  it('gives the probes of its LSTMs on request only', () => {
    const runner = prepareGraph(readModel({ name: 'x', bytes }), 0, { path: 'int8', persona: 'tflite' });
    const x: Value = { dtype: 'float32', shape: [1, 3, 120], data: new Float32Array(360) };
    const steps: number[][] = [];
    runner.run([x], (_, __, probes) => steps.push(probes.map((probe) => probe.steps)));
    runner.run([x], (_, __, probes) => steps.push(probes.map((probe) => probe.trace.c?.length ?? 0)), true);
    expect(steps).toEqual([[], [], [], [192], [192], []]);
  });
});
