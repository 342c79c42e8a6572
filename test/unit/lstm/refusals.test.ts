import { describe, expect, it } from 'vitest';
import { prepareLstmOperator } from '../../../worker/core/lstm/prepareLstmOperator';
import type { GraphOptions } from '../../../worker/core/run/graphRunner';
import { InputShapeError } from '../../../worker/core/run/inputShapeError';
import { UnsupportedOperatorError } from '../../../worker/core/run/preparedOp';
import type { Value } from '../../../worker/core/run/value';
import { buildOperator, type OperatorSpec, type TensorSpec } from '../../lstmBuilder';
import { HYBRID_FORMS, integerSpec } from './quantizeLstm';
import { FLOAT_FORMS, randomLstm, sequenceSpec, type Topology } from './randomLstm';

const PLAIN: Topology = {
  cifg: false,
  layerNorm: false,
  projection: false,
  peephole: false,
  input: 3,
  cell: 4,
  output: 4,
  projectionBias: false,
  cellClip: 0,
  projectionClip: 0,
};
const LAYOUT = { batch: 1, timeMajor: true } as const;
const X: Value = { dtype: 'float32', shape: [2, 1, 3], data: Float32Array.of(0.5, -1, 0.25, 1, 0.75, -0.5) };
const FLOAT: GraphOptions = { path: 'float', persona: 'tflite' };
const INT8: GraphOptions = { path: 'int8', persona: 'tflite' };
const TFLM: GraphOptions = { path: 'int8', persona: 'tflm' };

const floatSpec = (topology: Partial<Topology> = {}) =>
  sequenceSpec(randomLstm({ ...PLAIN, ...topology }, 1), FLOAT_FORMS, LAYOUT);
const int8Spec = (topology: Partial<Topology> = {}) => integerSpec(randomLstm({ ...PLAIN, ...topology }, 1), X, LAYOUT).spec;
const replace = (spec: OperatorSpec, at: number, operand: TensorSpec | null): OperatorSpec => ({
  ...spec,
  operands: spec.operands.map((old, position) => (position === at ? operand : old)),
});
const change = (spec: OperatorSpec, at: number, changes: Partial<TensorSpec>): OperatorSpec => {
  const operand = spec.operands[at];
  if (!operand) throw new Error(`operand ${at} is absent`);
  return replace(spec, at, { ...operand, ...changes });
};
const prepare = (spec: OperatorSpec, options: GraphOptions) => {
  const { graph, operator } = buildOperator(spec);
  return prepareLstmOperator(graph, operator, options);
};

describe('an LSTM whose operands contradict each other is refused', () => {
  const cases: [string, OperatorSpec, GraphOptions, RegExp][] = [
    ['operand count', { ...floatSpec(), operands: floatSpec().operands.slice(0, 19) }, FLOAT, /20 or 24 operands, not 19/],
    ['missing weights', replace(floatSpec(), 3, null), FLOAT, /cell weights \(operand 3\) is missing/],
    ['wrong shape', change(floatSpec(), 6, { shape: [4, 5] }), FLOAT, /operand 6\) is \[4, 5\], not \[4, 4\]/],
    ['missing bytes', change(floatSpec(), 2, { values: new Float32Array(11) }), FLOAT, /stores 11 of 12 values/],
    ['half a CIFG', replace(floatSpec(), 1, null), FLOAT, /CIFG\) there must be no input/],
    ['one peephole', replace(floatSpec({ peephole: true }), 10, null), FLOAT, /for all gates or for none/],
    [
      'bias without projection',
      replace(floatSpec(), 17, { dtype: 'float32', shape: [4], values: new Float32Array(4) }),
      FLOAT,
      /no projection/,
    ],
    ['negative clip', { ...floatSpec(), options: { ...floatSpec().options, cell_clip: -1 } }, FLOAT, /must not be negative/],
    ['diagonal recurrent weights', change(floatSpec(), 8, { shape: [4] }), FLOAT, /diagonal/],
    [
      'unknown activation',
      { ...floatSpec(), options: { ...floatSpec().options, fused_activation_function: 'SIGN_BIT' } },
      FLOAT,
      /SIGN_BIT/,
    ],
    ['no scale', change(int8Spec(), 2, { dtype: 'int8', scale: 0 }), INT8, /has no scale/],
    ['cell scale', change(int8Spec(), 19, { scale: 0.0003 }), INT8, /powers of two/],
    ['cell format', change(int8Spec(), 19, { scale: 2 ** -8 }), INT8, /2\^-8; the runtime takes 2\^-15 to 2\^-9/],
    ['intermediates', { ...int8Spec(), intermediates: [] }, INT8, /5 intermediate tensors, not 0/],
    ['float bias', change(int8Spec(), 13, { dtype: 'float32' }), INT8, /forget gate bias is float32, not int32/],
    ['rank', change(floatSpec(), 0, { shape: [1, 3] }), FLOAT, /\[1, 3\]; a sequence has 3 axes/],
    ['types', change(floatSpec(), 0, { dtype: 'uint8' }), INT8, /no LSTM kernel takes uint8/],
  ];

  it.each(cases)('%s', (_what, spec, options, message) => {
    expect(() => prepare(spec, options)).toThrow(UnsupportedOperatorError);
    expect(() => prepare(spec, options)).toThrow(message);
  });

  it('names the operator', () => {
    try {
      prepare(replace(floatSpec(), 3, null), FLOAT);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ operatorIndex: 0, operatorName: 'UNIDIRECTIONAL_SEQUENCE_LSTM' });
    }
  });

  it('an input of the wrong size is the data, not the model', () => {
    const prepared = prepare(floatSpec(), FLOAT);
    const bad: Value = { dtype: 'float32', shape: [1, 1, 4], data: new Float32Array(4) };
    expect(() => prepared.run(prepared.operator.inputs.map((_, position) => (position === 0 ? bad : null)))).toThrow(
      InputShapeError,
    );
  });
});

describe('the tflm persona refuses what TensorFlow Lite Micro refuses', () => {
  const cases: [string, OperatorSpec, RegExp][] = [
    ['CIFG', int8Spec({ cifg: true }), /CIFG/],
    ['layer norm', int8Spec({ layerNorm: true }), /layer-norm/],
    ['peephole', int8Spec({ peephole: true }), /peephole/],
    ['projection', int8Spec({ projection: true, output: 2 }), /projection/],
    ['20 operands', { ...int8Spec(), operands: int8Spec().operands.slice(0, 20) }, /24 operands are needed, there are 20/],
    ['the LSTM operator', { ...int8Spec(), name: 'LSTM' }, /no kernel for LSTM/],
    ['states that are not variable', change(int8Spec(), 18, { isVariable: false }), /variable/],
    ['hybrid', sequenceSpec(randomLstm(PLAIN, 1), HYBRID_FORMS, LAYOUT), /no hybrid LSTM/],
  ];

  it.each(cases)('%s', (_what, spec, message) => {
    expect(() => prepare(spec, TFLM)).toThrow(UnsupportedOperatorError);
    expect(() => prepare(spec, TFLM)).toThrow(message);
    expect(() => prepare(spec, { ...TFLM, path: 'float' })).not.toThrow();
  });

  it('takes the plain integer and float LSTM', () => {
    expect(() => prepare(int8Spec(), TFLM)).not.toThrow();
    expect(() => prepare(floatSpec(), TFLM)).not.toThrow();
  });
});
