import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GruGate } from '../../../worker/core/lstm/signals';
import type { Model } from '../../../worker/core/model/model';
import { modelOfEdit } from '../../../worker/core/model/modelOfEdit';
import { fuseLstms } from '../../../worker/core/recognise/fuse/fuseLstms';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { uniform } from '../lstm/randomLstm';
import { ModelBuilder } from '../recipe/modelBuilder';
import { randomGru } from './randomGru';

const NONE = { fused_activation_function: 'NONE' };

function fuseGrus(model: Model) {
  const { edit, notes } = fuseLstms(model, { inMemory: true });
  return { model: modelOfEdit(edit, model.fileName), notes };
}

interface Form {
  readonly hidden: number;
  readonly after: boolean;
  readonly hard: boolean;
  readonly steps: number;
  /** Step whose weights are others; null: none. */
  readonly odd: number | null;
}

/** A GRU whose steps are written out, with its first state as an input: every step's x and h are inputs, the last h is the output. */
function writtenOut({ hidden, after, hard, steps, odd }: Form, seed: number): Model {
  const input = 3;
  const gru = randomGru({ input, hidden, linearBeforeReset: after, clip: 0 }, seed);
  const builder = new ModelBuilder();
  const value = (size: number) => builder.value(`t${builder.tensors.length}`, [1, size], null);
  const op = (name: string, inputs: number[], options: Record<string, string | number> = NONE) => {
    const output = value(hidden);
    builder.operator(name, inputs, [output], options);
    return output;
  };
  const constant = (values: Float32Array, shape: readonly number[]) =>
    builder.constant(`c${builder.tensors.length}`, shape, Array.from(values));
  const gates: readonly GruGate[] = ['update', 'reset', 'candidate'];
  const matrices = (change: number) => {
    const of = (gate: GruGate) => ({
      w: constant(gru.input[gate].map((v) => v + change), [hidden, input]),
      r: constant(gru.recurrent[gate], [hidden, hidden]),
      b: constant(gru.bias[gate], [hidden]),
    }); // prettier-ignore
    return Object.fromEntries(gates.map((gate) => [gate, of(gate)])) as Record<GruGate, ReturnType<typeof of>>;
  };
  const [shared, other] = [matrices(0), matrices(0.25)];
  const recurrentBias = constant(gru.recurrentBias ?? new Float32Array(hidden), [hidden]);
  const [one, three, sixth] = [1, 3, 1 / 6].map((number) => builder.constant(`k${number}`, [1], [number])) as [
    number,
    number,
    number,
  ];
  const sigmoid = (x: number) =>
    hard ? op('MUL', [op('ADD', [x, three], { fused_activation_function: 'RELU6' }), sixth]) : op('LOGISTIC', [x], {});
  const dense = (from: number, weights: number, bias: number) => op('FULLY_CONNECTED', [from, weights, bias], NONE);
  const xs = Array.from({ length: steps }, () => builder.value(`x${builder.tensors.length}`, [1, input], null));
  const first = builder.value('h0', [1, hidden], null);
  let h = first;
  xs.forEach((x, step) => {
    const { update, reset, candidate } = step === odd ? other : shared;
    const z = sigmoid(op('ADD', [dense(x, update.w, update.b), dense(h, update.r, -1)]));
    const r = sigmoid(op('ADD', [dense(x, reset.w, reset.b), dense(h, reset.r, -1)]));
    const inside = after ? op('MUL', [r, dense(h, candidate.r, recurrentBias)]) : dense(op('MUL', [r, h]), candidate.r, -1);
    const n = op('TANH', [op('ADD', [dense(x, candidate.w, candidate.b), inside])], {});
    h = op('ADD', [op('MUL', [z, h]), op('MUL', [op('SUB', [one, z]), n])]);
  });
  return builder.model([...xs, first], [h]);
}

describe('a GRU in small operators', () => {
  it('becomes one with the same values, reset before or after, of hard sigmoids too, from its first state on', () => {
    const forms = fc.record({
      hidden: fc.integer({ min: 1, max: 7 }),
      after: fc.boolean(),
      hard: fc.boolean(),
      steps: fc.integer({ min: 1, max: 4 }),
      odd: fc.constant(null),
    });
    fc.assert(
      fc.property(forms, fc.nat(), (form, seed) => {
        const model = writtenOut(form, seed);
        const fused = fuseGrus(model);
        expect(fused.notes).toMatchObject([{ isFused: true }]);
        const gru = fused.model.graphs[0]!.operators.find(({ name }) => name === 'GRU');
        expect(gru?.options.linear_before_reset).toBe(form.after);
        expect(fused.model.graphs[0]!.operators.every(({ name }) => name !== 'FULLY_CONNECTED')).toBe(true);
        const next = uniform(seed + 1);
        const inputs = model.graphs[0]!.inputs.map((index): Value => {
          const { shape } = model.graphs[0]!.tensors[index]!;
          return { dtype: 'float32', shape, data: Float32Array.from({ length: shape[1] ?? 0 }, next) };
        });
        const run = (of: Model) =>
          Array.from(prepareGraph(of, 0, { path: 'float', persona: 'tflite' }).run(inputs)[0]!.data as Float32Array);
        const wanted = run(model);
        expect(Math.max(...run(fused.model).map((value, k) => Math.abs(value - wanted[k]!)))).toBeLessThan(2e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('stays as it is where a step has other weights, and says which', () => {
    const model = writtenOut({ hidden: 3, after: true, hard: false, steps: 4, odd: 1 }, 1);
    const { model: same, notes } = fuseGrus(model);
    expect(same.graphs.map(({ operators }) => operators)).toEqual(model.graphs.map(({ operators }) => operators));
    expect(notes).toMatchObject([{ isFused: false, text: 'Step 2 has other weights than the last one.' }]);
  });
});
