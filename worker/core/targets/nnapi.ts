import type { DType } from '../model/dtype';
import { FIX } from './fix';
import { kernelRules } from './kernelRules';
import {
  constantIntegers,
  elementCount,
  inputOf,
  nameOption,
  numberOption,
  outputOf,
  presentInputs,
  shapeText,
} from './operands';
import type { OperatorContext, Rule, Target } from './target';

const SOURCE = 'google-ai-edge/LiteRT f674577, tflite/delegates/nnapi/nnapi_delegate.cc (Validate)';

const rules = kernelRules(SOURCE, "The operator stays on TFLite's own kernel.", 'fallback');

/** The rules are taken at Android 11: NNAPI 1.3, the first with signed 8 bits throughout. */
const API = 'Android 11 (API 30)';

const QUANT8: readonly DType[] = ['float32', 'uint8', 'int8'];
const WITH_INT32: readonly DType[] = [...QUANT8, 'int32'];

const upTo = (most: number): Rule => rules.versions(1, most);
const exactly = (version: number): Rule => rules.versions(version, version);
const floatOnly = rules.input(0, 'float32');
const quant8 = rules.input(0, ...QUANT8);
const withInt32 = rules.input(0, ...WITH_INT32);

const rank = (position: number, least: number, most: number): Rule =>
  rules.custom(`operand ${position} has ${least} to ${most} dimensions`, (context) => {
    const tensor = inputOf(context, position);
    if (tensor === null || (tensor.shape.length >= least && tensor.shape.length <= most)) return null;
    return { seen: shapeText(tensor.shape), fix: FIX.lowerRank };
  });

const plainInt32 = rules.custom('int32: no fused activation', (context) => {
  const name = nameOption(context, 'fused_activation_function', 'NONE');
  return inputOf(context, 0)?.dtype === 'int32' && name !== 'NONE' ? { seen: name, fix: FIX.noFusedActivation } : null;
});

const noScalarOutput = rules.custom('the output is no scalar', (context) =>
  outputOf(context)?.shape.length === 0 ? { seen: 'rank 0' } : null,
);

const largeWindow = rules.custom('8 bits: a window of at most 256 elements', (context) => {
  const [w, h] = [numberOption(context, 'filter_width', 1), numberOption(context, 'filter_height', 1)];
  const dtype = inputOf(context, 0)?.dtype;
  return (dtype === 'int8' || dtype === 'uint8') && w * h > 256 ? { seen: `window ${w} x ${h}` } : null;
});

const notInt16 = rules.custom('the output is not int16', (context) =>
  outputOf(context)?.dtype === 'int16' ? { seen: 'int16', fix: FIX.int8Activations } : null,
);

const int32Output = rules.custom('the result is int32', (context) =>
  outputOf(context)?.dtype === 'int32' ? null : { seen: outputOf(context)?.dtype ?? 'nothing' },
);

const noEmptyInput = rules.custom('the input has elements', (context) =>
  elementCount(inputOf(context, 0)?.shape ?? []) === 0 ? { seen: shapeText(inputOf(context, 0)?.shape ?? []) } : null,
);

const notLastAxis = rules.custom('axis is not the last one', (context) => {
  const axis = numberOption(context, 'axis', 0);
  const last = (inputOf(context, 0)?.shape.length ?? 0) - (context.operator.name === 'UNPACK' ? 1 : 0);
  return axis === -1 || axis === last ? { seen: `axis ${axis}` } : null;
});

const noCrops = rules.custom('all crops are 0', (context) => {
  const crops = constantIntegers(inputOf(context, 2));
  return crops?.length === 4 && crops.every((size) => size === 0)
    ? null
    : { seen: crops === null ? 'computed' : crops.join(', ') };
});

const sameShapes = rules.custom('condition and values have one shape', (context) => {
  const [a, b] = [inputOf(context, 0)?.shape ?? [], inputOf(context, 1)?.shape ?? []];
  return String(a) === String(b) ? null : { seen: `${shapeText(a)} and ${shapeText(b)}` };
});

const laterLevel = (level: string): Rule =>
  rules.custom(`NNAPI feature level ${level}`, ({ operator }) => ({ seen: `${operator.name} on ${API}` }));

const notHybrid = (weights: number): Rule =>
  rules.custom('no hybrid arithmetic: float input with integer weights', (context) => {
    const [x, w] = [inputOf(context, 0)?.dtype, inputOf(context, weights)?.dtype];
    const hybrid = x === 'float32' && (w === 'int8' || w === 'uint8');
    return hybrid ? { seen: `${x} input, ${w} weights`, fix: FIX.fullPrecisionWeights } : null;
  });

const sequenceLstm = [upTo(2), notHybrid(2), rules.operandCount(20, 24)];

const basicLstm = (context: OperatorContext): boolean => nameOption(context, 'kernel_type', 'FULL') === 'BASIC';

