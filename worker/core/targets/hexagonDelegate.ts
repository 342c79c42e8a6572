import type { DType } from '../model/dtype';
import { dtypeFix, FIX } from './fix';
import { kernelRules } from './kernelRules';
import { elementCount, inputOf, nameOption, numberOption, presentInputs } from './operands';
import type { Rule, Target } from './target';

const SOURCE = 'google-ai-edge/LiteRT f674577, tflite/delegates/hexagon/utils.cc';

const rules = kernelRules(SOURCE, "The operator stays on TFLite's own kernel.", 'fallback');

const BITS8: readonly DType[] = ['uint8', 'int8'];
const INT32: readonly DType[] = ['int32'];

/** As many operands as there are lists, each of one of the types; absent ones pass. */
const operands = (...types: readonly (readonly DType[])[]): readonly Rule[] => [
  rules.operandCount(types.length),
  ...types.map((own, position) => rules.optional(position, ...own)),
];

const plainActivation = rules.activation('NONE', 'RELU', 'RELU6', 'RELU_N1_TO_1');
const noActivation = rules.activation('NONE');

const stride = (most: number): Rule =>
  rules.custom(`strides are at most ${most}`, (context) => {
    const [w, h] = [numberOption(context, 'stride_w', 1), numberOption(context, 'stride_h', 1)];
    return w <= most && h <= most ? null : { seen: `stride ${w} x ${h}`, fix: FIX.smallerStride };
  });

const noDilation = rules.custom('no dilation', (context) => {
  const [w, h] = [numberOption(context, 'dilation_w_factor', 1), numberOption(context, 'dilation_h_factor', 1)];
  return w === 1 && h === 1 ? null : { seen: `dilation ${w} x ${h}`, fix: FIX.noDilation };
});

const dilationWithStride1 = rules.custom('dilation only with strides of 1', (context) => {
  const [w, h] = [numberOption(context, 'dilation_w_factor', 1), numberOption(context, 'dilation_h_factor', 1)];
  const [strideW, strideH] = [numberOption(context, 'stride_w', 1), numberOption(context, 'stride_h', 1)];
  const dilated = w !== 1 || h !== 1;
  return dilated && (strideW !== 1 || strideH !== 1) ? { seen: `dilation ${w} x ${h}, stride ${strideW} x ${strideH}` } : null;
});

const depthMultiplier = rules.custom('a depth multiplier of 1, or undilated with an input depth of 1', (context) => {
  const multiplier = numberOption(context, 'depth_multiplier', 1);
  if (multiplier === 1) return null;
  const [w, h] = [numberOption(context, 'dilation_w_factor', 1), numberOption(context, 'dilation_h_factor', 1)];
  const shape = inputOf(context, 0)?.shape ?? [];
  if (w === 1 && h === 1 && shape.length === 4 && shape[3] === 1) return null;
  return { seen: `multiplier ${multiplier}, depth ${shape[3] ?? 0}` };
});

const filterHeight = rules.custom('the filter is at least 2 high', (context) => {
  const shape = inputOf(context, 1)?.shape ?? [];
  return shape.length >= 2 && (shape[1] ?? 0) < 2 ? { seen: `height ${shape[1] ?? 0}` } : null;
});

const poolWindow = rules.custom('SAME padding: a window of at most 12 x 12', (context) => {
  const [w, h] = [numberOption(context, 'filter_width', 1), numberOption(context, 'filter_height', 1)];
  return nameOption(context, 'padding', 'SAME') === 'SAME' && (w >= 13 || h >= 13) ? { seen: `window ${w} x ${h}` } : null;
});

const perTensorWeights = rules.custom('weights have one scale', (context) => {
  const scales = inputOf(context, 1)?.quantization?.scales.length ?? 0;
  if ((inputOf(context, 1)?.quantization?.blockwise ?? null) !== null)
    return { seen: 'blockwise weights', fix: FIX.perTensorWeights };
  return scales > 1 ? { seen: `${scales} scales`, fix: FIX.perTensorWeights } : null;
});

const plainFullyConnected = rules.custom(
  'the output drops leading dimensions, and weights have the default format',
  (context) => {
    const format = nameOption(context, 'weights_format', 'DEFAULT');
    if (format !== 'DEFAULT') return { seen: format };
    return context.operator.options.keep_num_dims === true ? { seen: 'keep_num_dims is set' } : null;
  },
);

const all8Bit = rules.custom('inputs are uint8 or int8', (context) => {
  const odd = presentInputs(context).find(({ dtype }) => !BITS8.includes(dtype));
  return odd === undefined ? null : { seen: `${odd.name} is ${odd.dtype}`, ...dtypeFix(odd.dtype, BITS8) };
});

const resizeTo = rules.custom('the size has two elements', (context) => {
  const count = elementCount(inputOf(context, 1)?.shape ?? []);
  return count === 2 ? null : { seen: `${count} elements` };
});

const noMasks = rules.custom('no ellipsis and no new axis', (context) => {
  const odd = ['ellipsis_mask', 'new_axis_mask'].find((name) => numberOption(context, name, 0) !== 0);
  return odd === undefined ? null : { seen: `${odd} is set`, fix: FIX.plainSlice };
});

