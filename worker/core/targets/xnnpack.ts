import { FIX } from './fix';
import { constantIntegers, inputOf, isConstant, numberOption, outputOf, scaleOf, zeroPointOf } from './operands';
import type { OperatorContext, Rule, Target } from './target';
import { tfliteCpu } from './tfliteCpu';
import * as rules from './xnnpack/delegateRules';

const FLOAT_UNARY = [rules.rankUpTo6, rules.floatOnly()];
const FLOAT_BINARY = [rules.rankUpTo6, rules.floatOnly(), rules.plainActivation];
const REDUCE = [rules.floatOr8Bit(rules.dataOperands(0)), rules.constant(1)];
const DATA = rules.floatOr8Bit(rules.dataOperands(0));

const fitsAdd = [
  rules.rankUpTo6,
  rules.floatOr8Bit(),
  rules.sameTypes,
  rules.scaleRatio(1 / 1024, 256, false),
  rules.plainActivation,
];

const leakySlope = rules.delegated('slope and scales lie within what the kernel can multiply by', (context) => {
  const [input, output] = [scaleOf(inputOf(context, 0)), scaleOf(outputOf(context))];
  const alpha = numberOption(context, 'alpha', 0);
  if (alpha === 0) return { seen: 'alpha 0' };
  if (input === null || output === null) return null;
  const [positive, negative] = [input / output, (input / output) * alpha];
  const fits = positive >= 1 / 256 && positive <= 128 && negative >= -127.996 && negative <= 128 && Math.abs(negative) >= 1 / 256;
  return fits ? null : { seen: `alpha ${alpha}, scale ratio ${positive}` };
});

const quantizePair = rules.delegated('float to 8 bits, or 8 bits to the same 8 bits', (context) => {
  const [from, to] = [inputOf(context, 0), outputOf(context)];
  if (from === null || to === null || from.dtype.startsWith('float')) return null;
  const ratio = (scaleOf(from) ?? 0) / (scaleOf(to) ?? 0);
  return from.dtype === to.dtype && ratio >= 1 / 256 && ratio <= 128
    ? null
    : { seen: `${from.dtype} to ${to.dtype}, scale ratio ${ratio}` };
});

const dequantizeInput = rules.delegated('the input is 8 bits with one scale, or constant float16', (context) => {
  const input = inputOf(context, 0);
  const scales = input?.quantization?.scales.length ?? 0;
  const fits =
    ((input?.dtype === 'int8' || input?.dtype === 'uint8') && scales === 1) || (input?.dtype === 'float16' && isConstant(input));
  return fits ? null : { seen: `${input?.dtype ?? 'nothing'} with ${scales} scales` };
});

const unitStrides = rules.delegated('all strides are 1', (context) => {
  const odd = constantIntegers(inputOf(context, 3))?.find((stride) => stride !== 1);
  return odd === undefined ? null : { seen: `stride ${odd}` };
});

const matmulOperands = rules.delegated(
  'two float matrices, a float and an int8 one, or two int8 ones, the second with zero point 0',
  (context) => {
    const [a, b] = [inputOf(context, 0), inputOf(context, 1)];
    const floats = a?.dtype === 'float32' && (b?.dtype === 'float32' || b?.dtype === 'int8');
    const integers =
      a?.dtype === 'int8' && b?.dtype === 'int8' && (b.quantization?.scales.length ?? 0) >= 1 && zeroPointOf(b) === 0;
    return floats || integers ? null : { seen: `${a?.dtype ?? '?'} and ${b?.dtype ?? '?'}, zero point ${zeroPointOf(b)}` };
  },
);

