import type { DType } from '../model/dtype';
import { firstReaderOf } from './dataflow';
import { FIX } from './fix';
import { kernelRules } from './kernelRules';
import {
  inputOf,
  isConstant,
  labelOf,
  nameOption,
  numberOption,
  outputOf,
  presentInputs,
  presentOutputs,
  shapeText,
} from './operands';
import type { OperatorContext, Rule, Target } from './target';

const BUILDER = 'google-ai-edge/LiteRT f674577, tflite/delegates/gpu/common/model_builder.cc';
const SOURCE = `${BUILDER}; tflite/tools/versioning/gpu_compatibility.cc`;

const rules = kernelRules(SOURCE, "The operator stays on TFLite's own kernel.", 'fallback');

const FLOAT: readonly DType[] = ['float32', 'float16'];
const VALUES: readonly DType[] = [...FLOAT, 'int8', 'uint8'];

const computedInputs = (context: OperatorContext) => presentInputs(context).filter((tensor) => !isConstant(tensor));

const computed = (least: number, most = least): Rule =>
  rules.custom(least === most ? `${least} computed inputs` : `${least} or ${most} computed inputs`, (context) => {
    const count = computedInputs(context).length;
    return count >= least && count <= most ? null : { seen: `${count} computed inputs` };
  });

const constants = (count: number): Rule =>
  rules.custom(`${count} constant inputs`, (context) => {
    const found = presentInputs(context).length - computedInputs(context).length;
    return found === count ? null : { seen: `${found} constant inputs` };
  });

const outputs = (count: number): Rule =>
  rules.custom(`${count} outputs`, ({ operator }) =>
    operator.outputs.length === count ? null : { seen: `${operator.outputs.length} outputs` },
  );

const activation = rules.activation('NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH');
const upTo = (most: number): Rule => rules.versions(1, most);

const constantInt32Axes = rules.custom('axes are constant int32', (context) => {
  const axes = inputOf(context, 1);
  if (axes === null || !isConstant(axes)) return { seen: 'axes computed at run time', fix: FIX.constantParameters };
  return axes.dtype === 'int32' ? null : { seen: `axes are ${axes.dtype}` };
});

/** One computed input and one constant, or two computed ones. */
const oneOrTwoOperands = rules.custom('two computed inputs, or a computed and a constant one', (context) => {
  const [all, computedOnes] = [presentInputs(context).length, computedInputs(context).length];
  return (computedOnes === 2 && all === 2) || (computedOnes === 1 && all === 2)
    ? null
    : { seen: `${computedOnes} of ${all} computed` };
});

const broadcast = rules.custom('shapes of different rank can be broadcast', (context) => {
  const [a, b] = [inputOf(context, 0)?.shape ?? [], inputOf(context, 1)?.shape ?? []];
  if (a.length <= 1 || b.length <= 1 || a.length === b.length) return null;
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  const [l0 = 0, , , l3 = 0] = long;
  const [s0 = 0, s1 = 0] = short;
  const seen = { seen: `${shapeText(a)} and ${shapeText(b)}` };
  if (long.length !== 4) return seen;
  if (short.length === 3) return l0 === 1 ? null : seen;
  const scalar = short.length === 2 && l0 === 1 && s0 === 1 && s1 === 1;
  return scalar || (short.length === 2 && l0 === s0 && l3 === s1) ? null : seen;
});

const binary = [upTo(2), oneOrTwoOperands, outputs(1)];
const unary = [upTo(2), computed(1), constants(0), outputs(1)];
const oneToOne = [computed(1), outputs(1)];
const reduce = [computed(1), constants(1), outputs(1), constantInt32Axes];
const pool = [upTo(2), computed(1), outputs(1), activation];
const pad = [
  upTo(2),
  computed(1),
  outputs(1),
  rules.custom('paddings of shape [3, 2] or [4, 2]', (context) => {
    const shape = inputOf(context, 1)?.shape ?? [];
    return shape.length === 2 && (shape[0] === 3 || shape[0] === 4) && shape[1] === 2 ? null : { seen: shapeText(shape) };
  }),
];
const rank3Or4 = rules.custom('the input has 3 or 4 dimensions', (context) => {
  const rank = inputOf(context, 0)?.shape.length ?? 0;
  return rank === 3 || rank === 4 ? null : { seen: `${rank} dimensions` };
});

