import { describe, expect, it } from 'vitest';
import { prepareLstmOperator } from '../../../worker/core/lstm/prepareLstmOperator';
import { GATES, type Gate } from '../../../worker/core/lstm/signals';
import { ABSENT } from '../../../worker/core/model/model';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import type { PreparedOp } from '../../../worker/core/run/preparedOp';
import type { Value } from '../../../worker/core/run/value';
import { largestDifference, newProbe } from '../../golden/lstmCase';
import { buildOperator, type OperatorSpec, type TensorSpec } from '../../lstmBuilder';
import { referenceLstm } from './floatReference';
import { HYBRID_FORMS } from './quantizeLstm';
import { FLOAT_FORMS, randomLstm, sequenceSpec, uniform, type RealLstm, type Topology } from './randomLstm';

const FLOAT: GraphOptions = { path: 'float', persona: 'tflite' };
const PLAIN: Topology = {
  cifg: false,
  layerNorm: false,
  projection: false,
  peephole: false,
  input: 5,
  cell: 6,
  output: 6,
  projectionBias: false,
  cellClip: 0,
  projectionClip: 0,
};
const STEPS = 7;

function prepare(spec: OperatorSpec, options = FLOAT): PreparedOp {
  const { graph, operator } = buildOperator(spec);
  return prepareLstmOperator(graph, operator, options);
}

function randomValue(shape: readonly number[], seed: number): Value {
  const length = shape.reduce((product, size) => product * size, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length }, uniform(seed)) };
}

const onlyInput = (prepared: PreparedOp, x: Value) => prepared.operator.inputs.map((_, position) => (position === 0 ? x : null));
const numbers = (value: Value | undefined) => Array.from((value?.data ?? []) as ArrayLike<number>);
const constant = (values: Float32Array, shape: readonly number[]): TensorSpec => ({ dtype: 'float32', shape, values });
const variable = (size: number): TensorSpec => ({ dtype: 'float32', shape: [1, size], isVariable: true });

/** A sequence's steps in reverse. */
function reversed(values: readonly number[], size: number): number[] {
  return Array.from({ length: values.length / size }, (_, i) =>
    values.slice(values.length - (i + 1) * size, values.length - i * size),
  ).flat();
}

/** 17 operands of one direction of a bidirectional operator. */
function directionOperands(lstm: RealLstm, auxInput = 0): (TensorSpec | null)[] {
  const { input, cell, output } = lstm.topology;
  const own = input - auxInput;
  const columns = (gate: Gate) => takeColumns(lstm.inputToGate[gate], input, 0, own);
  return [
    ...GATES.map((gate) => constant(columns(gate), [cell, own])),
    ...GATES.map((gate) => constant(lstm.recurrentToGate[gate], [cell, output])),
    null,
    null,
    null,
    ...GATES.map((gate) => constant(lstm.bias[gate], [cell])),
    null,
    null,
  ];
}

function takeColumns(matrix: Float32Array, columns: number, from: number, count: number): Float32Array {
  return Float32Array.from(
    Array.from({ length: matrix.length / columns }, (_, r) =>
      Array.from(matrix.subarray(r * columns + from, r * columns + from + count)),
    ).flat(),
  );
}

