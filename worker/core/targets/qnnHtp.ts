import { FIX } from './fix';
import { kernelRules } from './kernelRules';
import { inputOf, labelOf, presentInputs, presentOutputs, shapeText } from './operands';
import type { Rule, Target } from './target';

const SOURCE = 'google-ai-edge/LiteRT f674577, litert/vendors/qualcomm/compiler/qnn_compose_graph.cc';
const TYPES = 'google-ai-edge/LiteRT f674577, litert/vendors/qualcomm/compiler/Qualcomm_QNN_Compiler.md';

const rules = kernelRules(SOURCE, 'The operator stays on the CPU.', 'fallback');

/** Operators that the compiler plugin translates. */
const OPERATORS: ReadonlySet<string> = new Set(
  [
    ['ABS', 'ADD', 'ARG_MAX', 'ARG_MIN', 'AVERAGE_POOL_2D', 'BATCH_MATMUL', 'BATCH_TO_SPACE_ND', 'BROADCAST_TO', 'CAST', 'CEIL'],
    ['CONCATENATION', 'CONV_2D', 'CONV_3D', 'COS', 'CUMSUM', 'DEPTHWISE_CONV_2D', 'DEPTH_TO_SPACE', 'DEQUANTIZE', 'DIV'],
    ['DYNAMIC_UPDATE_SLICE', 'ELU', 'EMBEDDING_LOOKUP', 'EQUAL', 'EXP', 'FLOOR', 'FLOOR_DIV', 'FLOOR_MOD', 'FULLY_CONNECTED'],
    ['GATHER', 'GATHER_ND', 'GELU', 'GREATER', 'GREATER_EQUAL', 'HARD_SWISH', 'L2_NORMALIZATION', 'L2_POOL_2D', 'LEAKY_RELU'],
    [
      'LESS',
      'LESS_EQUAL',
      'LOG',
      'LOGICAL_AND',
      'LOGICAL_NOT',
      'LOGICAL_OR',
      'LOGISTIC',
      'LOG_SOFTMAX',
      'MAXIMUM',
      'MAX_POOL_2D',
    ],
    ['MEAN', 'MINIMUM', 'MIRROR_PAD', 'MUL', 'NEG', 'NOT_EQUAL', 'ONE_HOT', 'PACK', 'PAD', 'PADV2', 'POW', 'PRELU', 'QUANTIZE'],
    ['REDUCE_ALL', 'REDUCE_ANY', 'REDUCE_MAX', 'REDUCE_MIN', 'RELU', 'RELU6', 'RELU_0_TO_1', 'RELU_N1_TO_1', 'RESHAPE'],
    [
      'RESIZE_BILINEAR',
      'RESIZE_NEAREST_NEIGHBOR',
      'REVERSE_V2',
      'ROUND',
      'RSQRT',
      'SCATTER_ND',
      'SELECT',
      'SELECT_V2',
      'SIGN',
      'SIN',
    ],
    ['SLICE', 'SOFTMAX', 'SPACE_TO_BATCH_ND', 'SPACE_TO_DEPTH', 'SPLIT', 'SPLIT_V', 'SQRT', 'SQUARE', 'SQUARED_DIFFERENCE'],
    ['STABLEHLO_COMPOSITE', 'STRIDED_SLICE', 'SUB', 'SUM', 'TANH', 'TILE', 'TOPK_V2', 'TRANSPOSE', 'TRANSPOSE_CONV', 'UNPACK'],
  ].flat(),
);

const known = {
  ...rules.known(OPERATORS),
  message: "LiteRT's plugin does not translate the operator: it stays on the CPU.",
};

const noBlockwise = rules.custom('no blockwise quantization', (context) => {
  const odd = presentInputs(context).find(({ quantization }) => (quantization?.blockwise ?? null) !== null);
  return odd === undefined ? null : { seen: labelOf(odd), fix: FIX.perTensorWeights };
});

const openAxes: Rule = {
  rule: 'tensor sizes are constant',
  verdict: 'conditional',
  message: 'The plugin compiles an open axis with size 1: other sizes cannot be run.',
  source: SOURCE,
  fix: FIX.staticShape,
  broken: (context) => {
    const odd = [...presentInputs(context), ...presentOutputs(context)].find(({ shapeSignature }) => shapeSignature.includes(-1));
    return odd === undefined ? null : { seen: `${labelOf(odd)} is ${shapeText(odd.shapeSignature)}` };
  },
};

const quantized4Bit: Rule = {
  ...rules.custom('int4 and int2 only as quantized tensors', (context) => {
    const odd = presentInputs(context).find(
      ({ dtype, quantization }) => (dtype === 'int4' || dtype === 'int2') && quantization === null,
    );
    return odd === undefined ? null : { seen: `${labelOf(odd)} is ${odd.dtype}` };
  }),
  source: TYPES,
};

const backend: Rule = {
  rule: "the SDK's HTP backend accepts the operator's types and shapes",
  verdict: 'conditional',
  message:
    "LiteRT's plugin translates the operator. Qualcomm's SDK then checks it for the chip, by tables that are not in the open: compile to know.",
  source: SOURCE,
  broken: (context) => {
    const [from, to] = [inputOf(context, 0)?.dtype ?? 'nothing', presentOutputs(context)[0]?.dtype ?? 'nothing'];
    return { seen: from === to ? from : `${from} to ${to}` };
  },
};

export const qnnHtp: Target = {
  name: 'qnn-htp',
  label: 'QNN HTP',
  version: 'LiteRT f674577',
  source: SOURCE,
  modelRules: [],
  execution: { kind: 'partitions', most: null, least: 1, source: SOURCE },
  notes: [
    "By way of LiteRT's Qualcomm plugin, which has no LSTM. The SDK itself has one (2.44: 16-bit activations with 16 or 8-bit weights), which other converters use.",
  ],
  rulesFor: () => [known, noBlockwise, quantized4Bit, openAxes, backend],
};
