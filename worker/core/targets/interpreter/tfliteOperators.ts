import type { DType } from '../../model/dtype';
import {
  constantIntegers,
  elementCount,
  hasScale,
  inputOf,
  isInteger,
  labelOf,
  nameOption,
  numberOption,
  outputOf,
  presentInputs,
  scaleOf,
  shapeText,
  tensorAt,
  zeroPointOf,
} from '../operands';
import type { Graph, Tensor } from '../../model/model';
import { producerOf } from '../dataflow';
import type { OperatorContext, Rule } from '../target';
import { kernelRules } from '../kernelRules';
import { tfliteLstmRules } from './tfliteLstm';

export const TFLITE_SOURCE = 'ai-edge-litert 2.3.0, built-in kernels';

const rules = kernelRules(TFLITE_SOURCE, 'The model does not load.');
const atInvoke = kernelRules(TFLITE_SOURCE, 'The model loads, and its first inference fails.');

const INTEGER_8_16: readonly DType[] = ['int8', 'uint8', 'int16'];

function isQuantized(context: OperatorContext): boolean {
  return INTEGER_8_16.includes(inputOf(context, 0)?.dtype ?? 'unknown');
}

const parameters = rules.custom('integer inputs and weights have quantization parameters', (context) => {
  const tensors = [inputOf(context, 0), inputOf(context, 1)].filter((tensor) => tensor !== null);
  const odd = tensors.find((tensor) => INTEGER_8_16.includes(tensor.dtype) && !hasScale(tensor));
  return odd === undefined ? null : { seen: `${labelOf(odd)} has none` };
});

const zeroPointsOf16Bit = rules.custom('int16: zero points 0', (context) => {
  const tensors = [inputOf(context, 0), outputOf(context)];
  const odd = tensors.find((tensor) => tensor?.dtype === 'int16' && zeroPointOf(tensor) !== 0);
  return odd === undefined || odd === null ? null : { seen: `${labelOf(odd)} has zero point ${zeroPointOf(odd)}` };
});

const biasNeeded = rules.custom('the bias operand is there', (context) => {
  const { inputs } = context.operator;
  if (inputs.length < 3) return isQuantized(context) ? { seen: 'no bias operand' } : null;
  return inputOf(context, 2) === null ? { seen: 'operand 2 is listed but absent' } : null;
});

const biasFits = rules.custom('bias: one value per output channel', (context) => {
  const bias = inputOf(context, 2);
  const filters = inputOf(context, 1)?.shape ?? [];
  const channels = context.operator.name === 'DEPTHWISE_CONV_2D' ? filters[3] : filters[0];
  if (bias === null || elementCount(bias.shape) === channels) return null;
  return { seen: `bias ${shapeText(bias.shape)}, ${channels ?? 0} channels` };
});

const biasType = rules.custom(
  'bias is int32 (int64 with int16; CONV_2D takes int32 as well), otherwise the type of the input',
  (context) => {
    const [input, bias] = [inputOf(context, 0), inputOf(context, 2)];
    if (input === null || bias === null) return null;
    const wide: readonly DType[] = context.operator.name === 'DEPTHWISE_CONV_2D' ? ['int64'] : ['int32', 'int64'];
    const allowed: readonly DType[] = input.dtype === 'int16' ? wide : isInteger(input.dtype) ? ['int32'] : [input.dtype];
    return allowed.includes(bias.dtype) ? null : { seen: `${bias.dtype} bias, ${input.dtype} input` };
  },
);

const kernelTypes: readonly DType[] = ['float32', 'uint8', 'int8', 'int16'];
const convolution = [
  rules.rank(0, 4),
  rules.rank(1, 4),
  rules.input(0, ...kernelTypes),
  rules.sameType(),
  parameters,
  biasFits,
  biasType,
  zeroPointsOf16Bit,
  rules.productScale(),
  rules.custom('weights have one scale with a uint8 input', (context) => {
    const scales = inputOf(context, 1)?.quantization?.scales.length ?? 0;
    return inputOf(context, 0)?.dtype === 'uint8' && scales > 1 ? { seen: `${scales} scales` } : null;
  }),
];