function bidirectionalSpec(
  forward: RealLstm,
  backward: RealLstm,
  merge: boolean,
  aux: { size: number; hasWeights: boolean } | null,
): OperatorSpec {
  const auxWeights = (lstm: RealLstm): (TensorSpec | null)[] =>
    GATES.map((gate) => {
      if (aux === null || !aux.hasWeights) return null;
      const { input, cell } = lstm.topology;
      return constant(takeColumns(lstm.inputToGate[gate], input, input - aux.size, aux.size), [cell, aux.size]);
    });
  const auxColumns = aux?.hasWeights === true ? aux.size : 0;
  return {
    name: 'BIDIRECTIONAL_SEQUENCE_LSTM',
    operands: [
      { dtype: 'float32', shape: [STEPS, 1, forward.topology.input - auxColumns] },
      ...directionOperands(forward, auxColumns),
      ...directionOperands(backward, auxColumns),
      variable(forward.topology.output),
      variable(forward.topology.cell),
      variable(backward.topology.output),
      variable(backward.topology.cell),
      aux === null ? null : { dtype: 'float32', shape: [STEPS, 1, aux.size] },
      ...auxWeights(forward),
      ...auxWeights(backward),
    ],
    outputs: merge ? [variable(12)] : [variable(6), variable(6)],
    options: { fused_activation_function: 'TANH', cell_clip: 0, proj_clip: 0, merge_outputs: merge, time_major: true },
  };
}

describe('BIDIRECTIONAL_SEQUENCE_LSTM', () => {
  const forward = randomLstm(PLAIN, 1);
  const backward = randomLstm(PLAIN, 2);
  const x = randomValue([STEPS, 1, PLAIN.input], 3);
  const ahead = referenceLstm(forward, x.data as Float32Array, STEPS);
  const back = reversed(referenceLstm(backward, Float32Array.from(reversed(numbers(x), PLAIN.input)), STEPS), PLAIN.output);

  it('is two cells, the second walking time in reverse', () => {
    const prepared = prepare(bidirectionalSpec(forward, backward, false, null));
    const [first, second] = prepared.run(onlyInput(prepared, x));
    expect(largestDifference(numbers(first), ahead)).toBeLessThan(1e-5);
    expect(largestDifference(numbers(second), back)).toBeLessThan(1e-5);
    expect(second?.shape).toEqual([STEPS, 1, PLAIN.output]);
  });

  it('merges outputs side by side, and probes in the order of the input', () => {
    const prepared = prepare(bidirectionalSpec(forward, backward, true, null));
    const probes = [newProbe(), newProbe()];
    const [merged] = prepared.run(onlyInput(prepared, x), probes);
    expect(merged?.shape).toEqual([STEPS, 1, 12]);
    const pairs = Array.from({ length: STEPS }, (_, t) => [...ahead.slice(t * 6, t * 6 + 6), ...back.slice(t * 6, t * 6 + 6)]);
    expect(largestDifference(numbers(merged), pairs.flat())).toBeLessThan(1e-5);
    expect(largestDifference(probes[1]?.trace.h ?? [], back)).toBeLessThan(1e-5);
    expect(Array.from(probes[1]?.trace.x ?? [])).toEqual(numbers(x));
  });

  it('adds an auxiliary input with weights of its own', () => {
    const prepared = prepare(bidirectionalSpec(forward, backward, false, { size: 2, hasWeights: true }));
    const own: Value = { ...x, shape: [STEPS, 1, 3], data: takeColumns(x.data as Float32Array, 5, 0, 3) };
    const aux: Value = { ...x, shape: [STEPS, 1, 2], data: takeColumns(x.data as Float32Array, 5, 3, 2) };
    const inputs = prepared.operator.inputs.map((_, position) => (position === 0 ? own : position === 39 ? aux : null));
    const [first, second] = prepared.run(inputs);
    expect(largestDifference(numbers(first), ahead)).toBeLessThan(1e-5);
    expect(largestDifference(numbers(second), back)).toBeLessThan(1e-5);
  });

  it('gives an auxiliary input without weights to the backward cell', () => {
    const prepared = prepare(bidirectionalSpec(forward, backward, false, { size: PLAIN.input, hasWeights: false }));
    const aux = randomValue([STEPS, 1, PLAIN.input], 4);
    const inputs = prepared.operator.inputs.map((_, position) => (position === 0 ? x : position === 39 ? aux : null));
    const [first, second] = prepared.run(inputs);
    const backOverAux = reversed(
      referenceLstm(backward, Float32Array.from(reversed(numbers(aux), PLAIN.input)), STEPS),
      PLAIN.output,
    );
    expect(largestDifference(numbers(first), ahead)).toBeLessThan(1e-5);
    expect(largestDifference(numbers(second), backOverAux)).toBeLessThan(1e-5);
  });
});

