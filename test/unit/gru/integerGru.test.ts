import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeGru } from '../../../worker/core/gru/gruCell';
import { HiddenRunner } from '../../../worker/core/gru/hiddenRunner';
import { IntegerGru } from '../../../worker/core/gru/integer/integerGru';
import { plainProduct, simdProduct, type ProductMaker } from '../../../worker/core/gru/integer/integerProducts';
import { preparingIntegerGru } from '../../../worker/core/gru/integer/prepareIntegerGru';
import { allocateTrace } from '../../../worker/core/lstm/cellInstance';
import { OperandReader } from '../../../worker/core/lstm/operandReader';
import { integerPersona, type PersonaName } from '../../../worker/core/lstm/persona';
import type { SignalName } from '../../../worker/core/lstm/signals';
import { GRU_OPERANDS } from '../../../worker/core/model/gruOperands';
import type { Model } from '../../../worker/core/model/model';
import { atOnce } from '../../../worker/core/run/atOnce';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { UnsupportedOperatorError } from '../../../worker/core/run/preparedOp';
import type { Value } from '../../../worker/core/run/value';
import { uniform } from '../lstm/randomLstm';
import { integerReference } from './integerReference';
import { modelOf, quantizedBy } from './quantizedGru';
import { gruShapes, gruSpec, randomGru, type GruShape } from './randomGru';

const random = (shape: readonly number[], seed: number): Value => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, uniform(seed)),
});

/** A float GRU with a given first state, its int8 form by the recipe, and the data that it was made with. */
function pair(shape: GruShape, seed: number, batch: number, steps: number) {
  const initial = random([batch, shape.hidden], seed + 1);
  const x = random([steps, batch, shape.input], seed + 2);
  const spec = gruSpec(randomGru(shape, seed), { timeMajor: true, initial: { dtype: 'float32', shape: initial.shape } });
  const float = modelOf(spec, [GRU_OPERANDS.input, GRU_OPERANDS.initialHidden]);
  const inputs = [x, initial];
  return { float, int8: quantizedBy(float, inputs), inputs };
}

const gruOf = (model: Model) => model.graphs[0]!.operators.find(({ name }) => name === 'GRU')!;

/** Every signal of the model's GRU, and its outputs as the graph has them. */
function traced(model: Model, inputs: readonly Value[], path: 'float' | 'int8', persona: PersonaName = 'tflite') {
  const runner = prepareGraph(model, 0, { path, persona });
  let trace: Partial<Record<SignalName, ArrayLike<number>>> = {};
  const outputs = runner.run(inputs, ({ name }, _, [probe]) => name === 'GRU' && probe !== undefined && (trace = probe.trace), true); // prettier-ignore
  return { trace, outputs };
}

const rowOf = (data: ArrayLike<number>, row: number, steps: number, batch: number) => {
  const size = data.length / (steps * batch);
  const at = (step: number) => (step * batch + row) * size;
  return Array.from({ length: steps }, (_, step) => Array.from(data).slice(at(step), at(step) + size));
};