const fullyConnected = [
  rules.custom('weights are a matrix', (context) => {
    const weights = inputOf(context, 1);
    return weights === null || weights.shape.length === 2 ? null : { seen: `weights ${shapeText(weights.shape)}` };
  }),
  rules.custom('fused activation is NONE, RELU, RELU_N1_TO_1 or RELU6', (context) => {
    const name = nameOption(context, 'fused_activation_function', 'NONE');
    const known = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6'].includes(name);
    return known || inputOf(context, 0)?.dtype === 'float32' ? null : { seen: name };
  }),
  rules.custom('input, weights and output are of types that go together', (context) => {
    const [x, w, y] = [inputOf(context, 0)?.dtype, inputOf(context, 1)?.dtype, outputOf(context)?.dtype];
    const fits =
      w === 'float32'
        ? x === 'float32' && y === 'float32'
        : w === 'uint8' || w === 'int8' || w === 'int4' || w === 'int2'
          ? x === 'float32' || INTEGER_8_16.includes(x ?? 'unknown')
          : false;
    return fits ? null : { seen: `${x ?? '?'} input, ${w ?? '?'} weights, ${y ?? '?'} output` };
  }),
  rules.custom('blockwise weights carry their scales', (context) => {
    const weights = inputOf(context, 1);
    return weights === null || (weights.quantization?.blockwise ?? null) === null
      ? null
      : { seen: `${labelOf(weights)} is blockwise quantized` };
  }),
  rules.custom('bias is float32 with float weights or a float input, otherwise int32 or int64', (context) => {
    const [x, bias] = [inputOf(context, 0), inputOf(context, 2)];
    if (bias === null || x === null) return null;
    const isFloat = bias.dtype === 'float32';
    return isFloat === (x.dtype === 'float32') ? null : { seen: `${bias.dtype} bias, ${x.dtype} input` };
  }),
  parameters,
  biasFits,
  zeroPointsOf16Bit,
  rules.productScale(),
  rules.biasScale(),
];

/** Element-wise operators set their output's type to that of their inputs, whatever the file says. */
const ARITHMETIC: ReadonlySet<string> = new Set(['ADD', 'DIV', 'MUL', 'SUB']);
const CHAIN_LIMIT = 64;

const knownTypes = new WeakMap<Graph, Map<number, DType>>();

/** Kept by tensor: rules ask in file order, so that the types before it are known already. */
function typeAtRunTime(graph: Graph, tensor: Tensor, depth = 0): DType {
  const types = knownTypes.get(graph) ?? new Map<number, DType>();
  knownTypes.set(graph, types);
  const known = types.get(tensor.index);
  if (known !== undefined) return known;
  const producer = producerOf(graph, tensor.index);
  const second = tensorAt(graph, producer?.inputs[1]);
  const ends = producer === undefined || !ARITHMETIC.has(producer.name) || second === null || depth >= CHAIN_LIMIT;
  const dtype = ends ? tensor.dtype : typeAtRunTime(graph, second, depth + 1);
  if (depth === 0) types.set(tensor.index, dtype);
  return dtype;
}

function operandTypes(context: OperatorContext): readonly DType[] {
  return presentInputs(context).map((tensor) => typeAtRunTime(context.graph, tensor));
}

const arithmetic = (...types: readonly DType[]): readonly Rule[] => [
  rules.custom('both inputs have the same type', (context) => {
    const [a, b] = operandTypes(context);
    return a === b ? null : { seen: `${a ?? 'nothing'} and ${b ?? 'nothing'}` };
  }),
  atInvoke.custom(`operands are ${types.join(', ')}`, (context) => {
    const [type = 'unknown'] = operandTypes(context);
    return types.includes(type) ? null : { seen: type };
  }),
];