describe('LSTM', () => {
  const lstm = randomLstm(PLAIN, 5);
  const x = randomValue([STEPS, 1, PLAIN.input], 6);
  const expected = referenceLstm(lstm, x.data as Float32Array, STEPS);
  const stepOf = (t: number): Value => ({
    ...x,
    shape: [1, PLAIN.input],
    data: (x.data as Float32Array).slice(t * PLAIN.input, (t + 1) * PLAIN.input),
  });

  it('with the full kernel takes one step a run and keeps its states', () => {
    const spec = sequenceSpec(lstm, FLOAT_FORMS, { batch: 1, timeMajor: true });
    const prepared = prepare({ ...spec, name: 'LSTM', options: { ...spec.options, kernel_type: 'FULL' } });
    const y = Array.from({ length: STEPS }, (_, t) => numbers(prepared.run(onlyInput(prepared, stepOf(t)))[0]));
    expect(largestDifference(y.flat(), expected)).toBeLessThan(1e-5);
  });

  it('with the basic kernel has one packed matrix over [x, h], gates i, g, f, o', () => {
    const order: readonly Gate[] = ['input', 'cell', 'forget', 'output'];
    const { input, cell } = PLAIN;
    const rows = order.flatMap((gate) =>
      Array.from({ length: cell }, (_, r) => [
        ...lstm.inputToGate[gate].subarray(r * input, (r + 1) * input),
        ...lstm.recurrentToGate[gate].subarray(r * cell, (r + 1) * cell),
      ]),
    );
    const prepared = prepare({
      name: 'LSTM',
      operands: [
        { dtype: 'float32', shape: [1, input] },
        { dtype: 'float32', shape: [1, cell] },
        constant(Float32Array.from(rows.flat()), [4 * cell, input + cell]),
        constant(Float32Array.from(order.flatMap((gate) => Array.from(lstm.bias[gate]))), [4 * cell]),
        { dtype: 'float32', shape: [1, cell] },
      ],
      outputs: [variable(cell), variable(cell), variable(cell), variable(cell)],
      options: { fused_activation_function: 'TANH', cell_clip: 0, proj_clip: 0, kernel_type: 'BASIC' },
    });
    let [h, c]: (Value | undefined)[] = [randomValue([1, cell], 7), randomValue([1, cell], 8)];
    h = { dtype: 'float32', shape: [1, cell], data: new Float32Array(cell) };
    c = { dtype: 'float32', shape: [1, cell], data: new Float32Array(cell) };
    const y: number[] = [];
    for (let t = 0; t < STEPS; t++) {
      [h, c] = prepared.run([stepOf(t), h ?? null, null, null, c ?? null]);
      y.push(...numbers(h));
    }
    expect(largestDifference(y, expected)).toBeLessThan(1e-5);
  });
});

