import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareLstmOperator } from '../../../worker/core/lstm/prepareLstmOperator';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import type { LstmProbe, PreparedOp } from '../../../worker/core/run/preparedOp';
import type { Value } from '../../../worker/core/run/value';
import { countDifferences, largestDifference, newProbe } from '../../golden/lstmCase';
import { buildOperator, type OperatorSpec } from '../../lstmBuilder';
import { referenceLstm } from './floatReference';
import { HYBRID_FORMS, integer16Spec, integerSpec, quantizeInput } from './quantizeLstm';
import { FLOAT_FORMS, randomLstm, sequenceSpec, topologies, uniform, type OperatorLayout, type Topology } from './randomLstm';

const FLOAT: GraphOptions = { path: 'float', persona: 'tflite' };
const HYBRID: GraphOptions = { path: 'hybrid', persona: 'tflite' };
/** As the paper has it: without the runtime's departures. */
const PAPER: GraphOptions = {
  path: 'int8',
  persona: 'tflite',
  personaOverrides: { peepholeWidth: 'cell', negatedHiddenZeroPoint: 'never', projectionClipCentre: 'zero-point' },
};
const INT8: GraphOptions = { path: 'int8', persona: 'tflite' };

const seeds = fc.integer();
const sequences = fc.record({ steps: fc.integer({ min: 1, max: 9 }), batch: fc.integer({ min: 1, max: 3 }) });

function prepare(spec: OperatorSpec, options: GraphOptions): PreparedOp {
  const { graph, operator } = buildOperator(spec);
  return prepareLstmOperator(graph, operator, options);
}

function run(prepared: PreparedOp, x: Value, probe?: LstmProbe): ArrayLike<number> {
  const inputs = prepared.operator.inputs.map((_, position) => (position === 0 ? x : null));
  return (prepared.run(inputs, probe === undefined ? undefined : [probe])[0]?.data ?? []) as ArrayLike<number>;
}

function randomInput(shape: readonly number[], seed: number): Value {
  const random = uniform(seed ^ 0x5bd1e995);
  const length = shape.reduce((product, size) => product * size, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length }, random) };
}

const batchMajor = (batch: number): OperatorLayout => ({ batch, timeMajor: false });

/** The same LSTM in each arithmetic, with an input in the form that it takes. */
function arithmetics(topology: Topology, seed: number, x: Value, layout: OperatorLayout) {
  const lstm = randomLstm(topology, seed);
  const { spec, input } = integerSpec(lstm, x, layout);
  const integers = { prepared: prepare(spec, INT8), x: quantizeInput(x, input) };
  const isPlain = !topology.cifg && !topology.layerNorm && !topology.peephole && !topology.projection;
  return [
    { prepared: prepare(sequenceSpec(lstm, FLOAT_FORMS, layout), FLOAT), x },
    { prepared: prepare(sequenceSpec(lstm, HYBRID_FORMS, layout), HYBRID), x },
    integers,
    ...(isPlain ? [{ prepared: prepare(spec, { path: 'int8', persona: 'tflm' }), x: integers.x }] : []),
  ];
}

/** Steps from..to of a batch-major value. */
function slice(x: Value, from: number, to: number): Value {
  const [batch = 0, steps = 0, size = 0] = x.shape;
  const data = x.data as Float32Array;
  const parts = Array.from({ length: batch }, (_, b) =>
    Array.from(data.subarray((b * steps + from) * size, (b * steps + to) * size)),
  );
  return { ...x, shape: [batch, to - from, size], data: (data.constructor as Float32ArrayConstructor).from(parts.flat()) };
}

function rowOf(x: Value, row: number): Value {
  const [, steps = 0, size = 0] = x.shape;
  return { ...x, shape: [1, steps, size], data: x.data.slice(row * steps * size, (row + 1) * steps * size) };
}

