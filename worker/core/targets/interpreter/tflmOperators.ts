import type { DType } from '../../model/dtype';
import { dtypeFix, FIX, type Fix } from '../fix';
import { hasScale, inputOf, isConstant, labelOf, outputOf, scaleOf, zeroPointOf } from '../operands';
import type { Rule } from '../target';
import { kernelRules } from '../kernelRules';
import { tflmLstmRules } from './tflmLstm';

export const TFLM_SOURCE = 'tensorflow/tflite-micro 8f6596d, kernels; Python wheel 0.dev20261023';

const rules = kernelRules(TFLM_SOURCE, 'The model does not load.');
const atInvoke = kernelRules(TFLM_SOURCE, 'The model loads, and its first inference fails.');

const FLOAT_INT8: readonly DType[] = ['float32', 'int8'];
const FLOAT_INT8_INT16: readonly DType[] = ['float32', 'int8', 'int16'];

const constant = (position: number, what: string): Rule =>
  rules.custom(`${what} is constant`, (context) => {
    const tensor = inputOf(context, position);
    return tensor === null || isConstant(tensor)
      ? null
      : { seen: `${labelOf(tensor)} is computed at run time`, fix: FIX.constantParameters };
  });

const parameters = rules.custom('integer operands have quantization parameters', (context) => {
  const tensors = [inputOf(context, 0), inputOf(context, 1), outputOf(context)].filter((tensor) => tensor !== null);
  const odd = tensors.find((tensor) => ['int8', 'int16'].includes(tensor.dtype) && !hasScale(tensor));
  return odd === undefined ? null : { seen: `${labelOf(odd)} has none` };
});

/** What brings data and weights to a pair that has a kernel. */
const pairFix = (input: DType | undefined): { readonly fix?: Fix } =>
  input === 'float32' ? { fix: FIX.fullPrecisionWeights } : dtypeFix(input ?? 'unknown', ['int8']);

/** Pairs of input and filter type. */
const pairs = (...allowed: readonly (readonly [input: DType, filter: DType])[]): Rule =>
  rules.custom('no hybrid arithmetic: input and weights are both float or both integer', (context) => {
    const [x, w] = [inputOf(context, 0)?.dtype, inputOf(context, 1)?.dtype];
    if (allowed.some(([a, b]) => a === x && b === w)) return null;
    return { seen: `${x ?? '?'} input, ${w ?? '?'} weights`, ...pairFix(x) };
  });

const INTEGER_CONV = [
  ['int8', 'int8'],
  ['int8', 'int4'],
  ['int16', 'int8'],
] as const;
const FLOAT_PAIR = ['float32', 'float32'] as const;

const convolution = [pairs(FLOAT_PAIR, ...INTEGER_CONV), rules.sameType(), parameters, rules.productScale()];

const fullyConnected = [pairs(FLOAT_PAIR, ...INTEGER_CONV), rules.sameType(), rules.productScale(), rules.biasScale()];

const pool = [rules.input(0, ...FLOAT_INT8_INT16), rules.keptQuantization('int8', 'int16')];

const minMax = [
  rules.input(1, 'int32'),
  atInvoke.sameType(),
  atInvoke.input(0, ...FLOAT_INT8),
  atInvoke.keptQuantization('int8'),
];

const int8Parameters = rules.custom('int8: input and output have quantization parameters', (context) => {
  const tensors = [inputOf(context, 0), outputOf(context)];
  const odd = tensors.find((tensor) => tensor?.dtype === 'int8' && !hasScale(tensor));
  return odd === undefined || odd === null ? null : { seen: `${labelOf(odd)} has none` };
});

const arithmetic = (types: readonly DType[]): readonly Rule[] => [rules.quantizedOutput(), atInvoke.output(...types)];
const comparison = (...types: readonly DType[]): readonly Rule[] => [atInvoke.input(0, ...types)];
const unary = (types: readonly DType[]): readonly Rule[] => [rules.sameType(), rules.input(0, ...types)];
const unaryAtInvoke = (types: readonly DType[]): readonly Rule[] => [atInvoke.input(0, ...types)];

const tanh16 = rules.zeroPoints('int16', 0, 0);

