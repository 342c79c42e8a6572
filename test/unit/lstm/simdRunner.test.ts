import fc from 'fast-check';
import { expect, it } from 'vitest';
import { INT8_ARITHMETIC } from '../../../worker/core/lstm/integer/codeArithmetic';
import type { IntegerGate } from '../../../worker/core/lstm/integer/integerParameters';
import { IntegerRunner } from '../../../worker/core/lstm/integer/integerRunner';
import type { LstmLosses, LstmRunner } from '../../../worker/core/lstm/lstmRunner';
import { GATE_LETTERS, GATES, type SignalName, type SignalSpec, type SignalTrace } from '../../../worker/core/lstm/signals';
import { simdCovers, SimdIntegerRunner } from '../../../worker/core/lstm/simd/simdIntegerRunner';
import { SimdMemory, type Int8LstmParameters } from '../../../worker/core/lstm/simd/simdMemory';
import { GEMMLOWP_TABLES, LUT_TABLES } from '../../../worker/core/quantization/activationTables';
import { MULTIPLY_BY_QUANTIZED_MULTIPLIER } from '../../../worker/core/quantization/fixedPoint';
import { quantizeMultiplier } from '../../../worker/core/quantization/quantizeMultiplier';
import { atOnce } from '../../../worker/core/run/atOnce';

/** Deterministic integers in low..high. */
function integers(seed: number): (low: number, high: number) => number {
  let state = seed >>> 0;
  return (low, high) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + Math.floor((state / 2 ** 32) * (high - low + 1));
  };
}