describe('random topologies and sizes', () => {
  it('float equals the formulas in float64', () => {
    fc.assert(
      fc.property(topologies, sequences, seeds, (topology, { steps }, seed) => {
        const lstm = randomLstm(topology, seed);
        const x = randomInput([1, steps, topology.input], seed);
        const y = run(prepare(sequenceSpec(lstm, FLOAT_FORMS, batchMajor(1)), FLOAT), x);
        // Layer norm over few cells divides by deviations down to 1e-4, which magnifies float32's rounding (1e-7) that much.
        const tolerance = topology.layerNorm ? 2e-3 : 1e-5;
        expect(largestDifference(y, referenceLstm(lstm, x.data as Float32Array, steps))).toBeLessThanOrEqual(tolerance);
      }),
      { numRuns: 150 },
    );
  });

  it('integer follows float as far as its formats allow', () => {
    const qualities: number[] = [];
    fc.assert(
      fc.property(topologies, seeds, (topology, seed) => {
        fc.pre(!topology.layerNorm || topology.cell >= 4); // normalized, 2 or 3 values are little more than their order
        const lstm = randomLstm(topology, seed);
        const x = randomInput([1, 12, topology.input], seed);
        const { spec, input, output } = integerSpec(lstm, x, batchMajor(1));
        const integers = run(prepare(spec, PAPER), quantizeInput(x, input));
        const reals = run(prepare(sequenceSpec(lstm, FLOAT_FORMS, batchMajor(1)), FLOAT), x);
        let signal = 0;
        let noise = 0;
        for (let k = 0; k < reals.length; k++) {
          const real = reals[k] ?? NaN;
          signal += real ** 2;
          noise += (output.scale * ((integers[k] ?? NaN) - output.zeroPoint) - real) ** 2;
        }
        qualities.push(10 * Math.log10(signal / noise));
      }),
      { numRuns: 300, seed: 1 },
    );
    // 8-bit codes over their full range have 40 to 50 dB; what the rounding of weights and gates takes from it stays small.
    qualities.sort((a, b) => a - b);
    expect(qualities[0]).toBeGreaterThan(25);
    expect(qualities[150]).toBeGreaterThan(38);
  });

  it('16x8 under TFLM has rounding errors of 8-bit weights only', () => {
    fc.assert(
      fc.property(topologies, seeds, ({ input, cell }, seed) => {
        const plain = { cifg: false, layerNorm: false, projection: false, peephole: false, projectionBias: false };
        const topology: Topology = { ...plain, input, cell, output: cell, cellClip: 0, projectionClip: 0 };
        const lstm = randomLstm(topology, seed);
        const x = randomInput([2, 6, input], seed);
        const { spec, inputScale, outputScale } = integer16Spec(lstm, x, batchMajor(2));
        const codes = Int16Array.from(x.data as Float32Array, (real) => Math.round(real / inputScale));
        const prepared = prepare(spec, { path: 'int8', persona: 'tflm' });
        const y = Array.from(run(prepared, { ...x, dtype: 'int16', data: codes }), (code) => code * outputScale);
        const dequantized = run(prepare(spec, FLOAT), x);
        // The same 8-bit weights in float: what is left is TFLM's interpolated activations, up to 13 units of Q0.15, over 6 steps.
        expect(largestDifference(y, dequantized)).toBeLessThan(0.005);
      }),
      { numRuns: 100 },
    );
  });

  it('two runs with carried states equal one', () => {
    fc.assert(
      fc.property(topologies, sequences, seeds, fc.nat(), (topology, { steps, batch }, seed, cut) => {
        const x = randomInput([batch, steps, topology.input], seed);
        const at = cut % (steps + 1);
        for (const { prepared, x: values } of arithmetics(topology, seed, x, batchMajor(batch))) {
          const whole = run(prepared, values);
          prepared.resetState();
          const [first, second] = [run(prepared, slice(values, 0, at)), run(prepared, slice(values, at, steps))];
          const shape = [batch, steps, topology.output];
          const expected: Value = { dtype: values.dtype, shape, data: whole as Float32Array };
          expect(countDifferences(first, slice(expected, 0, at).data as Float32Array)).toBe(0);
          expect(countDifferences(second, slice(expected, at, steps).data as Float32Array)).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('rows of a batch do not see each other (batch-major)', () => {
    fc.assert(
      fc.property(topologies, sequences, seeds, (topology, { steps, batch }, seed) => {
        const x = randomInput([batch, steps, topology.input], seed);
        for (const { prepared, x: values } of arithmetics(topology, seed, x, batchMajor(batch))) {
          const together = Array.from(run(prepared, values));
          const perRow = Array.from({ length: batch }, (_, row) => {
            prepared.resetState();
            return Array.from(run(prepared, rowOf(values, row)));
          });
          expect(countDifferences(together, perRow.flat())).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('time-major equals batch-major where the peephole covers the whole cell', () => {
    fc.assert(
      fc.property(topologies, sequences, seeds, (topology, { steps, batch }, seed) => {
        fc.pre(!topology.peephole || topology.output === topology.cell);
        const x = randomInput([batch, steps, topology.input], seed);
        const lstm = randomLstm(topology, seed);
        const { spec, input } = integerSpec(lstm, x, batchMajor(batch));
        const codes = quantizeInput(x, input);
        const rows = run(prepare(spec, INT8), codes);
        const timeMajor = { ...spec, options: { ...spec.options, time_major: true } };
        const steady = run(prepare(timeMajor, INT8), swapped(codes));
        const shape = [steps, batch, topology.output];
        expect(countDifferences(swapped({ dtype: 'int8', shape, data: steady as Int8Array }).data as Int8Array, rows)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('probing changes nothing, and shows the outputs and the last states', () => {
    fc.assert(
      fc.property(topologies, sequences, seeds, (topology, { steps, batch }, seed) => {
        const x = randomInput([batch, steps, topology.input], seed);
        for (const { prepared, x: values } of arithmetics(topology, seed, x, batchMajor(batch))) {
          const plain = Array.from(run(prepared, values));
          prepared.resetState();
          const probe = newProbe();
          expect(countDifferences(run(prepared, values, probe), plain)).toBe(0);
          expect([probe.steps, probe.batch]).toEqual([steps, batch]);
          const h: Value = {
            dtype: values.dtype,
            shape: [steps, batch, topology.output],
            data: probe.trace.h ?? new Float32Array(0),
          };
          expect(countDifferences(swapped(h).data as Float32Array, plain)).toBe(0);
          for (const { name, size } of prepared.cells[0]?.runner.signals ?? []) {
            expect(probe.trace[name]?.length, name).toBe(steps * batch * size);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** The first two axes exchanged. */
function swapped(value: Value): Value {
  const [first = 0, second = 0, size = 0] = value.shape;
  const data = value.data.slice();
  for (let a = 0; a < first; a++) {
    for (let b = 0; b < second; b++) {
      for (let k = 0; k < size; k++) data[(b * first + a) * size + k] = value.data[(a * second + b) * size + k] ?? 0;
    }
  }
  return { ...value, shape: [second, first, size], data };
}
