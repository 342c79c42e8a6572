import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../worker/core/model/model';
import { fuseLstms, type FusionOptions } from '../../../worker/core/recognise/fuse/fuseLstms';
import { recogniseLstms } from '../../../worker/core/recognise/recogniseLstms';
import { quantizeModel } from '../../../worker/core/recipe/quantizeModel';
import type { Path } from '../../../worker/core/run/graphRunner';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { type UnrolledShape, unrolledModel } from './unrolledModel';

const PLAIN: UnrolledShape = {
  ...{ steps: 3, batch: 1, input: 2, cell: 3, order: { input: 0, forget: 1, cell: 2, output: 3 }, isJoined: false },
  ...{ isBackward: false, gives: 'last', weights: [0.3, -0.7, 0.9, 0.1, -0.4] },
};

function outputsOf(model: Model, shape: readonly number[], data: Float32Array, path: Path = 'float'): number[][] {
  const runner = prepareGraph(model, 0, { path, persona: 'tflite' });
  return runner.run([{ dtype: 'float32', shape, data }]).map((output) => Array.from(output.data as Float32Array));
}

function fusedModel(
  model: Model,
  options: Partial<FusionOptions> = {},
): { readonly model: Model; readonly names: readonly string[] } {
  const graphs = fuseLstms(model, options).edit.graphs.map(({ graph }) => graph);
  return { model: { ...model, graphs }, names: graphs[0]!.operators.map(({ name }) => name) };
}

/** A dynamic-range model before and after, and its answers on a path. */
function fusedHybrid(shape: UnrolledShape, path: Path, options: Partial<FusionOptions> = {}) {
  const float = unrolledModel(shape);
  const { edit } = quantizeModel(float, { tensors: [], lstms: new Map() }, { schema: 'gatescope.recipe/1', scheme: 'hybrid' });
  const model = { ...float, graphs: edit.graphs.map(({ graph }) => graph) };
  const fused = fusedModel(model, options).model;
  const size = [shape.batch, shape.steps, shape.input];
  const data = Float32Array.from({ length: shape.batch * shape.steps * shape.input }, (_, i) => Math.sin(i * 1.7));
  const [before, after] = [model, fused].map((one) => outputsOf(one, size, data, path).flat());
  return { notes: fuseLstms(model, options).notes, before: before!, after: after!, fused: fused.graphs[0]! };
}

const ORDERS = [0, 1, 2, 3].flatMap((a) =>
  [0, 1, 2, 3].flatMap((b) =>
    [0, 1, 2, 3].flatMap((c) => {
      const rest = [0, 1, 2, 3].filter((d) => ![a, b, c].includes(d));
      return new Set([a, b, c]).size === 3 ? [{ input: a, forget: b, cell: c, output: rest[0]! }] : [];
    }),
  ),
);

const shapes: fc.Arbitrary<UnrolledShape> = fc.record({
  steps: fc.integer({ min: 2, max: 5 }),
  batch: fc.integer({ min: 1, max: 3 }),
  input: fc.integer({ min: 1, max: 4 }),
  cell: fc.integer({ min: 1, max: 4 }),
  order: fc.constantFrom(...ORDERS),
  isJoined: fc.boolean(),
  isBackward: fc.boolean(),
  gives: fc.constantFrom('joined' as const, 'single' as const, 'last' as const),
  weights: fc.array(fc.float({ min: -1, max: 1, noNaN: true, noDefaultInfinity: true }), { minLength: 31, maxLength: 31 }),
});

describe('fuseLstms', () => {
  it('finds the gates by their use, and gives the same values whatever the layout, direction and outputs', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const model = unrolledModel(shape);
        const fused = fusedModel(model);
        const { steps, batch, input, isBackward } = shape;
        expect(fused.names.filter((name) => name === 'UNIDIRECTIONAL_SEQUENCE_LSTM')).toHaveLength(1);
        expect(fused.names.filter((name) => ['LOGISTIC', 'TANH', 'SPLIT', 'FULLY_CONNECTED'].includes(name))).toEqual([]);
        expect(recogniseLstms(model)).toMatchObject([{ steps, direction: isBackward ? 'backward' : 'forward' }]);
        const data = Float32Array.from({ length: batch * steps * input }, (_, i) => Math.sin(i * 1.7));
        const before = outputsOf(model, [batch, steps, input], data).flat();
        const after = outputsOf(fused.model, [batch, steps, input], data).flat();
        expect(after).toHaveLength(before.length);
        // Values are below 1: float32 rounding over at most 5 steps.
        expect(Math.max(...after.map((value, i) => Math.abs(value - before[i]!)))).toBeLessThanOrEqual(2e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps int8 matrices of one scale each, and multiplies by them as the small operators do', () => {
    const { notes, before, after, fused } = fusedHybrid(PLAIN, 'hybrid');
    expect(notes).toMatchObject([{ isFused: true, text: expect.stringMatching(/Its int8 weights are kept\.$/) as string }]);
    const types = fused.tensors.filter(({ shape, data }) => shape.length === 2 && data !== null).map(({ dtype }) => dtype);
    // Four gates, two matrices each; the states are float.
    expect(types.filter((dtype) => dtype === 'int8')).toHaveLength(8);
    expect(Math.max(...after.map((value, i) => Math.abs(value - before[i]!)))).toBeLessThanOrEqual(2e-7);
  });

  it.each([
    ['where one product rounds input and hidden value together', { ...PLAIN, isJoined: true }, {}],
    ['where all shall be float', PLAIN, { asFloat: true }],
  ])('makes int8 matrices floats of the same values %s', (_, shape, options) => {
    const { notes, before, after, fused } = fusedHybrid(shape, 'float', options);
    expect(notes).toMatchObject([{ isFused: true, text: expect.stringContaining('became floats of the same values') as string }]);
    expect(fused.tensors.filter(({ dtype }) => dtype === 'int8')).toEqual([]);
    expect(Math.max(...after.map((value, i) => Math.abs(value - before[i]!)))).toBeLessThanOrEqual(2e-7);
  });

  it.each([
    [
      'a step with weights of its own',
      { ...PLAIN, oddStep: 1 },
      'Step 2 of 3 has other weights in the input gate than the last.',
    ],
    ['a cell that is an output', { ...PLAIN, gives: 'cell' as const }, 'Its cell after step 3 is an output of the graph'],
  ])('leaves %s as it is', (_, shape, reason) => {
    const model = unrolledModel(shape);
    const { edit, notes } = fuseLstms(model);
    expect(notes).toMatchObject([{ isFused: false, text: expect.stringContaining(reason) as string }]);
    expect(edit.graphs[0]?.graph).toBe(model.graphs[0]);
  });

  it('takes nothing for an LSTM whose output gate has a tanh in place of its sigmoid', () => {
    const model = unrolledModel(PLAIN);
    const graph = model.graphs[0]!;
    const operators = graph.operators.map((one) =>
      graph.tensors[one.outputs[0]!]?.name === 'output_2' ? { ...one, name: 'TANH' } : one,
    );
    const found = recogniseLstms({ ...model, graphs: [{ ...graph, operators }] });
    expect(found.map(({ steps }) => steps)).toEqual([2]);
  });
});