/** Sums bring their operands to one scale, and abort on one that is not positive. */
const sum = (...types: readonly DType[]): readonly Rule[] => [
  ...arithmetic(...types),
  rules.custom(
    '8 and 16-bit operands and output have positive scales',
    (context) => {
      if (!INTEGER_8_16.includes(operandTypes(context)[0] ?? 'unknown')) return null;
      const odd = [...presentInputs(context), outputOf(context)].find((tensor) => !((scaleOf(tensor) ?? 0) > 0));
      return odd === undefined || odd === null ? null : { seen: `${labelOf(odd)} has scale ${scaleOf(odd) ?? 'absent'}` };
    },
    'The interpreter aborts.',
  ),
];

const QUANTIZE_PAIRS: Readonly<Partial<Record<DType, readonly DType[]>>> = {
  float32: ['int8', 'uint8', 'int16', 'int4', 'uint4'],
  int32: ['int8', 'int16', 'int32'],
  int16: ['int8', 'int16', 'int32'],
  int8: ['int8', 'uint8', 'int16'],
  uint8: ['int8', 'uint8', 'int16'],
};

const quantize = [
  rules.custom('a pair of types that the kernel converts', (context) => {
    const [from, to] = [inputOf(context, 0)?.dtype ?? 'unknown', outputOf(context)?.dtype ?? 'unknown'];
    return QUANTIZE_PAIRS[from]?.includes(to) === true ? null : { seen: `${from} to ${to}` };
  }),
];

const batchMatmul = [
  rules.input(0, 'float32', 'int8', 'int16'),
  rules.input(1, 'float32', 'int8', 'int16'),
  rules.zeroPoints('int16', 0, 0),
  rules.productScale(),
];

const abs = [
  rules.custom('int8: input and output have quantization parameters', (context) => {
    const tensors = [inputOf(context, 0), outputOf(context)];
    const odd = tensors.find((tensor) => tensor?.dtype === 'int8' && !hasScale(tensor));
    return odd === undefined || odd === null ? null : { seen: `${labelOf(odd)} has none` };
  }),
];

const logistic = [
  rules.sameType(),
  rules.outputScale('uint8', 1 / 256),
  rules.outputScale('int8', 1 / 256),
  rules.outputScale('int16', 1 / 32768),
  rules.zeroPoints('int16', 0, 0),
  atInvoke.input(0, ...kernelTypes, 'float16', 'bfloat16'),
];

const softmax = [
  rules.custom('int8 becomes int8 or int16, other types stay', (context) => {
    const [from, to] = [inputOf(context, 0)?.dtype, outputOf(context)?.dtype];
    const upcast = (from === 'int8' || from === 'uint8') && to === 'int16';
    return from === to || upcast || from === 'float32' ? null : { seen: `${from ?? '?'} to ${to ?? '?'}` };
  }),
  rules.zeroPoints('int16', 0, 0),
  rules.custom('int8: output scale 1/256 and zero point -128; int16: 1/32768 and 0', (context) => {
    const output = outputOf(context);
    const wanted = output?.dtype === 'int8' ? [1 / 256, -128] : output?.dtype === 'int16' ? [1 / 32768, 0] : null;
    if (output === null || wanted === null || inputOf(context, 0)?.dtype !== output.dtype) return null;
    const [scale = 0, zeroPoint = 0] = wanted;
    const near = Math.abs((scaleOf(output) ?? 0) - scale) <= 0.001 * scale;
    return near && zeroPointOf(output) === zeroPoint
      ? null
      : { seen: `scale ${scaleOf(output) ?? 'absent'}, zero point ${zeroPointOf(output)}` };
  }),
  atInvoke.input(0, ...kernelTypes),
];

