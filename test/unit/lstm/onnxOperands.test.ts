import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedActivation } from '../../../worker/core/lstm/float/namedActivations';
import { prepareLstmOperator } from '../../../worker/core/lstm/prepareLstmOperator';
import type { SignalName } from '../../../worker/core/lstm/signals';
import { GEMMLOWP_TABLES } from '../../../worker/core/quantization/activationTables';
import type { OptionValue } from '../../../worker/core/model/model';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import { InputShapeError } from '../../../worker/core/run/inputShapeError';
import type { PreparedOp } from '../../../worker/core/run/preparedOp';
import type { Value } from '../../../worker/core/run/value';
import { newProbe } from '../../golden/lstmCase';
import { buildOperator, type OperatorSpec, type TensorSpec } from '../../lstmBuilder';
import { integerSpec, quantizeInput } from './quantizeLstm';
import { FLOAT_FORMS, randomLstm, sequenceSpec, topologies, uniform, type RealLstm } from './randomLstm';

const FLOAT: GraphOptions = { path: 'float', persona: 'tflite' };
const INT8: GraphOptions = { path: 'int8', persona: 'tflite' };
const PLAIN = { cifg: false, layerNorm: false, projection: false, peephole: true, input: 3, cell: 5, output: 5 };
const LSTM = randomLstm({ ...PLAIN, projectionBias: false, cellClip: 0, projectionClip: 0 }, 1);

interface Given {
  readonly h?: Value;
  readonly c?: Value;
  readonly lengths?: readonly number[];
}

/** The operator as it is made from an LSTM of ONNX: 27 operands, three outputs, states that start anew. */
function asOnnx(spec: OperatorSpec, given: Given, options: Record<string, OptionValue> = {}): OperatorSpec {
  const [h, c] = [spec.operands[18], spec.operands[19]];
  const state = (like: TensorSpec | null | undefined, value: Value | undefined): TensorSpec | null =>
    like === undefined || like === null || value === undefined ? null : { ...like, isVariable: false, shape: value.shape };
  const lengths: TensorSpec | null =
    given.lengths === undefined
      ? null
      : { dtype: 'int32', shape: [given.lengths.length], values: Int32Array.from(given.lengths) };
  const blank = Array.from({ length: 24 - spec.operands.length }, () => null);
  return {
    ...spec,
    operands: [...spec.operands, ...blank, state(h, given.h), state(c, given.c), lengths],
    outputs: [...spec.outputs, { dtype: h?.dtype ?? 'float32', shape: [] }, { dtype: c?.dtype ?? 'float32', shape: [] }],
    options: { ...spec.options, stateful: false, ...options },
  };
}

function prepare(spec: OperatorSpec, options = FLOAT): PreparedOp {
  const { graph, operator } = buildOperator(spec);
  return prepareLstmOperator(graph, operator, options);
}

function run(prepared: PreparedOp, x: Value, { h, c }: Given = {}, probe = newProbe()) {
  const inputs = prepared.operator.inputs.map((_, at) =>
    at === 0 ? x : at === 24 ? (h ?? null) : at === 25 ? (c ?? null) : null,
  );
  const [y, lastH, lastC] = prepared.run(inputs, [probe]);
  return { y: y!, lastH: lastH!, lastC: lastC!, probe };
}

const numbers = (value: Value | undefined) => Array.from((value?.data ?? []) as ArrayLike<number>);
const random = (shape: readonly number[], seed: number): Value => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, uniform(seed)),
});

/** Rows [step, batch] of a time-major value. */
const rowAt = (value: Value, step: number, row: number, batch: number) => {
  const size = value.shape.at(-1) ?? 1;
  const from = (step * batch + row) * size;
  return numbers(value).slice(from, from + size);
};

const timeMajor = (lstm: RealLstm, batch: number, steps: number) =>
  sequenceSpec(lstm, FLOAT_FORMS, { batch, timeMajor: true, steps });