const softmax = [
  rules.input(0, 'float32', 'int8', 'int16'),
  rules.custom('int8 becomes int8 or int16, other types stay', (context) => {
    const [from, to] = [inputOf(context, 0)?.dtype, outputOf(context)?.dtype];
    return from === to || (from === 'int8' && to === 'int16') ? null : { seen: `${from ?? '?'} to ${to ?? '?'}` };
  }),
  rules.custom('output: 1/256 and -128 (int8), 1/65536 and -32768 (int8 to int16), 1/32768 and 0 (int16)', (context) => {
    const [from, to] = [inputOf(context, 0)?.dtype, outputOf(context)];
    if (from === 'float32' || to === null) return null;
    const [scale, zero] = to.dtype === 'int8' ? [1 / 256, -128] : from === 'int8' ? [1 / 65536, -32768] : [1 / 32768, 0];
    const [own, ownZero] = [scaleOf(to) ?? 0, zeroPointOf(to)];
    return Math.abs(own - scale) <= 0.001 * scale && ownZero === zero ? null : { seen: `scale ${own}, zero point ${ownZero}` };
  }),
];

const QUANTIZE_PAIRS: Readonly<Partial<Record<DType, readonly DType[]>>> = {
  float32: ['int8', 'int16'],
  int32: ['int8', 'int16'],
  int16: ['int8', 'int16', 'int32'],
  int8: ['int8', 'uint8', 'int16', 'int32'],
  uint8: ['int8'],
};

const svdf = [
  rules.input(0, 'float32', 'int8'),
  rules.custom('no hybrid arithmetic: input and weights are both float or both integer', (context) => {
    const [x, w] = [inputOf(context, 0)?.dtype, inputOf(context, 1)?.dtype];
    return x === w ? null : { seen: `${x ?? '?'} input, ${w ?? '?'} weights`, ...pairFix(x) };
  }),
  rules.custom('sizes fit each other', (context) => {
    const rank = context.operator.options['rank'];
    const filters = inputOf(context, 1)?.shape[0] ?? 0;
    const units = outputOf(context)?.shape[1] ?? 0;
    const memory = inputOf(context, 2)?.shape[1] ?? 0;
    const state = inputOf(context, 4)?.shape[1] ?? 0;
    if (typeof rank === 'number' && rank > 0 && units * rank !== filters) return { seen: `${filters} filters, ${units} units` };
    return state === memory * filters ? null : { seen: `state of ${state}, memory ${memory} * ${filters} filters` };
  }),
];

const argMinMax = [atInvoke.output('int32'), atInvoke.input(1, 'int32'), atInvoke.input(0, 'float32', 'int8')];

const reduce = [rules.input(1, 'int32'), atInvoke.sameType(), atInvoke.input(0, ...FLOAT_INT8_INT16)];