const svdf = [
  rules.input(0, 'float32', 'int8'),
  rules.custom('sizes fit each other', (context) => {
    const filters = inputOf(context, 1)?.shape[0] ?? 0;
    const memory = inputOf(context, 2)?.shape[1] ?? 0;
    const state = inputOf(context, 4)?.shape[1] ?? 0;
    const rank = numberOption(context, 'rank', 1);
    if (rank > 0 && filters % rank !== 0) return { seen: `${filters} filters, rank ${rank}` };
    return state === memory * filters ? null : { seen: `state of ${state}, memory ${memory} * ${filters} filters` };
  }),
];

const reshape = [
  rules.custom('input and output hold the same number of elements', (context) => {
    const sizes = constantIntegers(inputOf(context, 1));
    const elements = elementCount(inputOf(context, 0)?.shape ?? []);
    const dynamic = inputOf(context, 0)?.shapeSignature.includes(-1) === true;
    if (sizes === null || dynamic || sizes.filter((size) => size < 0).length > 1) return null;
    const known = elementCount(sizes.filter((size) => size >= 0));
    const fits = sizes.includes(-1) ? known > 0 && elements % known === 0 : known === elements;
    return fits ? null : { seen: `${elements} elements to ${shapeText(sizes)}` };
  }),
];

/** Conditions of kernels that models are known to break; operators without an entry have none here. */
export const TFLITE_OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ['ABS', abs],
  ['ADD', sum('float32', 'int32', 'int64', 'int8', 'uint8', 'int16')],
  ['AVERAGE_POOL_2D', [rules.rank(0, 4), rules.sameType(), atInvoke.input(0, ...kernelTypes)]],
  ['BATCH_MATMUL', batchMatmul],
  ['CONCATENATION', [rules.sameType(), rules.activation('NONE'), rules.sameQuantization('int8')]],
  ['CONV_2D', [biasNeeded, ...convolution]],
  ['DEPTHWISE_CONV_2D', convolution],
  ['DIV', arithmetic('float32', 'int32', 'uint8', 'int8')],
  ['ELU', [rules.sameType(), atInvoke.input(0, 'float32', 'int8')]],
  ['EXPAND_DIMS', [rules.keptQuantization('int8', 'uint8', 'int16')]],
  ['FULLY_CONNECTED', fullyConnected],
  ['HARD_SWISH', [rules.sameType(), atInvoke.input(0, 'float32', 'uint8', 'int8')]],
  ['LEAKY_RELU', [rules.sameType(), atInvoke.input(0, 'float32', 'uint8', 'int8', 'int16')]],
  ['LOGISTIC', logistic],
  ['MAX_POOL_2D', [rules.rank(0, 4), rules.sameType(), atInvoke.input(0, ...kernelTypes)]],
  ['MEAN', [rules.zeroPoints('int16', 0, 0)]],
  [
    'MUL',
    [
      ...arithmetic('float32', 'int32', 'int64', 'int8', 'uint8', 'int16', 'complex64', 'uint32'),
      rules.zeroPoints('int16', 0, 0),
    ],
  ],
  ['QUANTIZE', quantize],
  ['REDUCE_MAX', [atInvoke.keptQuantization('int8', 'uint8')]],
  ['REDUCE_MIN', [atInvoke.keptQuantization('int8', 'uint8')]],
  ['RESHAPE', reshape],
  ['SOFTMAX', softmax],
  ['SQUARED_DIFFERENCE', sum('float32', 'int32', 'int8')],
  ['SUB', sum('float32', 'int32', 'int64', 'int8', 'uint8', 'int16')],
  ['SVDF', svdf],
  ['TANH', [rules.sameType(), rules.zeroPoints('int16', 0, 0), atInvoke.input(0, ...kernelTypes, 'float16', 'bfloat16')]],
  ['UNIDIRECTIONAL_SEQUENCE_RNN', [rules.input(0, 'float32')]],
  ['UNIDIRECTIONAL_SEQUENCE_LSTM', tfliteLstmRules(rules, TFLITE_SOURCE)],
]);