const stepLstm = [
  upTo(3),
  rules.custom('weights are float32, uint8 or int8', (context) => {
    const dtype = inputOf(context, basicLstm(context) ? 2 : 4)?.dtype ?? 'unknown';
    const allowed: readonly DType[] = basicLstm(context) ? ['uint8'] : QUANT8;
    return allowed.includes(dtype) ? null : { seen: `${dtype} weights` };
  }),
  rules.custom('basic kernel: input and output of scale 1/128 and zero point 128', (context) => {
    if (!basicLstm(context)) return null;
    const odd = [inputOf(context, 0), outputOf(context)].find(
      (tensor) => tensor?.quantization?.scales[0] !== 1 / 128 || tensor.quantization.zeroPoints[0] !== 128,
    );
    return odd === undefined ? null : { seen: `scale ${odd?.quantization?.scales[0] ?? 'absent'}` };
  }),
];

const quantize = [
  upTo(2),
  quant8,
  rules.output('uint8', 'int8'),
  rules.custom('scales are positive', (context) => {
    const tensors = [...presentInputs(context).filter(({ dtype }) => dtype !== 'float32'), outputOf(context)];
    const odd = tensors.find((tensor) => !((tensor?.quantization?.scales[0] ?? 0) > 0));
    return odd === undefined ? null : { seen: `scale ${odd?.quantization?.scales[0] ?? 'absent'}` };
  }),
];

const ranks4 = [rank(0, 0, 4), rank(1, 0, 4)];
const comparison = [upTo(2), rules.input(0, ...WITH_INT32, 'bool')];
const argMinMax = [upTo(2), rules.input(0, 'float16', ...WITH_INT32), int32Output];
const pool = [upTo(2), quant8];
const activation = [upTo(2), quant8];
const resize = [upTo(3), quant8, rules.constant(1)];
const logical = [exactly(1), rules.input(0, 'bool')];

const OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ...['ABS', 'COS', 'EXP', 'LOG', 'POW', 'SIN', 'SQRT'].map((name) => [name, [exactly(1), floatOnly]] as const),
  ...['EQUAL', 'GREATER', 'GREATER_EQUAL', 'LESS', 'LESS_EQUAL', 'NOT_EQUAL'].map((name) => [name, comparison] as const),
  ...['LOGICAL_AND', 'LOGICAL_NOT', 'LOGICAL_OR'].map((name) => [name, logical] as const),
  ...['LOGISTIC', 'RELU', 'RELU6', 'RELU_N1_TO_1'].map((name) => [name, activation] as const),
  ...['MAXIMUM', 'MINIMUM'].map((name) => [name, [upTo(3), withInt32]] as const),
  ...['REDUCE_MAX', 'REDUCE_MIN'].map((name) => [name, [upTo(2), quant8]] as const),
  ...['REDUCE_PROD', 'SUM'].map((name) => [name, [exactly(1), noScalarOutput, floatOnly]] as const),
  ...['LEAKY_RELU', 'PRELU'].map((name) => [name, [exactly(1), quant8]] as const),
  ...['PAD', 'PADV2'].map((name) => [name, [upTo(2), quant8, noEmptyInput]] as const),
  ['ADD', [upTo(2), withInt32, plainInt32, ...ranks4]],
  ['ARG_MAX', argMinMax],
  ['ARG_MIN', argMinMax],
  ['AVERAGE_POOL_2D', [...pool, largeWindow]],
  ['BATCH_MATMUL', [laterLevel('6')]],
  ['BATCH_TO_SPACE_ND', [upTo(2), noCrops]],
  ['BIDIRECTIONAL_SEQUENCE_LSTM', [exactly(1), notHybrid(2)]],
  ['CAST', [exactly(1), withInt32, rules.output(...WITH_INT32)]],
  ['CONCATENATION', [upTo(2), rules.activation('NONE'), rank(0, 0, 4), rules.input(0, 'float16', ...QUANT8)]],
  ['CONV_2D', [upTo(5), rules.operandCount(3)]],
  ['DENSIFY', [rules.constant(0)]],
  ['DEPTHWISE_CONV_2D', [upTo(3)]],
  ['DEPTH_TO_SPACE', [quant8]],
  ['DEQUANTIZE', [upTo(2), rules.input(0, 'uint8', 'int8')]],
  ['DIV', [exactly(1), floatOnly, ...ranks4]],
  ['ELU', [exactly(1), floatOnly]],
  ['EMBEDDING_LOOKUP', [exactly(1), rules.input(1, 'float32')]],
  ['EXPAND_DIMS', [exactly(1), rules.input(0, 'float16', ...WITH_INT32), rules.input(1, 'int32'), rules.constant(1)]],
  ['FILL', [exactly(1), rules.constant(0), rules.input(1, 'float32', 'int32', 'int64')]],
  ['FLOOR', [exactly(1)]],
  ['FULLY_CONNECTED', [upTo(5), notInt16]],
  ['GATHER', [exactly(2), rules.input(0, 'float16', ...WITH_INT32), rules.input(1, 'int32'), rank(1, 1, 99)]],
  ['HARD_SWISH', [quant8]],
  ['HASHTABLE_LOOKUP', [exactly(1), rules.output('float32')]],
  ['L2_NORMALIZATION', [upTo(2), rules.activation('NONE')]],
  ['L2_POOL_2D', [exactly(1), floatOnly]],
  ['LOCAL_RESPONSE_NORMALIZATION', [exactly(1)]],
  ['LOG_SOFTMAX', [exactly(1), floatOnly]],
  ['LSTM', stepLstm],
  ['MAX_POOL_2D', pool],
  ['MEAN', [upTo(2), quant8, noScalarOutput, rank(0, 0, 4)]],
  ['MIRROR_PAD', [laterLevel('7')]],
  ['MUL', [upTo(2), withInt32, plainInt32, ...ranks4]],
  ['NEG', [upTo(2), rules.input(0, 'float32', 'int32')]],
  ['PACK', [exactly(2), rules.input(0, 'float32', 'int8'), notLastAxis]],
  ['QUANTIZE', quantize],
  ['REDUCE_ANY', [exactly(2), noScalarOutput]],
  ['RESHAPE', [exactly(1), quant8, rank(0, 0, 4), rules.constant(1)]],
  ['RESIZE_BILINEAR', [...resize, rank(0, 4, 4)]],
  ['RESIZE_NEAREST_NEIGHBOR', resize],
  ['REVERSE_V2', [laterLevel('7')]],
  ['RNN', [exactly(1), rules.operandCount(5), rules.input(1, 'float32')]],
  ['RSQRT', [exactly(2), floatOnly]],
  ['SELECT', [upTo(2), rules.input(1, ...WITH_INT32), sameShapes]],
  ['SLICE', [upTo(2), withInt32, rules.input(1, 'int32'), rules.input(2, 'int32')]],
  ['SOFTMAX', [exactly(2), quant8, rules.output(...QUANT8), rank(0, 0, 4)]],
  ['SPACE_TO_BATCH_ND', [upTo(2)]],
  ['SPACE_TO_DEPTH', [upTo(2), quant8]],
  ['SPLIT', [exactly(3), rules.input(1, ...WITH_INT32), rules.input(0, 'int32'), rules.constant(0)]],
  ['SPLIT_V', [exactly(2), withInt32, rules.input(1, 'int32'), rules.input(2, 'int32'), rules.constant(1, 2)]],
  ['SQUARED_DIFFERENCE', [exactly(2), withInt32, ...ranks4]],
  ['SQUEEZE', [exactly(1)]],
  ['STRIDED_SLICE', [upTo(2), quant8]],
  ['SUB', [upTo(3), withInt32, plainInt32, ...ranks4]],
  ['SVDF', [exactly(1), rules.operandCount(5), rules.input(1, 'float32')]],
  ['TANH', [upTo(2), quant8]],
  ['TILE', [exactly(1), withInt32, rules.input(1, 'int32')]],
  ['TOPK_V2', [upTo(2), withInt32, rules.input(1, 'int32'), rules.constant(1)]],
  ['TRANSPOSE', [upTo(2), rules.constant(1)]],
  ['TRANSPOSE_CONV', [upTo(4), rules.constant(0, 1)]],
  ['UNIDIRECTIONAL_SEQUENCE_LSTM', sequenceLstm],
  ['UNIDIRECTIONAL_SEQUENCE_RNN', [exactly(1), notHybrid(1)]],
  ['UNPACK', [exactly(2), quant8, rank(0, 2, 4), notLastAxis]],
]);