/** Operators that the interpreter registers, with the conditions of their kernels. */
export const TFLM_OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ['ABS', [...unary(FLOAT_INT8_INT16), int8Parameters]],
  ['ADD', arithmetic(['float32', 'int32', 'int8', 'int16'])],
  ['ADD_N', [rules.sameType(), rules.output('float32', 'int8')]],
  ['ARG_MAX', argMinMax],
  ['ARG_MIN', argMinMax],
  ['ASSIGN_VARIABLE', []],
  ['AVERAGE_POOL_2D', pool],
  [
    'BATCH_MATMUL',
    [
      pairs(FLOAT_PAIR, ['int8', 'int8'], ['int16', 'int16']),
      rules.sameType(),
      rules.productScale(),
      rules.zeroPoints('int16', 0, 0),
    ],
  ],
  ['BATCH_TO_SPACE_ND', [rules.sameType(), atInvoke.input(0, ...FLOAT_INT8)]],
  ['BROADCAST_ARGS', [rules.input(0, 'int32', 'int64')]],
  ['BROADCAST_TO', [rules.ranksUpTo(5), rules.input(1, 'int32', 'int64'), rules.sameType(), constant(1, 'shape')]],
  ['CALL_ONCE', []],
  [
    'CAST',
    [
      atInvoke.input(0, 'int8', 'int16', 'int32', 'uint32', 'float32', 'bool'),
      atInvoke.output('int8', 'int16', 'int32', 'uint32', 'float32'),
    ],
  ],
  ['CEIL', unary(['float32'])],
  [
    'CONCATENATION',
    [rules.sameType(), rules.input(0, 'float32', 'int8', 'int16', 'int32', 'int64', 'bool'), rules.sameQuantization('int8')],
  ],
  ['CONV_2D', [...convolution, rules.rank(0, 4)]],
  ['COS', unary(['float32'])],
  ['CUMSUM', [rules.input(0, ...FLOAT_INT8), rules.input(1, 'int32')]],
  ['DEPTHWISE_CONV_2D', convolution],
  ['DEPTH_TO_SPACE', unary(FLOAT_INT8)],
  ['DEQUANTIZE', [rules.input(0, 'int8', 'int16', 'uint8'), rules.output('float32')]],
  ['DIV', [rules.sameInputTypes(), rules.sameType(), atInvoke.output('float32', 'int32', 'int8')]],
  ['DYNAMIC_UPDATE_SLICE', [rules.sameInputTypes(), atInvoke.input(0, 'float32', 'int8', 'int16', 'int32')]],
  ['ELU', [rules.sameType(), atInvoke.input(0, ...FLOAT_INT8)]],
  ['EMBEDDING_LOOKUP', [rules.input(0, 'int32'), rules.input(1, ...FLOAT_INT8)]],
  ['EQUAL', comparison('bool', 'float32', 'int32', 'int64', 'int8')],
  ['EXP', unary(['float32'])],
  ['EXPAND_DIMS', [constant(1, 'axis'), atInvoke.input(0, ...FLOAT_INT8_INT16)]],
  ['FILL', [constant(0, 'dims'), atInvoke.output('float32', 'int32', 'int8')]],
  ['FLOOR', unary(['float32'])],
  ['FLOOR_DIV', [rules.sameInputTypes(), rules.sameType(), atInvoke.input(0, 'float32')]],
  ['FLOOR_MOD', [rules.sameInputTypes(), rules.sameType(), atInvoke.input(0, 'float32')]],
  ['FULLY_CONNECTED', fullyConnected],
  ['GATHER', [rules.input(0, ...FLOAT_INT8), rules.input(1, 'int32')]],
  ['GATHER_ND', [rules.input(0, ...FLOAT_INT8), rules.input(1, 'int32')]],
  ['GREATER', comparison('float32', 'int32', 'int64', 'int8', 'int16')],
  ['GREATER_EQUAL', comparison('float32', 'int32', 'int64', 'int8')],
  ['HARD_SWISH', unaryAtInvoke(FLOAT_INT8)],
  ['IF', []],
  ['L2_NORMALIZATION', unary(FLOAT_INT8)],
  ['L2_POOL_2D', unary(['float32'])],
  ['LEAKY_RELU', [rules.sameType(), atInvoke.input(0, ...FLOAT_INT8_INT16)]],
  ['LESS', comparison('float32', 'int32', 'int64', 'int8')],
  ['LESS_EQUAL', comparison('float32', 'int32', 'int64', 'int8')],
  ['LOG', unary(['float32'])],
  ['LOGICAL_AND', []],
  ['LOGICAL_NOT', unary(['bool'])],
  ['LOGICAL_OR', []],
  ['LOGISTIC', [rules.sameType(), rules.zeroPoints('int8', null, -128), tanh16, atInvoke.input(0, ...FLOAT_INT8_INT16)]],
  ['LOG_SOFTMAX', [rules.sameType(), rules.zeroPoints('int8', null, 127), atInvoke.input(0, ...FLOAT_INT8)]],
  ['MAXIMUM', [atInvoke.input(0, 'float32', 'int8', 'int16', 'int32', 'int64')]],
  ['MAX_POOL_2D', pool],
  ['MEAN', reduce],
  ['MINIMUM', [atInvoke.input(0, 'float32', 'int8', 'int16', 'int32', 'int64')]],
  ['MIRROR_PAD', [atInvoke.input(0, ...FLOAT_INT8), atInvoke.input(1, 'int32', 'int64')]],
  ['MUL', [rules.sameInputTypes(), tanh16, atInvoke.input(0, 'float32', 'int8', 'int16', 'int32')]],
  ['NEG', unaryAtInvoke(['float32'])],
  ['NOT_EQUAL', comparison('bool', 'float32', 'int32', 'int64', 'int8')],
  ['PACK', [atInvoke.output('float32', 'int8', 'int16', 'int32', 'int64')]],
  ['PAD', [constant(1, 'paddings'), atInvoke.input(0, 'float32', 'int8', 'int16', 'int32')]],
  ['PADV2', [constant(1, 'paddings'), atInvoke.input(0, 'float32', 'int8', 'int16', 'int32')]],
  ['PRELU', unaryAtInvoke(FLOAT_INT8_INT16)],
  [
    'QUANTIZE',
    [
      rules.custom('a pair of types that the kernel converts', (context) => {
        const [from, to] = [inputOf(context, 0)?.dtype ?? 'unknown', outputOf(context)?.dtype ?? 'unknown'];
        return QUANTIZE_PAIRS[from]?.includes(to) === true ? null : { seen: `${from} to ${to}` };
      }),
    ],
  ],
  ['READ_VARIABLE', []],
  ['REDUCE_ALL', [rules.input(0, 'bool')]],
  ['REDUCE_MAX', minMax],
  ['REDUCE_MIN', minMax],
  ['RELU', unaryAtInvoke(FLOAT_INT8_INT16)],
  ['RELU6', unaryAtInvoke(FLOAT_INT8_INT16)],
  ['RESHAPE', [rules.sameType()]],
  ['RESIZE_BILINEAR', [constant(1, 'size'), rules.input(1, 'int32'), atInvoke.output(...FLOAT_INT8)]],
  ['RESIZE_NEAREST_NEIGHBOR', [constant(1, 'size'), rules.input(1, 'int32'), atInvoke.output(...FLOAT_INT8_INT16)]],
  ['REVERSE_V2', [rules.input(0, 'int32', 'float32', 'uint8', 'int8', 'int16', 'int64', 'bool'), rules.input(1, 'int32')]],
  ['ROUND', unary(['float32'])],
  ['RSQRT', [...unary(FLOAT_INT8_INT16), int8Parameters]],
  ['SELECT_V2', [rules.input(0, 'bool'), atInvoke.input(1, ...FLOAT_INT8_INT16)]],
  ['SHAPE', [rules.output('int32')]],
  ['SIN', unary(['float32'])],
  ['SLICE', [atInvoke.input(1, 'int32', 'int64'), atInvoke.input(0, 'float32', 'int32', 'int8', 'int16', 'bool')]],
  ['SOFTMAX', softmax],
  ['SPACE_TO_BATCH_ND', [rules.sameType(), atInvoke.input(0, ...FLOAT_INT8)]],
  ['SPACE_TO_DEPTH', unary(FLOAT_INT8)],
  ['SPLIT', [constant(0, 'axis'), atInvoke.input(1, 'float32', 'int8', 'int16', 'int32')]],
  ['SPLIT_V', [constant(2, 'axis'), atInvoke.input(0, 'float32', 'int8', 'int16', 'int32')]],
  ['SQRT', unary(['float32'])],
  ['SQUARE', unary(['float32'])],
  ['SQUARED_DIFFERENCE', [rules.sameInputTypes(), tanh16, atInvoke.output('float32', 'int32', 'int8', 'int16')]],
  ['SQUEEZE', [rules.sameType()]],
  [
    'STRIDED_SLICE',
    [
      constant(1, 'begin'),
      constant(2, 'end'),
      constant(3, 'strides'),
      atInvoke.output('float32', 'int8', 'int16', 'int32', 'bool'),
    ],
  ],
  ['SUB', arithmetic(['float32', 'int32', 'int8', 'int16'])],
  ['SUM', reduce],
  ['SVDF', svdf],
  ['TANH', [rules.sameType(), tanh16, atInvoke.input(0, ...FLOAT_INT8_INT16)]],
  ['TRANSPOSE', [rules.sameType(), constant(1, 'perm'), atInvoke.input(0, ...FLOAT_INT8_INT16)]],
  ['TRANSPOSE_CONV', [transposedPairs(), parameters]],
  ['UNIDIRECTIONAL_SEQUENCE_LSTM', tflmLstmRules(rules, TFLM_SOURCE)],
  ['UNPACK', [atInvoke.input(0, 'float32', 'int32', 'int16', 'int8')]],
  ['VAR_HANDLE', []],
  ['WHILE', []],
  ['ZEROS_LIKE', [atInvoke.input(0, 'int64', 'int32', 'int8', 'float32')]],
]);

function transposedPairs(): Rule {
  return rules.custom('no hybrid arithmetic: input and weights are both float or both integer', (context) => {
    const [w, x] = [inputOf(context, 1)?.dtype, inputOf(context, 2)?.dtype];
    const fits = (x === 'float32' && w === 'float32') || ((x === 'int8' || x === 'int16') && w === 'int8');
    return fits ? null : { seen: `${x ?? '?'} input, ${w ?? '?'} weights`, ...pairFix(x) };
  });
}

/** Custom operators that the wheel registers. A command stream for an Ethos-U needs a firmware with the NPU's driver. */
export const TFLM_CUSTOM: ReadonlySet<string> = new Set(
  ['CIRCULAR_BUFFER', 'TFLITE_Detection_PostProcess', 'TFLM_DECODE'].concat(
    ['Delay', 'Energy', 'FftAutoScale', 'FilterBank', 'FilterBankLog', 'FilterBankSpectralSubtraction'].map(signal),
    ['FilterBankSquareRoot', 'Framer', 'Irfft', 'OverlapAdd', 'PCAN', 'Rfft', 'Stacker', 'Window'].map(signal),
  ),
);

function signal(name: string): string {
  return `Signal${name}`;
}