/** A comparison is merged with the CAST or SELECT that reads it. */
const logical = rules.custom('the result is read by one CAST or SELECT to float', (context) => {
  const output = outputOf(context);
  const reader = output === null ? undefined : firstReaderOf(context.graph, output.index);
  const to = reader === undefined ? undefined : context.graph.tensors[reader.outputs[0] ?? -1]?.dtype;
  const fits = reader !== undefined && ['CAST', 'SELECT', 'SELECT_V2'].includes(reader.name) && FLOAT.includes(to ?? 'unknown');
  return fits ? null : { seen: reader === undefined ? 'read by nothing' : `read by ${reader.name}` };
});

const CASTS: Readonly<Partial<Record<DType, readonly DType[]>>> = {
  bool: FLOAT,
  float16: ['bool'],
  float32: ['bool', 'float32', 'int32'],
  int32: ['float32', 'int32'],
};

const cast = rules.custom('a pair of types that it converts', (context) => {
  const [from, to] = [inputOf(context, 0)?.dtype ?? 'unknown', outputOf(context)?.dtype ?? 'unknown'];
  return CASTS[from]?.includes(to) === true ? null : { seen: `${from} to ${to}` };
});

const depthwise = rules.custom('four dimensions; output depth = input depth * multiplier', (context) => {
  const [input, filter, output] = [inputOf(context, 0), inputOf(context, 1), outputOf(context)].map(
    (tensor) => tensor?.shape ?? [],
  );
  if (input?.length !== 4 || filter?.length !== 4 || output?.length !== 4) return { seen: shapeText(input ?? []) };
  const multiplier = numberOption(context, 'depth_multiplier', 1);
  const fits = filter[3] === output[3] && output[3] === (input[3] ?? 0) * multiplier;
  return fits ? null : { seen: `${input[3] ?? 0} * ${multiplier}, output depth ${output[3] ?? 0}` };
});

const fullyConnected = [
  upTo(9),
  rules.custom('weights in the default format', (context) => {
    const format = nameOption(context, 'weights_format', 'DEFAULT');
    return format === 'DEFAULT' ? null : { seen: format };
  }),
  computed(1, 2),
  rules.custom('keep_num_dims: input and output have one rank', (context) => {
    const [a, b] = [inputOf(context, 0)?.shape.length ?? 0, outputOf(context)?.shape.length ?? 0];
    return context.operator.options.keep_num_dims === true && a !== b ? { seen: `ranks ${a} and ${b}` } : null;
  }),
];

const lstm = [
  upTo(4),
  rules.custom('the full kernel with 20 or 24 operands and one output, or the basic one with 5 and 4', (context) => {
    const { inputs, outputs: results } = context.operator;
    const basic = nameOption(context, 'kernel_type', 'FULL') === 'BASIC';
    const fits = basic ? inputs.length === 5 && results.length === 4 : [20, 24].includes(inputs.length) && results.length === 1;
    return fits ? null : { seen: `${inputs.length} operands, ${results.length} outputs` };
  }),
  rules.custom('basic kernel: TANH, no clipping, a depth that is a multiple of 4', (context) => {
    if (nameOption(context, 'kernel_type', 'FULL') !== 'BASIC') return null;
    const depth = context.graph.tensors[context.operator.outputs[3] ?? -1]?.shape.at(-1) ?? 0;
    if (depth % 4 !== 0) return { seen: `depth ${depth}` };
    const clips = [numberOption(context, 'cell_clip', 0), numberOption(context, 'proj_clip', 0)];
    if (clips.some((clip) => clip !== 0)) return { seen: `clips ${clips.join(' and ')}` };
    const name = nameOption(context, 'fused_activation_function', 'TANH');
    return name === 'TANH' ? null : { seen: name };
  }),
];

const softmax = rules.custom('beta is 1', (context) => {
  const beta = numberOption(context, 'beta', 1);
  return beta === 1 ? null : { seen: `beta ${beta}` };
});

const plainSlice = rules.custom('no ellipsis, no new and no shrunk axes', (context) => {
  const odd = ['ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'].find((name) => numberOption(context, name, 0) !== 0);
  return odd === undefined ? null : { seen: `${odd} is set`, fix: FIX.plainSlice };
});

