import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignalName } from '../../../worker/core/lstm/signals';
import { GRU_OPERANDS, RNN_OPERANDS } from '../../../worker/core/model/gruOperands';
import { prepareOperator } from '../../../worker/core/ops/prepareOperator';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import type { PreparedOp } from '../../../worker/core/run/preparedOp';
import { UnsupportedOperatorError } from '../../../worker/core/run/preparedOp';
import type { Value } from '../../../worker/core/run/value';
import { newProbe } from '../../golden/lstmCase';
import { buildOperator, type OperatorSpec } from '../../lstmBuilder';
import { uniform } from '../lstm/randomLstm';
import { gruReference } from './gruReference';
import { type GruLayout, gruShapes, gruSpec, randomGru, type RealGru } from './randomGru';

const FLOAT: GraphOptions = { path: 'float', persona: 'tflite' };
/** float32 sums of some 40 products beside float64 ones, over at most 6 steps. */
const CLOSE = 1e-5;

function prepare(spec: OperatorSpec): PreparedOp {
  const { graph, operator } = buildOperator(spec);
  return prepareOperator(graph, operator, FLOAT);
}

const random = (shape: readonly number[], seed: number): Value => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, uniform(seed)),
});

function run(prepared: PreparedOp, x: Value, initial: Value | null = null, probe = newProbe()) {
  const inputs = prepared.operator.inputs.map((_, at) =>
    at === GRU_OPERANDS.input ? x : at === GRU_OPERANDS.initialHidden ? initial : null,
  );
  const [y, last] = prepared.run(inputs, [probe]);
  return { y: y!, last: last!, probe };
}

/** Values of one row of [steps, batch, size]. */
const rowOf = (data: ArrayLike<number>, row: number, steps: number, batch: number) => {
  const size = data.length / (steps * batch);
  const at = (step: number) => (step * batch + row) * size;
  return Array.from({ length: steps }, (_, step) => Array.from(data).slice(at(step), at(step) + size));
};

const farthest = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]) =>
  Math.max(0, ...a.flatMap((row, step) => row.map((value, k) => Math.abs(value - b[step]![k]!))));

const layout = (more: Partial<GruLayout> = {}): GruLayout => ({ timeMajor: true, ...more });
const SMALL = randomGru({ input: 3, hidden: 5, linearBeforeReset: true, clip: 0 }, 1);