const known = rules.known(new Set(OPERATORS.keys()));

const driver: Rule = {
  rule: 'a driver of the device takes the operation',
  verdict: 'conditional',
  message: 'The delegate hands the operator to NNAPI. Whether an accelerator of the device runs it, its driver decides.',
  source: SOURCE,
  broken: ({ operator }) => ({ seen: `${operator.name} version ${operator.version}` }),
};

/** The delegate checks version, operands and hybrid arithmetic only; how NNAPI computes an integer sequence LSTM is not said. */
const integerSequence: Rule = {
  rule: 'the integer path: the operator LSTM, not the sequence',
  verdict: 'unverified',
  message: 'The delegate lets an integer sequence LSTM pass and maps it to an operation that NNAPI defines for floats only.',
  source: `${SOURCE}; Android, ANEURALNETWORKS_UNIDIRECTIONAL_SEQUENCE_LSTM (float16, float32)`,
  broken: (context) => {
    const dtype = inputOf(context, 0)?.dtype ?? 'unknown';
    return context.operator.name.endsWith('SEQUENCE_LSTM') && !dtype.startsWith('float')
      ? { seen: `${dtype} input`, fix: FIX.replaceOperator }
      : null;
  },
};

export const nnapi: Target = {
  name: 'nnapi',
  label: 'NNAPI',
  version: 'LiteRT f674577',
  source: SOURCE,
  modelRules: [],
  execution: {
    kind: 'partitions',
    most: 3,
    least: 1,
    source: 'google-ai-edge/LiteRT f674577, nnapi_delegate.h (max_number_delegated_partitions 3)',
  },
  notes: [`Rules at ${API}, no accelerator named. Deprecated by Android 15.`],
  rulesFor: ({ operator }) => [known, ...(OPERATORS.get(operator.name) ?? []), integerSequence, driver],
};