const blockSize = rules.custom('a block size above 1', (context) => {
  const size = numberOption(context, 'block_size', 0);
  return size > 1 ? null : { seen: `block size ${size}` };
});

const gather = rules.custom('one-dimensional int32 indices', (context) => {
  const indices = inputOf(context, 1);
  if (indices?.dtype !== 'int32') return { seen: `indices are ${indices?.dtype ?? 'absent'}` };
  return indices.shape.length === 1 ? null : { seen: shapeText(indices.shape) };
});

const reflect = rules.custom('mode is REFLECT', (context) => {
  const mode = nameOption(context, 'mode', 'REFLECT');
  return mode === 'REFLECT' ? null : { seen: mode };
});

const OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ...[
    'ABS',
    'COS',
    'ELU',
    'EXP',
    'FLOOR',
    'GELU',
    'LOG',
    'LOGISTIC',
    'NEG',
    'RSQRT',
    'SIGN',
    'SIN',
    'SQRT',
    'SQUARE',
    'TANH',
  ].map((name) => [name, unary] as const),
  ...['FLOOR_DIV', 'FLOOR_MOD', 'MAXIMUM', 'MINIMUM', 'POW', 'SQUARED_DIFFERENCE'].map((name) => [name, binary] as const),
  ...['DIV', 'SUB'].map((name) => [name, [...binary, activation]] as const),
  ...['EQUAL', 'GREATER', 'GREATER_EQUAL', 'LESS', 'LESS_EQUAL', 'NOT_EQUAL', 'LOGICAL_AND'].map(
    (name) => [name, [upTo(2), logical]] as const,
  ),
  ...['REDUCE_MAX', 'REDUCE_MIN', 'REDUCE_PROD', 'SUM', 'MEAN'].map((name) => [name, reduce] as const),
  ...['RELU', 'RELU6', 'RELU_0_TO_1', 'RELU_N1_TO_1', 'LEAKY_RELU'].map((name) => [name, [upTo(2)]] as const),
  ...['PACK', 'UNPACK', 'SPLIT', 'SPLIT_V', 'SELECT', 'SELECT_V2'].map((name) => [name, []] as const),
  ['ADD', [upTo(2), rules.operandCount(2), broadcast]],
  ['ADD_N', [rules.operandCount(2)]],
  ['AVERAGE_POOL_2D', pool],
  ['BATCH_MATMUL', [rules.operandCount(2), outputs(1)]],
  ['CAST', [computed(1), outputs(1), cast]],
  ['CONCATENATION', [upTo(2)]],
  ['CONV_2D', [upTo(6), computed(1, 2), outputs(1), activation]],
  ['CUMSUM', [upTo(1), rules.input(0, ...FLOAT), rules.input(1, 'int32'), rules.constant(1)]],
  ['DENSIFY', [upTo(1), computed(0), outputs(1)]],
  ['DEPTHWISE_CONV_2D', [upTo(6), computed(1, 2), outputs(1), activation, depthwise]],
  ['DEPTH_TO_SPACE', [...oneToOne, blockSize]],
  ['DEQUANTIZE', [upTo(3), rules.custom('not from int16', (c) => (inputOf(c, 0)?.dtype === 'int16' ? { seen: 'int16' } : null))]],
  ['FULLY_CONNECTED', fullyConnected],
  ['GATHER', [upTo(1), oneOrTwoOperands, gather]],
  ['HARD_SWISH', oneToOne],
  ['LSTM', lstm],
  ['MAX_POOL_2D', pool],
  ['MIRROR_PAD', [...pad, reflect]],
  ['MUL', [upTo(3), rules.operandCount(2), broadcast, activation]],
  ['ONE_HOT', [upTo(1), rules.input(0, 'int32'), rules.constant(2, 3)]],
  ['PAD', pad],
  ['PADV2', pad],
  ['PRELU', [upTo(1)]],
  ['QUANTIZE', [upTo(2), ...oneToOne]],
  ['RESHAPE', [upTo(1), ...oneToOne]],
  ['RESIZE_BILINEAR', [upTo(3), ...oneToOne]],
  ['RESIZE_NEAREST_NEIGHBOR', [upTo(3), ...oneToOne]],
  ['SLICE', [upTo(2), rank3Or4]],
  ['SOFTMAX', [upTo(2), softmax]],
  ['SPACE_TO_DEPTH', [upTo(2), ...oneToOne, blockSize]],
  ['STRIDED_SLICE', [upTo(4), plainSlice, rules.operandCount(4), rank3Or4]],
  ['TILE', oneToOne],
  ['TRANSPOSE', [upTo(4), ...oneToOne]],
  ['TRANSPOSE_CONV', [upTo(3), computed(1, 2), outputs(1)]],
]);