describe("an LSTM with ONNX's operands", () => {
  it('goes on from given states just where a stateful one would, in float and in integers, for every topology', () => {
    fc.assert(
      fc.property(topologies, fc.nat(), fc.integer({ min: 1, max: 3 }), fc.boolean(), (topology, seed, batch, isInteger) => {
        const lstm = randomLstm(topology, seed);
        const layout = { batch, timeMajor: true, steps: 3 };
        const x = random([6, batch, topology.input], seed + 1);
        const made = isInteger ? integerSpec(lstm, x, layout) : null;
        const spec = made?.spec ?? timeMajor(lstm, batch, 3);
        const options = isInteger ? INT8 : FLOAT;
        const codes = made === null ? x : quantizeInput(x, made.input);
        const half = codes.data.length / 2;
        const part = (from: number): Value => ({
          ...codes,
          shape: [3, batch, topology.input],
          data: codes.data.slice(from, from + half),
        });
        const stateful = prepare(spec, options);
        const [first, second] = [run(stateful, part(0)), run(stateful, part(half))];
        const fresh = run(prepare(asOnnx(spec, {}), options), part(0));
        expect(numbers(fresh.y)).toEqual(numbers(first.y));
        const given = { h: fresh.lastH, c: fresh.lastC };
        const prepared = prepare(asOnnx(spec, given), options);
        for (const again of [1, 2]) {
          const { y, lastH, lastC, probe } = run(prepared, part(half), given);
          expect(numbers(y), `run ${again}`).toEqual(numbers(second.y));
          expect(probe.trace).toEqual(second.probe.trace);
          expect(numbers(lastH)).toEqual(Array.from(probe.trace.h!.subarray(2 * batch * topology.output)));
          expect(numbers(lastC)).toEqual(Array.from(probe.trace.c!.subarray(2 * batch * topology.cell)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('starts at 0 with every run where no state is given, whatever ran before', () => {
    const prepared = prepare(asOnnx(timeMajor(LSTM, 1, 4), {}));
    const x = random([4, 1, 3], 7);
    const once = numbers(run(prepared, x).y);
    expect(numbers(run(prepared, x).y)).toEqual(once);
  });

  it("runs each row to its own length, in both directions: past it 0, and the row's last state", () => {
    const lengths = [4, 0, 2, 4, 1];
    const batch = lengths.length;
    const x = random([4, batch, 3], 8);
    const given = { h: random([1, batch, 5], 9), c: random([1, batch, 5], 10) };
    for (const reverse of [false, true]) {
      const prepared = prepare(asOnnx(timeMajor(LSTM, batch, 4), { ...given, lengths }, { reverse }));
      const whole = run(prepared, x, given);
      lengths.forEach((length, row) => {
        const steps = Array.from({ length }, (_, t) => t);
        if (reverse) steps.reverse();
        const alone: Value = {
          dtype: 'float32',
          shape: [length, 1, 3],
          data: Float32Array.from(steps.flatMap((t) => rowAt(x, t, row, batch))),
        };
        const own = { h: { ...given.h, shape: [1, 1, 5], data: Float32Array.from(rowAt(given.h, 0, row, batch)) } };
        const ownC = { ...given.c, shape: [1, 1, 5], data: Float32Array.from(rowAt(given.c, 0, row, batch)) };
        const expected = run(prepare(asOnnx(timeMajor(LSTM, 1, length), { ...own, c: ownC })), alone, { ...own, c: ownC });
        for (let t = 0; t < 4; t++) {
          const at = steps.indexOf(t);
          const values = at === -1 ? [0, 0, 0, 0, 0] : rowAt(expected.y, at, 0, 1);
          expect(rowAt(whole.y, t, row, batch), `row ${row} step ${t}`).toEqual(values);
          for (const name of ['i_in', 'c', 'tanh_c'] satisfies SignalName[]) {
            const signal = (probe: typeof whole.probe, index: number) =>
              Array.from(probe.trace[name]!.subarray(index * 5, index * 5 + 5));
            const wanted = at === -1 ? [0, 0, 0, 0, 0] : signal(expected.probe, at);
            expect(signal(whole.probe, t * batch + row)).toEqual(wanted);
          }
        }
        expect(rowAt(whole.lastH, 0, row, batch)).toEqual(length === 0 ? [0, 0, 0, 0, 0] : numbers(expected.lastH));
        expect(rowAt(whole.lastC, 0, row, batch)).toEqual(length === 0 ? [0, 0, 0, 0, 0] : numbers(expected.lastC));
      });
    }
  });

  it("pads an integer LSTM with its output's code of 0", () => {
    const x = random([3, 2, 3], 11);
    const { spec, input, output } = integerSpec(LSTM, x, { batch: 2, timeMajor: true, steps: 3 });
    const { y } = run(prepare(asOnnx(spec, { lengths: [3, 1] }), INT8), quantizeInput(x, input));
    expect(rowAt(y, 2, 1, 2)).toEqual(new Array(5).fill(output.zeroPoint));
    expect(rowAt(y, 2, 0, 2)).not.toEqual(new Array(5).fill(output.zeroPoint));
  });

  it('refuses lengths that are too many, too long or negative, and states of another type or size', () => {
    const x = random([3, 2, 3], 12);
    for (const lengths of [[3], [3, 4], [-1, 3]]) {
      expect(() => run(prepare(asOnnx(timeMajor(LSTM, 2, 3), { lengths })), x)).toThrow(InputShapeError);
    }
    const short = { h: random([1, 1, 5], 13) };
    expect(() => run(prepare(asOnnx(timeMajor(LSTM, 2, 3), short)), x, short)).toThrow(/5 values; 10 are needed/);
    const codes: Given = { h: { dtype: 'int8', shape: [1, 2, 5], data: new Int8Array(10) } };
    expect(() => run(prepare(asOnnx(timeMajor(LSTM, 2, 3), codes)), x, codes)).toThrow(/is int8/);
  });

  it("gives ONNX's shapes, time-major and batch-major, from the same numbers", () => {
    const x = random([3, 2, 3], 14);
    const turned: Value = {
      ...x,
      shape: [2, 3, 3],
      data: Float32Array.from([0, 1].flatMap((row) => [0, 1, 2].flatMap((t) => rowAt(x, t, row, 2)))),
    };
    const options = { direction_axis: true };
    const major = run(prepare(asOnnx(timeMajor(LSTM, 2, 3), {}, options)), x);
    const batchMajor = sequenceSpec(LSTM, FLOAT_FORMS, { batch: 2, timeMajor: false, steps: 3 });
    const minor = run(prepare(asOnnx(batchMajor, {}, options)), turned);
    expect([major.y.shape, major.lastH.shape, major.lastC.shape]).toEqual([
      [3, 1, 2, 5],
      [1, 2, 5],
      [1, 2, 5],
    ]);
    expect([minor.y.shape, minor.lastH.shape, minor.lastC.shape]).toEqual([
      [2, 3, 1, 5],
      [2, 1, 5],
      [2, 1, 5],
    ]);
    expect(numbers(minor.lastC)).toEqual(numbers(major.lastC));
    expect(numbers(minor.y)).toEqual([0, 1].flatMap((row) => [0, 1, 2].flatMap((t) => rowAt(major.y, t, row, 2))));
  });

  it('clamps gates before their activation, and shows them unclamped; in integers by the same codes', () => {
    const x = random([4, 1, 3], 15);
    const clip = 0.25;
    const { probe } = run(prepare(asOnnx(timeMajor(LSTM, 1, 4), {}, { gate_clip: clip })), x);
    const clamped = Array.from(probe.trace.i_in!, (z) => Math.min(clip, Math.max(-clip, z)));
    expect(clamped.some((z, k) => z !== probe.trace.i_in![k])).toBe(true);
    clamped.forEach((z, k) => expect(probe.trace.i![k]).toBeCloseTo(1 / (1 + Math.exp(-z)), 6));
    const { spec, input } = integerSpec(LSTM, x, { batch: 1, timeMajor: true, steps: 4 });
    const integer = run(prepare(asOnnx(spec, {}, { gate_clip: clip }), INT8), quantizeInput(x, input)).probe;
    const table = GEMMLOWP_TABLES.tanh(3);
    integer.trace.g_in!.forEach((code, k) => {
      expect(integer.trace.g![k]).toBe(table[Math.min(1024, Math.max(-1024, code)) + 32768]);
    });
  });

  it('takes other activations for the gates, the cell gate and the cell', () => {
    const x = random([4, 1, 3], 16);
    const options = {
      gate_activation: 'HardSigmoid(0.2, 0.5)',
      fused_activation_function: 'Softsign',
      hidden_activation: 'LeakyRelu(0.1)',
    };
    const { trace } = run(prepare(asOnnx(timeMajor(LSTM, 1, 4), {}, options)), x).probe;
    trace.f_in!.forEach((z, k) => expect(trace.f![k]).toBeCloseTo(Math.min(1, Math.max(0, 0.2 * z + 0.5)), 6));
    trace.g_in!.forEach((z, k) => expect(trace.g![k]).toBeCloseTo(z / (1 + Math.abs(z)), 6));
    trace.c!.forEach((c, k) => expect(trace.tanh_c![k]).toBeCloseTo(c >= 0 ? c : 0.1 * c, 6));
    expect(() => prepare(asOnnx(timeMajor(LSTM, 1, 4), {}, { gate_activation: 'Swish' }))).toThrow(/Swish is not supported/);
  });

  it("computes ONNX's activations as they are defined", () => {
    const at = (name: string, x: number) => {
      const y = new Float32Array(1);
      const activation = namedActivation(name);
      if (typeof activation !== 'function') throw new Error(`${name} is ${activation}`);
      activation(Float32Array.of(x), y);
      return y[0];
    };
    expect(at('Affine(2, -1)', 0.75)).toBe(0.5);
    expect([at('ThresholdedRelu(1)', 1), at('ThresholdedRelu(1)', 1.5)]).toEqual([0, 1.5]);
    expect(at('ScaledTanh(2, 0.5)', 1)).toBeCloseTo(2 * Math.tanh(0.5), 6);
    expect(at('Elu(0.5)', -1)).toBeCloseTo(0.5 * (Math.exp(-1) - 1), 6);
    expect([at('Softplus', 1000), at('Softplus', 0)]).toEqual([1000, Math.fround(Math.LN2)]);
    for (const bad of ['HardSigmoid', 'HardSigmoid(1)', 'Elu(x)', 'constructor', 'Softsign(1)']) {
      expect(namedActivation(bad), bad).toBeNull();
    }
  });
});