/** Operators that the delegate takes, with its conditions. */
const OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ...['ABS', 'CEIL', 'COS', 'EXP', 'FLOOR', 'GELU', 'HARD_SWISH', 'LOG', 'NEG'].map((name) => [name, FLOAT_UNARY] as const),
  ...['RELU', 'RELU6', 'RELU_N1_TO_1', 'ROUND', 'RSQRT', 'SIN', 'SQRT', 'SQUARE'].map((name) => [name, FLOAT_UNARY] as const),
  ...['DIV', 'MAXIMUM', 'MINIMUM', 'PRELU', 'SQUARED_DIFFERENCE'].map((name) => [name, FLOAT_BINARY] as const),
  ...['MEAN', 'REDUCE_MAX', 'REDUCE_MIN', 'SUM'].map((name) => [name, REDUCE] as const),
  ['ADD', fitsAdd],
  ['ASSIGN_VARIABLE', [rules.floatOr8Bit((context) => [inputOf(context, 1)])]],
  ['AVERAGE_POOL_2D', [rules.floatOnly(), rules.poolingWindow, rules.plainActivation]],
  ['BATCH_MATMUL', [rules.floatOr8Bit(rules.dataOperands(0)), matmulOperands]],
  ['CONCATENATION', [rules.inputCount(2, 5), rules.floatOr8Bit(), rules.sameQuantization('uint8')]],
  [
    'CONV_2D',
    [DATA, rules.rank(0, 4), rules.weights(1, 0, true, false), rules.constant(1, 2), rules.bias(2, true), rules.plainActivation],
  ],
  [
    'DEPTHWISE_CONV_2D',
    [DATA, rules.rank(0, 4), rules.weights(1, 3, false, false), rules.constant(1, 2), rules.bias(2, true), rules.plainActivation],
  ],
  ['DEPTH_TO_SPACE', [rules.floatOr8Bit()]],
  ['DEQUANTIZE', [dequantizeInput]],
  ['ELU', [rules.rankUpTo6, rules.floatOr8Bit()]],
  [
    'FULLY_CONNECTED',
    [DATA, rules.rank(1, 2), rules.weights(1, 0, true, true), rules.constant(1, 2), rules.bias(2, false), rules.plainActivation],
  ],
  ['LEAKY_RELU', [rules.rankUpTo6, rules.floatOr8Bit(), leakySlope]],
  ['LOGISTIC', [rules.rankUpTo6, rules.floatOr8Bit()]],
  ['MAX_POOL_2D', [rules.floatOr8Bit(), rules.poolingWindow, rules.plainActivation]],
  ['MUL', [rules.rankUpTo6, rules.floatOr8Bit(), rules.sameTypes, rules.scaleRatio(1 / 65536, 256, true), rules.plainActivation]],
  ['PAD', [DATA, rules.rankUpTo6, rules.constant(1)]],
  ['QUANTIZE', [rules.rankUpTo6, rules.floatOr8Bit(), quantizePair]],
  ['READ_VARIABLE', [rules.floatOr8Bit((context) => [outputOf(context)])]],
  ['RESHAPE', [DATA, rules.rankUpTo6, rules.sameQuantization('int8', 'uint8'), rules.constant(1)]],
  ['RESIZE_BILINEAR', [DATA, rules.rank(0, 4), rules.constant(1)]],
  ['SLICE', [DATA, rules.constant(1, 2)]],
  ['SOFTMAX', [rules.beta1, rules.floatOnly()]],
  ['SPACE_TO_DEPTH', [rules.floatOr8Bit()]],
  ['SPLIT', [rules.outputCount(2, 4), rules.floatOr8Bit(rules.dataOperands(1)), rules.constant(0)]],
  [
    'STRIDED_SLICE',
    [rules.plainSlice('ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'), DATA, rules.constant(1, 2, 3), unitStrides],
  ],
  ['SUB', fitsAdd],
  ['TANH', [rules.rankUpTo6, rules.floatOr8Bit()]],
  ['TRANSPOSE', [DATA, rules.rankUpTo6, rules.constant(1)]],
  [
    'TRANSPOSE_CONV',
    [rules.floatOr8Bit(rules.dataOperands(2)), rules.weights(1, 0, false, false), rules.constant(0, 1, 3), rules.bias(3, false)],
  ],
  ['VAR_HANDLE', []],
]);

const known = rules.delegated('the delegate takes the operator', ({ operator }) =>
  OPERATORS.has(operator.name) ? null : { seen: operator.customCode ?? operator.name, fix: FIX.replaceOperator },
);

/** Where the delegate leaves an operator alone, TFLite's own kernel must take it. */
function rulesFor(context: OperatorContext): readonly Rule[] {
  const own = [known, ...(OPERATORS.get(context.operator.name) ?? [])];
  const declined = own.find((rule) => rule.broken(context) !== null);
  if (declined === undefined) return [];
  return [...tfliteCpu.rulesFor(context).filter((rule) => rule.verdict === 'rejected'), declined];
}

export const xnnpack: Target = {
  name: 'xnnpack',
  label: 'XNNPACK',
  version: 'LiteRT 2.3.0',
  source: rules.XNNPACK_SOURCE,
  modelRules: tfliteCpu.modelRules,
  execution: { kind: 'partitions', most: null, least: 1, source: rules.XNNPACK_SOURCE },
  rulesFor,
};