describe('an int8 GRU', () => {
  it('has every integer of its contract, unit by unit', () => {
    fc.assert(
      fc.property(
        gruShapes,
        fc.nat(),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        (shape, seed, batch, steps) => {
          const { int8, inputs } = pair(shape, seed, batch, steps);
          const { trace } = traced(int8, inputs, 'int8');
          const operator = gruOf(int8);
          expect(int8.graphs[0]!.operators.map(({ name }) => name)).toContain('QUANTIZE');
          const first = int8.graphs[0]!.tensors[operator.inputs[GRU_OPERANDS.initialHidden]!]!.quantization!;
          const codes = Array.from(inputs[1]!.data as Float32Array, (value) => {
            const code = Math.round(Math.abs(Math.fround(value / first.scales[0]!))) * Math.sign(value) + first.zeroPoints[0]!;
            return Math.max(-128, Math.min(127, code));
          });
          for (let row = 0; row < batch; row++) {
            const x = rowOf(trace.x!, row, steps, batch);
            const initial = codes.slice(row * shape.hidden, (row + 1) * shape.hidden);
            const wanted = integerReference(int8.graphs[0]!, operator, x, initial);
            for (const [name, values] of Object.entries(wanted)) {
              expect(rowOf(trace[name as SignalName]!, row, steps, batch), name).toEqual(values);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same by plain loops and by SIMD, under each persona, to the last integer', () => {
    const personas = fc.constantFrom<PersonaName>('tflite', 'tflite-old', 'tflm');
    const sizes = { input: fc.integer({ min: 1, max: 70 }), hidden: fc.integer({ min: 1, max: 70 }) };
    const shapes = fc.record({ ...sizes, linearBeforeReset: fc.boolean(), clip: fc.constantFrom(0, 0.5) });
    fc.assert(
      fc.property(shapes, fc.nat(), fc.integer({ min: 1, max: 20 }), personas, (shape, seed, batch, persona) => {
        const steps = 3;
        const { int8, inputs } = pair(shape, seed, batch, steps);
        const { trace } = traced(int8, inputs, 'int8', persona);
        const x = Int8Array.from(trace.x!);
        const run = (product: ProductMaker) => {
          const reader = new OperandReader(int8.graphs[0]!, gruOf(int8));
          const cell = describeGru(reader);
          const runner = new HiddenRunner(
            new IntegerGru(atOnce(preparingIntegerGru(cell, integerPersona(persona), reader, product))),
          );
          const signals = allocateTrace(runner.signals, steps * batch);
          const state = runner.initialState(batch);
          runner.run(x, steps, batch, state, signals);
          return { signals, state: state.output };
        };
        expect(run(simdProduct)).toEqual(run(plainProduct));
      }),
      { numRuns: 25 },
    );
  });

  it('stays as near to float as 8 bits allow', () => {
    fc.assert(
      fc.property(
        gruShapes,
        fc.nat(),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 8 }),
        (shape, seed, batch, steps) => {
          const { float, int8, inputs } = pair(shape, seed, batch, steps);
          const wanted = traced(float, inputs, 'float').outputs[0]!.data as Float32Array;
          const { outputs } = traced(int8, inputs, 'int8');
          const got = outputs[0]!.data as Float32Array;
          expect(outputs[0]!.dtype).toBe('float32');
          const errors = wanted.map((value, k) => Math.abs(value - got[k]!));
          // x, h, weights and biases are half a step of 8 bits off each; in 6,700 random GRUs 0.0152 and 0.0058 were the largest.
          expect(Math.max(...errors)).toBeLessThan(0.03);
          expect(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)).toBeLessThan(0.012);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has the codes of h for its last value, and is dequantized on the float path', () => {
    const { int8, inputs } = pair({ input: 4, hidden: 6, linearBeforeReset: true, clip: 0 }, 3, 2, 4);
    const { outputs, trace } = traced(int8, inputs, 'int8');
    const last = Array.from(outputs[0]!.data as Float32Array).slice(-12);
    expect(Array.from(outputs[1]!.data as Float32Array)).toEqual(last);
    expect(trace.h).toBeInstanceOf(Int8Array);
    const float = traced(int8, inputs, 'float');
    expect(float.trace.h).toBeInstanceOf(Float32Array);
    expect(Math.max(...Array.from(float.trace.h as Float32Array, (value, k) => Math.abs(value - (outputs[0]!.data as Float32Array)[k]!)))).toBeLessThan(0.05); // prettier-ignore
  });

  it('stays float where its activations have no integers', () => {
    const spec = gruSpec(randomGru({ input: 3, hidden: 4, linearBeforeReset: false, clip: 0 }, 1), {
      timeMajor: true,
      options: { fused_activation_function: 'RELU' },
    });
    const x = random([2, 1, 3], 5);
    const kept = quantizedBy(modelOf(spec, [GRU_OPERANDS.input]), [x]);
    expect(kept.graphs[0]!.operators.map(({ name }) => name)).toEqual(['GRU']);
    const { int8, inputs } = pair({ input: 3, hidden: 4, linearBeforeReset: false, clip: 0 }, 1, 1, 2);
    const operators = int8.graphs[0]!.operators.map((one) =>
      one.name === 'GRU' ? { ...one, options: { ...one.options, fused_activation_function: 'RELU' } } : one,
    );
    const wrong = { ...int8, graphs: [{ ...int8.graphs[0]!, operators }] };
    expect(() => traced(wrong, inputs, 'int8')).toThrow(UnsupportedOperatorError);
  });
});