const mirror = rules.custom('mode is REFLECT or SYMMETRIC', (context) => {
  const mode = nameOption(context, 'mode', 'REFLECT');
  return mode === 'REFLECT' || mode === 'SYMMETRIC' ? null : { seen: mode };
});

const reshapeOperands = rules.custom('at most two operands', ({ operator: { inputs } }) =>
  inputs.length <= 2 ? null : { seen: `${inputs.length} operands` },
);

const transposed = rules.custom('three or four operands', ({ operator: { inputs } }) =>
  inputs.length === 3 || inputs.length === 4 ? null : { seen: `${inputs.length} operands` },
);

const upTo = (most: number): Rule => rules.versions(1, most);
const exactly = (version: number): Rule => rules.versions(version, version);

const convolution = [upTo(3), ...operands(BITS8, BITS8, INT32), plainActivation, stride(3)];
const arithmetic = [upTo(2), ...operands(BITS8, BITS8), plainActivation];
const unary = (version: Rule): readonly Rule[] => [version, ...operands(BITS8)];
const withParameter = (version: Rule): readonly Rule[] => [version, ...operands(BITS8, INT32)];
const blocks = unary(upTo(2));

const OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ['ADD', arithmetic],
  ['ARG_MAX', withParameter(upTo(2))],
  ['ARG_MIN', withParameter(upTo(2))],
  ['AVERAGE_POOL_2D', [...unary(upTo(2)), noActivation]],
  ['CONCATENATION', [upTo(2), all8Bit]],
  ['CONV_2D', [...convolution, noDilation]],
  ['DEPTHWISE_CONV_2D', [...convolution, dilationWithStride1, depthMultiplier, filterHeight]],
  ['DEPTH_TO_SPACE', blocks],
  [
    'FULLY_CONNECTED',
    [upTo(4), ...operands(BITS8, BITS8, INT32), perTensorWeights, rules.constant(2), plainActivation, plainFullyConnected],
  ],
  ['HARD_SWISH', unary(exactly(1))],
  ['L2_NORMALIZATION', [...unary(upTo(2)), noActivation]],
  ['LOGISTIC', unary(upTo(2))],
  ['MAXIMUM', [upTo(2), ...operands(BITS8, BITS8)]],
  ['MAX_POOL_2D', [...unary(upTo(2)), poolWindow, noActivation]],
  ['MEAN', [...withParameter(upTo(2)), rules.constant(1)]],
  ['MINIMUM', [upTo(2), ...operands(BITS8, BITS8)]],
  ['MIRROR_PAD', [...withParameter(upTo(2)), rules.constant(1), mirror]],
  ['MUL', arithmetic],
  ['NEG', unary(exactly(1))],
  ['PACK', [upTo(2), all8Bit]],
  ['PAD', [...withParameter(upTo(2)), rules.constant(1)]],
  ['QUANTIZE', unary(upTo(2))],
  ['RELU', unary(exactly(2))],
  ['RELU6', unary(upTo(2))],
  ['RESHAPE', [exactly(1), reshapeOperands, rules.input(0, ...BITS8)]],
  ['RESIZE_BILINEAR', [...withParameter(upTo(3)), rules.constant(1), resizeTo]],
  ['RESIZE_NEAREST_NEIGHBOR', [...withParameter(upTo(3)), rules.constant(1)]],
  ['RSQRT', [exactly(2), ...operands(['int8'])]],
  ['SLICE', [upTo(2), ...operands(BITS8, ['int32', 'int64'], ['int32', 'int64']), rules.constant(1, 2)]],
  ['SOFTMAX', unary(upTo(2))],
  ['SPACE_TO_DEPTH', blocks],
  ['SPLIT', [upTo(2), ...operands(INT32, BITS8), rules.constant(0)]],
  ['SQUARED_DIFFERENCE', [exactly(2), ...operands(['int8'], ['int8'])]],
  ['STRIDED_SLICE', [upTo(2), ...operands(BITS8, INT32, INT32, INT32), rules.constant(1, 2, 3), noMasks]],
  ['SUB', arithmetic],
  ['TANH', unary(upTo(2))],
  ['TRANSPOSE', withParameter(upTo(2))],
  [
    'TRANSPOSE_CONV',
    [upTo(3), transposed, ...[INT32, BITS8, BITS8, INT32].map((own, position) => rules.optional(position, ...own)), stride(3)],
  ],
]);

const known = rules.known(new Set(OPERATORS.keys()));
const fourDimensions = rules.ranksUpTo(4);

export const hexagonDelegate: Target = {
  name: 'hexagon-delegate',
  label: 'Hexagon delegate',
  version: 'LiteRT f674577',
  source: SOURCE,
  modelRules: [],
  execution: { kind: 'partitions', most: 4, least: 2, source: 'google-ai-edge/LiteRT f674577, hexagon_delegate.cc (defaults)' },
  boundary: ({ dtype }) =>
    dtype === 'int8'
      ? { op: 'CAST', source: 'google-ai-edge/LiteRT f674577, hexagon/builders/op_builder.cc (int8 to uint8)' }
      : null,
  notes: ['For DSPs of older Snapdragon chips, and no longer developed. 8-bit operators only, no LSTM.'],
  rulesFor: ({ operator }) => [known, fourDimensions, ...(OPERATORS.get(operator.name) ?? [])],
};
