import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { describeLstms } from '../../../worker/core/model/lstmInfo';
import { onnxRuntime } from '../../../worker/runtimes/onnxruntimeSource';
import { byEngine, byOrt } from './onnxRuns';
import { NEAR_MISSES, type SmallLstm, smallLstmModel } from './smallLstmModel';

const ANY: fc.Arbitrary<SmallLstm> = fc.record({
  form: fc.constantFrom('step' as const, 'unrolled' as const, 'unrolled' as const),
  steps: fc.integer({ min: 2, max: 4 }),
  batch: fc.integer({ min: 1, max: 3 }),
  isOpen: fc.boolean(),
  // Never the cells' number: of two inputs of a step alike, nothing tells which is the state.
  input: fc.integer({ min: 5, max: 7 }),
  cell: fc.integer({ min: 1, max: 4 }),
  order: fc.shuffledSubarray(['i', 'f', 'g', 'o'] as const, { minLength: 4 }),
  kernel: fc.constantFrom('fused' as const, 'joined' as const, 'split' as const),
  product: fc.constantFrom('MatMul' as const, 'Gemm' as const, 'Gemm turned' as const),
  weights: fc.constantFrom('stored' as const, 'transposed' as const, 'dequantized' as const),
  bias: fc.constantFrom('none' as const, 'of x' as const, 'of both' as const, 'after' as const),
  cut: fc.constantFrom('Split' as const, 'Slice' as const),
  isTurned: fc.boolean(),
  taken: fc.constantFrom('Split' as const, 'Gather' as const, 'Slice' as const, 'inputs' as const),
  timeAxis: fc.constantFrom(0 as const, 1 as const),
  isBackward: fc.boolean(),
  state: fc.constantFrom('zero' as const, 'given' as const),
  gives: fc.constantFrom('joined' as const, 'joined over' as const, 'single' as const, 'last' as const),
  layers: fc.constantFrom(1 as const, 2 as const),
  seed: fc.integer({ min: 1, max: 1000 }),
});
/** States that the file holds leave no other number of rows, unless they are added row by row. */
const SPECS = ANY.filter(
  ({ isOpen, form, state, batch, kernel }) =>
    !isOpen || form === 'step' || state === 'given' || (batch === 1 && kernel !== 'joined'),
);

const PLAIN: SmallLstm = {
  ...{ form: 'unrolled', steps: 3, batch: 2, isOpen: false, input: 5, cell: 3, order: ['i', 'f', 'g', 'o'] },
  ...{ kernel: 'fused', product: 'MatMul', weights: 'stored', bias: 'after', cut: 'Split', isTurned: false },
  ...{ taken: 'Split', timeAxis: 1, isBackward: false, state: 'zero', gives: 'joined', layers: 1, seed: 1 },
};

function operatorNames(bytes: Uint8Array): readonly string[] {
  return readOnnx(bytes, 'small.onnx').graphs[0]!.operators.map(({ name }) => name);
}

describe('LSTMs in small ONNX operators', () => {
  afterAll(() => onnxRuntime.rest());

  it('are cells, however written, with the answers that ONNX Runtime gives for the file', async () => {
    await fc.assert(
      fc.asyncProperty(SPECS, async (spec) => {
        const { bytes, feeds } = smallLstmModel(spec);
        const model = readOnnx(bytes, 'small.onnx');
        expect(describeLstms(model.graphs[0]!).map(({ input, cell }) => [input, cell])).toEqual(
          Array.from({ length: spec.layers }, (_, layer) => [layer === 0 ? spec.input : spec.cell, spec.cell]),
        );
        expect(operatorNames(bytes).filter((name) => ['Sigmoid', 'Tanh', 'MatMul', 'Gemm'].includes(name))).toEqual([]);
        const [own, expected] = [await byEngine(model, feeds), await byOrt(bytes, feeds)];
        expect(own.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
        for (const [at, { values }] of expected.entries()) {
          const largest = Math.max(...values.map(Math.abs));
          for (const [k, value] of values.entries()) {
            expect(Math.abs(value - own[at]!.values[k]!)).toBeLessThanOrEqual(1e-5 * Math.max(Math.abs(value), largest / 10));
          }
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  }, 60_000);

  it('takes what one layer gives the next as a whole', () => {
    expect(operatorNames(smallLstmModel({ ...PLAIN, layers: 2 }).bytes)).toEqual([
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      'Neg',
    ]);
  });

  it.each(NEAR_MISSES)('are not: %s', (miss) => {
    const spec: SmallLstm = { ...PLAIN, input: miss === 'input made of the output' ? PLAIN.cell : PLAIN.input };
    expect(operatorNames(smallLstmModel(spec).bytes)).toContain('UNIDIRECTIONAL_SEQUENCE_LSTM');
    const names = operatorNames(smallLstmModel({ ...spec, miss }).bytes);
    expect(names).not.toContain('UNIDIRECTIONAL_SEQUENCE_LSTM');
    expect(names).toContain('Sigmoid');
  });
});