describe('UNIDIRECTIONAL_SEQUENCE_LSTM', () => {
  it('takes states that the graph gives, and a first state that is a constant', () => {
    const lstm = randomLstm(PLAIN, 9);
    const spec = sequenceSpec(lstm, FLOAT_FORMS, { batch: 1, timeMajor: true });
    const given = { h: randomValue([1, 6], 10), c: randomValue([1, 6], 11) };
    const states = (make: (size: Value) => TensorSpec) =>
      spec.operands.map((operand, position) => (position === 18 ? make(given.h) : position === 19 ? make(given.c) : operand));
    const fed = prepare({ ...spec, operands: states(() => ({ dtype: 'float32', shape: [1, 6] })) });
    const fixed = prepare({ ...spec, operands: states(({ data }) => constant(data as Float32Array, [1, 6])) });
    const x = randomValue([STEPS, 1, 5], 12);
    const inputs = onlyInput(fed, x).map((value, position) => (position === 18 ? given.h : position === 19 ? given.c : value));
    const first = numbers(fed.run(inputs)[0]);
    expect(numbers(fed.run(inputs)[0])).toEqual(first);
    expect(numbers(fixed.run(onlyInput(fixed, x))[0])).toEqual(first);
    expect(numbers(prepare(spec).run(onlyInput(fed, x))[0])).not.toEqual(first);
  });

  it('computes the same with 20 operands as with 24', () => {
    const lstm = randomLstm({ ...PLAIN, peephole: true }, 13);
    const x = randomValue([STEPS, 1, 5], 14);
    const [short, long] = ([20, 24] as const).map((operands) => {
      const prepared = prepare(sequenceSpec(lstm, FLOAT_FORMS, { batch: 1, timeMajor: true, operands }));
      return [prepared.operator.inputs.length, numbers(prepared.run(onlyInput(prepared, x))[0])] as const;
    });
    expect([short?.[0], long?.[0]]).toEqual([20, 24]);
    expect(short?.[1]).toEqual(long?.[1]);
  });

  it('starts anew when the number of rows changes', () => {
    const prepared = prepare(sequenceSpec(randomLstm(PLAIN, 15), FLOAT_FORMS, { batch: 1, timeMajor: false }));
    const [one, two] = [randomValue([1, STEPS, 5], 16), randomValue([2, STEPS, 5], 17)];
    const fresh = numbers(prepared.run(onlyInput(prepared, one))[0]);
    prepared.run(onlyInput(prepared, two));
    expect(numbers(prepared.run(onlyInput(prepared, one))[0])).toEqual(fresh);
    expect(numbers(prepared.run(onlyInput(prepared, one))[0])).not.toEqual(fresh);
  });

  it('reads weights through a DEQUANTIZE of a constant', () => {
    const spec = sequenceSpec(randomLstm(PLAIN, 18), FLOAT_FORMS, { batch: 1, timeMajor: true });
    const { graph, operator } = buildOperator(spec);
    const weights = graph.tensors[operator.inputs[2] ?? ABSENT];
    if (weights === undefined) throw new Error('no weights');
    const stored = { ...weights, index: graph.tensors.length };
    const behind = {
      ...graph,
      tensors: [...graph.tensors.map((tensor) => (tensor === weights ? { ...tensor, data: null } : tensor)), stored],
      operators: [{ ...operator, name: 'DEQUANTIZE', inputs: [stored.index], outputs: [weights.index] }, operator],
    };
    const x = randomValue([STEPS, 1, 5], 19);
    const prepared = prepareLstmOperator(behind, operator, FLOAT);
    expect(numbers(prepared.run(onlyInput(prepared, x))[0])).toEqual(numbers(prepare(spec).run(onlyInput(prepared, x))[0]));
    expect(() => prepareLstmOperator({ ...behind, operators: [operator] }, operator, FLOAT)).toThrow(/computed at run time/);
  });

  it('quantizes hybrid inputs with a zero point where the operator asks for it', () => {
    const lstm = randomLstm(PLAIN, 20);
    const x = randomValue([STEPS, 1, 5], 21);
    const spec = sequenceSpec(lstm, HYBRID_FORMS, { batch: 1, timeMajor: true });
    const outputs = [false, true].map((asymmetric) => {
      const prepared = prepare(
        { ...spec, options: { ...spec.options, asymmetric_quantize_inputs: asymmetric } },
        { path: 'hybrid', persona: 'tflite' },
      );
      return numbers(prepared.run(onlyInput(prepared, x))[0]);
    });
    const exact = referenceLstm(lstm, x.data as Float32Array, STEPS);
    for (const y of outputs) expect(largestDifference(y, exact)).toBeLessThan(0.03); // 7-bit inputs and weights
    expect(outputs[0]).not.toEqual(outputs[1]);
  });
});