const shapes = fc.record({
  input: fc.integer({ min: 1, max: 40 }),
  cell: fc.integer({ min: 1, max: 40 }),
  projected: fc.option(fc.integer({ min: 1, max: 40 })),
  cifg: fc.boolean(),
  peephole: fc.boolean(),
  layerNorm: fc.boolean(),
  isTflm: fc.boolean(),
  isSingleRounding: fc.boolean(),
  rowsTogether: fc.boolean(),
  narrowPeephole: fc.boolean(),
  cellBits: fc.integer({ min: 0, max: 6 }),
  cellClip: fc.option(fc.integer({ min: 0, max: 20000 })),
  projectionClip: fc.option(fc.integer({ min: 1, max: 127 })),
  steps: fc.integer({ min: 1, max: 20 }),
  batch: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

function randomParameters(shape: Shape): Int8LstmParameters {
  const random = integers(shape.seed);
  const { input, cell } = shape;
  const output = shape.projected ?? cell;
  const gates = GATES.filter((gate) => !(shape.cifg && gate === 'input'));
  const int8s = (length: number) => Int8Array.from({ length }, () => random(-127, 127));
  const int16s = (length: number) => Int16Array.from({ length }, () => random(-32767, 32767));
  const int32s = (length: number, limit: number) => Int32Array.from({ length }, () => random(-limit, limit));
  const scale = (low: number, high: number) => quantizeMultiplier(2 ** (random(low * 100, high * 100) / 100));
  const tables = shape.isTflm ? LUT_TABLES : GEMMLOWP_TABLES;
  const gate = (name: (typeof GATES)[number]): IntegerGate | null =>
    gates.includes(name)
      ? {
          inputMultiplier: scale(-6, 2),
          recurrentMultiplier: scale(-6, 2),
          peephole: shape.peephole && name !== 'cell' ? { coefficients: int16s(cell), multiplier: scale(-18, -12) } : null,
          layerNorm: shape.layerNorm
            ? {
                coefficients: int16s(cell),
                bias: int32s(cell, 2 ** 26),
                multiplier: { multiplier: random(2 ** 30, 2 ** 31 - 1), shift: -1 },
                varianceGuard: random(1, 300),
              }
            : null,
          activation: name === 'cell' ? tables.tanh(3) : tables.sigmoid(),
        }
      : null;
  const signal = (name: SignalName, size: number, dtype: 'int8' | 'int16'): SignalSpec => ({
    name,
    gate: null,
    size,
    dtype,
    quantization: null,
  });
  return {
    arithmetic: INT8_ARITHMETIC,
    sizes: { input, auxInput: 0, cell, output },
    gates,
    inputWeights: int8s(gates.length * cell * input),
    inputBias: int32s(gates.length * cell, 40000),
    recurrentWeights: int8s(gates.length * cell * output),
    recurrentBias: int32s(gates.length * cell, 40000),
    gate: { input: gate('input'), forget: gate('forget'), cell: gate('cell'), output: gate('output') },
    rescale: MULTIPLY_BY_QUANTIZED_MULTIPLIER[shape.isSingleRounding ? 'single' : 'double'],
    multiply: MULTIPLY_BY_QUANTIZED_MULTIPLIER[shape.isSingleRounding ? 'single' : 'double'],
    recurrentSaturatesAlone: shape.isTflm,
    peepholeWidth: shape.narrowPeephole ? output : cell,
    rowsTogether: shape.rowsTogether,
    cellProducts: shape.isTflm
      ? { kind: 'multiplier', forget: quantizeMultiplier(2 ** -15), input: scale(-18, -14) }
      : { kind: 'shift', forgetShift: 15, inputShift: 15 + shape.cellBits },
    cellClip: shape.cellClip,
    cellTanh: tables.tanh(shape.cellBits),
    hidden: { ...scale(-23, -21), zeroPoint: random(-128, 127) },
    projection:
      shape.projected === null
        ? null
        : {
            weights: int8s(output * cell),
            bias: int32s(output, 40000),
            multiplier: scale(-12, -6),
            zeroPoint: random(-128, 127),
            clip: shape.projectionClip === null ? null : [-shape.projectionClip, shape.projectionClip],
          },
    outputZeroPoint: random(-128, 127),
    signals: [
      ...gates.flatMap((name) => {
        const letter = GATE_LETTERS[name];
        const stages = (['x', 'xh', 'in', 'ln'] as const).map((stage) => signal(`${letter}_${stage}`, cell, 'int16'));
        return [...stages, signal(letter, cell, 'int16')];
      }),
      signal('c', cell, 'int16'),
      signal('tanh_c', cell, 'int16'),
      signal('m', cell, 'int8'),
      signal('h', output, 'int8'),
    ],
  };
}

/** Two runs with the state carried over: every signal, state and loss by name. */
function runTwice(runner: LstmRunner, shape: Shape): Map<string, ArrayLike<number>> {
  const random = integers(shape.seed + 1);
  const state = runner.initialState(shape.batch);
  const results = new Map<string, ArrayLike<number>>();
  for (const run of [1, 2]) {
    const rows = shape.steps * shape.batch;
    const x = Int8Array.from({ length: rows * shape.input }, () => random(-128, 127));
    const trace: SignalTrace = {};
    for (const { name, size, dtype } of runner.signals) {
      trace[name] = dtype === 'int8' ? new Int8Array(rows * size) : new Int16Array(rows * size);
    }
    const losses: LstmLosses = {
      cellClipped: 0,
      projectionClipped: 0,
      layerNormOverflow: { input: 0, forget: 0, cell: 0, output: 0 },
    };
    const y = runner.run(x, shape.steps, shape.batch, state, trace, losses);
    for (const [name, values] of Object.entries(trace)) results.set(`${run} ${name}`, values);
    results.set(`${run} y`, y).set(`${run} output state`, state.output.slice()).set(`${run} cell state`, state.cell.slice());
    results.set(`${run} clipped`, [losses.cellClipped, losses.projectionClipped]);
    results.set(`${run} wraps`, Object.values(losses.layerNormOverflow));
  }
  return results;
}

/** The first value that differs, or null; far quicker on long arrays than a deep comparison. */
function firstDifference(a: ReturnType<typeof runTwice>, b: ReturnType<typeof runTwice>): string | null {
  if (a.size !== b.size) return `${a.size} results against ${b.size}`;
  for (const [name, values] of a) {
    const others = b.get(name) ?? [];
    if (values.length !== others.length) return `${name}: ${values.length} values against ${others.length}`;
    for (let k = 0; k < values.length; k++)
      if (values[k] !== others[k]) return `${name}[${k}]: ${values[k]} against ${others[k]}`;
  }
  return null;
}

it('the SIMD LSTM gives every integer, state and loss of the plain one', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const parameters = randomParameters(shape);
      expect(simdCovers(parameters)).toBe(true);
      const simd = runTwice(new SimdIntegerRunner(parameters, atOnce(SimdMemory.preparing(parameters))), shape);
      expect(firstDifference(simd, runTwice(new IntegerRunner(parameters), shape))).toBeNull();
    }),
    { numRuns: 150 },
  );
});