describe('a float GRU', () => {
  it('has the values of the equations in float64, every signal of every gate, from a given state on', () => {
    fc.assert(
      fc.property(
        gruShapes,
        fc.nat(),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 6 }),
        (shape, seed, batch, steps) => {
          const gru = randomGru(shape, seed);
          const initial = random([batch, shape.hidden], seed + 1);
          const x = random([steps, batch, shape.input], seed + 2);
          const prepared = prepare(gruSpec(gru, layout({ initial: { dtype: 'float32', shape: initial.shape } })));
          const { y, last, probe } = run(prepared, x, initial);
          expect(y.shape).toEqual([steps, batch, shape.hidden]);
          for (let row = 0; row < batch; row++) {
            const first = Array.from(initial.data as Float32Array).slice(row * shape.hidden, (row + 1) * shape.hidden);
            const wanted = gruReference(gru, rowOf(x.data as Float32Array, row, steps, batch), first);
            for (const [name, values] of Object.entries(wanted)) {
              const signal = probe.trace[name as SignalName];
              expect(signal?.length, name).toBe(steps * batch * shape.hidden);
              expect(farthest(values, rowOf(signal as Float32Array, row, steps, batch)), name).toBeLessThan(CLOSE);
            }
            expect(rowOf(last.data as Float32Array, row, 1, batch)[0]).toEqual(rowOf(y.data as Float32Array, row, steps, batch)[steps - 1]); // prettier-ignore
          }
          expect(prepared.cells[0]?.runner.signals.map(({ name }) => name).sort()).toEqual(
          Object.keys(probe.trace).filter((name) => name !== 'x').sort(),
        ); // prettier-ignore
        },
      ),
      { numRuns: 60 },
    );
  });

  it('clips what is activated, and tells it', () => {
    const gru = randomGru({ ...SMALL.shape, clip: 0.25 }, 4);
    const { probe } = run(prepare(gruSpec(gru, layout())), random([4, 2, 3], 5));
    const before = Array.from(probe.trace.z_xh as Float32Array);
    expect(Math.max(...before.map(Math.abs))).toBeGreaterThan(0.25);
    expect(Array.from(probe.trace.z_in as Float32Array)).toEqual(before.map((value) => Math.max(-0.25, Math.min(0.25, value))));
  });

  it('starts anew with every run, and where h is a variable goes on', () => {
    const x = random([4, 2, 3], 6);
    const first = { ...x, shape: [2, 2, 3], data: (x.data as Float32Array).slice(0, 12) };
    const second = { ...first, data: (x.data as Float32Array).slice(12) };
    const whole = Array.from(run(prepare(gruSpec(SMALL, layout())), x).y.data as Float32Array);
    const anew = prepare(gruSpec(SMALL, layout()));
    run(anew, first);
    expect(Array.from(run(anew, second).y.data as Float32Array)).not.toEqual(whole.slice(20));
    const kept = prepare(gruSpec(SMALL, layout({ initial: { dtype: 'float32', shape: [2, 5], isVariable: true } })));
    run(kept, first);
    expect(Array.from(run(kept, second).y.data as Float32Array)).toEqual(whole.slice(20));
    kept.resetState();
    expect(Array.from(run(kept, first).y.data as Float32Array)).toEqual(whole.slice(0, 20));
  });

  it('walks in reverse, batch-major, and each row to its own length', () => {
    const x = random([2, 4, 3], 7);
    const values = x.data as Float32Array;
    const prepared = prepare(
      gruSpec(SMALL, { timeMajor: false, lengths: [4, 2], options: { reverse: true, direction_axis: true } }),
    );
    const { y, last } = run(prepared, x);
    expect([y.shape, last.shape]).toEqual([[2, 4, 1, 5], [2, 1, 5]]); // prettier-ignore
    const rows = [0, 1].map((row) => Array.from(y.data as Float32Array).slice(row * 20, (row + 1) * 20));
    for (const [row, length] of [
      [0, 4],
      [1, 2],
    ] as const) {
      const steps = Array.from({ length }, (_, step) => Array.from(values.slice((row * 4 + step) * 3, (row * 4 + step + 1) * 3)));
      const wanted = gruReference(SMALL, steps.reverse(), [0, 0, 0, 0, 0])['h']!;
      const got = Array.from({ length: 4 }, (_, step) => rows[row]!.slice(step * 5, step * 5 + 5));
      expect(farthest(wanted, got.slice(0, length).reverse())).toBeLessThan(CLOSE);
      expect(
        got
          .slice(length)
          .flat()
          .every((value) => value === 0),
      ).toBe(true);
      expect(farthest([wanted.at(-1)!], [Array.from(last.data as Float32Array).slice(row * 5, row * 5 + 5)])).toBeLessThan(CLOSE);
    }
  });

  it('has other activations by name, and refuses what it does not know', () => {
    const named = gruSpec(
      SMALL,
      layout({ options: { gate_activation: 'HardSigmoid(0.2, 0.5)', fused_activation_function: 'RELU' } }),
    );
    const { probe } = run(prepare(named), random([2, 1, 3], 8));
    const hard = (value: number) => Math.fround(Math.max(0, Math.min(1, Math.fround(0.2) * value + 0.5)));
    expect(Array.from(probe.trace.z as Float32Array)).toEqual(Array.from(probe.trace.z_xh as Float32Array, hard));
    expect(Array.from(probe.trace.n as Float32Array)).toEqual(
      Array.from(probe.trace.n_xh as Float32Array, (v) => Math.max(0, v)),
    );
    const unknown = gruSpec(SMALL, layout({ options: { fused_activation_function: 'SWISH' } }));
    expect(() => prepare(unknown)).toThrow(UnsupportedOperatorError);
    const noReset: RealGru = { ...SMALL, shape: { ...SMALL.shape, linearBeforeReset: false } };
    expect(() => prepare(gruSpec(noReset, layout()))).toThrow(/needs linear_before_reset/);
  });
});

describe('a float simple recurrent layer', () => {
  it('is f(W x + R h + b), step by step', () => {
    const next = uniform(9);
    const values = (length: number) => Float32Array.from({ length }, next);
    const [w, r, b] = [values(15), values(25), values(5)];
    const operands: OperatorSpec['operands'] = [
      { dtype: 'float32', shape: [1, 1, 3] },
      { dtype: 'float32', shape: [5, 3], values: w },
      { dtype: 'float32', shape: [5, 5], values: r },
      { dtype: 'float32', shape: [5], values: b },
    ];
    const spec: OperatorSpec = {
      name: 'VANILLA_RNN',
      operands,
      outputs: [{ dtype: 'float32', shape: [1, 1, 5] }],
      options: { time_major: true, fused_activation_function: 'TANH' },
    };
    const x = random([4, 2, 3], 10);
    const prepared = prepare(spec);
    const probe = newProbe();
    const outputs = prepared.run(operands.map((_, at) => (at === RNN_OPERANDS.input ? x : null)), [probe]); // prettier-ignore
    expect(outputs).toHaveLength(1);
    for (const row of [0, 1]) {
      let h = [0, 0, 0, 0, 0];
      const wanted = rowOf(x.data as Float32Array, row, 4, 2).map((step) => {
        h = h.map((_, k) => {
          const recurrent = h.reduce((sum, value, c) => sum + r[k * 5 + c]! * value, 0);
          return Math.tanh(step.reduce((sum, value, c) => sum + w[k * 3 + c]! * value, b[k]! + recurrent));
        });
        return h;
      });
      expect(farthest(wanted, rowOf(outputs[0]!.data as Float32Array, row, 4, 2))).toBeLessThan(CLOSE);
    }
    expect(Object.keys(probe.trace).sort()).toEqual(['a_x', 'a_xh', 'h', 'x']);
  });
});