const CUSTOM = ['Convolution2DTransposeBias', 'MaxPoolingWithArgmax2D', 'MaxUnpooling2D', 'Resampler'];
const known = rules.known(new Set([...OPERATORS.keys(), ...CUSTOM]));

/** Types that single operators take beside floats and 8 bits. */
const MORE_INPUTS: Readonly<Record<string, readonly DType[]>> = {
  CAST: ['bool', 'int32'],
  GATHER: ['int32'],
  LOGICAL_AND: ['bool'],
  ONE_HOT: ['int32'],
  SELECT: ['bool'],
  SELECT_V2: ['bool'],
};
const MORE_OUTPUTS: Readonly<Record<string, readonly DType[]>> = {
  CAST: ['bool', 'int32'],
  ...Object.fromEntries(
    ['EQUAL', 'GREATER', 'GREATER_EQUAL', 'LESS', 'LESS_EQUAL', 'LOGICAL_AND', 'NOT_EQUAL'].map((name) => [
      name,
      ['bool' as const],
    ]),
  ),
};

const types = rules.custom('values are float or 8 bits, of at most 4 dimensions', (context) => {
  const { name } = context.operator;
  const ins = computedInputs(context).filter(({ isVariable }) => !isVariable);
  const allowedIn = [...VALUES, ...(MORE_INPUTS[name] ?? [])];
  const allowedOut = [...VALUES, ...(MORE_OUTPUTS[name] ?? [])];
  const odd =
    ins.find(({ dtype }) => !allowedIn.includes(dtype)) ??
    presentOutputs(context).find(({ dtype }) => !allowedOut.includes(dtype));
  if (odd !== undefined)
    return { seen: `${labelOf(odd)} is ${odd.dtype}`, ...(odd.dtype === 'int16' ? { fix: FIX.int8Activations } : {}) };
  const deep = [...presentInputs(context), ...presentOutputs(context)].find(({ shape }) => shape.length >= 5);
  return deep === undefined ? null : { seen: `${labelOf(deep)} is ${shapeText(deep.shape)}`, fix: FIX.lowerRank };
});

const floatArithmetic: Rule = {
  rule: 'arithmetic is float',
  verdict: 'conditional',
  message:
    'Quantized values are converted to float at the edge of the partition and computed with as floats: results differ in the last places.',
  source: `${BUILDER}; quantization_util.cc`,
  broken: (context) => {
    const odd = [...computedInputs(context), ...presentOutputs(context)].find(
      ({ dtype }) => dtype === 'int8' || dtype === 'uint8',
    );
    return odd === undefined ? null : { seen: `${labelOf(odd)} is ${odd.dtype}` };
  },
};

export const gpuDelegate: Target = {
  name: 'gpu-delegate',
  label: 'GPU delegate',
  version: 'LiteRT f674577',
  source: SOURCE,
  modelRules: [],
  execution: {
    kind: 'partitions',
    most: 1,
    least: 1,
    source: 'google-ai-edge/LiteRT f674577, tflite/delegates/gpu/delegate_options.cc (max_delegated_partitions 1)',
  },
  boundary: ({ dtype }, direction) =>
    dtype === 'int8' || dtype === 'uint8'
      ? {
          op: direction === 'in' ? 'DEQUANTIZE' : 'QUANTIZE',
          source: 'google-ai-edge/LiteRT f674577, gpu/common/quantization_util.cc',
        }
      : null,
  notes: [
    'Quantized models allowed (the default). LSTM: the basic kernel and the single step with 20 or 24 operands; sequences stay on the CPU.',
  ],
  rulesFor: ({ operator }) => [known, ...(OPERATORS.get(operator.name) ?? []), types, floatArithmetic],
};
