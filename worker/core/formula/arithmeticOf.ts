import { constantValues } from '../model/constants';
import type { Tensor } from '../model/model';
import { quantizeMultiplier } from '../quantization/quantizeMultiplier';
import type { OperatorContext } from '../ops/operatorContext';
import { FORMULA_CHANNELS, type Arithmetic, type Rescale } from './operatorFormula';
import { scalesOfChannels, weightedOperand } from './weightedOperand';

/** Arithmetic of one kind of operator on integers; null where this operator's is none of those told of. */
type Rule = (context: OperatorContext) => Arithmetic | null;

const rescale = (factor: number): Rescale => ({ factor, ...quantizeMultiplier(factor) });
const scaleOf = (context: OperatorContext, tensor: Tensor): number => context.affine(tensor).scale;
const isTflm = ({ options }: OperatorContext): boolean => options.persona === 'tflm';

/** FULLY_CONNECTED and convolutions, with the rounding of each (see ops/fullyConnected.ts, ops/convolution.ts). */
const products: Rule = (context) => {
  const weighted = weightedOperand(context.graph, context.operator);
  const scales = weighted && scalesOfChannels(weighted);
  if (!weighted || !scales) return null;
  const { input, output, bias, depth, channels, accumulator } = weighted;
  const [x, y] = [scaleOf(context, input), scaleOf(context, output)];
  const isDense = context.operator.name === 'FULLY_CONNECTED';
  const isSame = scales.every((scale) => scale === scales[0]);
  // A single factor of a dense layer is a product in float32; those of channels are in float64.
  const inSingle = isDense ? isSame : input.dtype === 'uint8';
  const factor = (scale: number) => (inSingle ? Math.fround(x * scale) : x * scale) / y;
  return {
    kind: 'products',
    depth,
    channels,
    rescales: Array.from(isSame ? scales.subarray(0, 1) : scales.subarray(0, FORMULA_CHANNELS), (scale) =>
      rescale(factor(scale)),
    ),
    rounding: isDense && !isTflm(context) ? 'once' : accumulator === 'int64' ? 'once, 15-bit multiplier' : 'twice',
    accumulator,
    bias: bias?.data === null || bias === null ? null : codesBetween(bias),
  };
};

function codesBetween(bias: Tensor): [low: number, high: number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of constantValues(bias)) {
    low = Math.min(low, Number(value));
    high = Math.max(high, Number(value));
  }
  return low <= high ? [low + 0, high + 0] : null;
}

/** See ops/arithmetic.ts. */
const sum =
  (sign: 1 | -1): Rule =>
  (context) => {
    const [a, b, y] = [context.input(0), context.input(1), context.output()].map((tensor) => scaleOf(context, tensor));
    if (a === undefined || b === undefined || y === undefined) return null;
    const leftShift = context.output().dtype === 'int16' ? 15 : 20;
    const common = 2 * Math.max(a, b);
    return {
      kind: 'sum',
      sign,
      leftShift,
      first: rescale(a / common),
      second: rescale(b / common),
      result: rescale(common / (2 ** leftShift * y)),
    };
  };

const product: Rule = (context) => {
  const factor = Math.fround(scaleOf(context, context.input(0)) * scaleOf(context, context.input(1)));
  return { kind: 'product', rescale: rescale(Math.fround(factor / scaleOf(context, context.output()))) };
};

const betweenScales: Rule = (context) => ({
  kind: 'rescale',
  rescale: rescale(scaleOf(context, context.input(0)) / scaleOf(context, context.output())),
  below: null,
});

const leaky: Rule = (context) => {
  const [x, y] = [scaleOf(context, context.input(0)), scaleOf(context, context.output())];
  const alpha = context.numberOption('alpha');
  return alpha >= 0 ? { kind: 'rescale', rescale: rescale(x / y), below: rescale((x * alpha) / y) } : null;
};

const smooth =
  (of: 'sigmoid' | 'tanh'): Rule =>
  (context) => {
    const isWide = context.input(0).dtype === 'int16';
    return {
      kind: 'function',
      of,
      by: isWide ? 'interpolated table Q0.15' : isTflm(context) ? 'gemmlowp Q4.27' : 'float32 table',
    };
  };

const softmax: Rule = (context) => ({
  kind: 'softmax',
  beta: context.numberOption('beta'),
  depth: Math.max(1, context.input(0).shape.at(-1) ?? 1),
  by: isTflm(context) ? 'gemmlowp Q5.26' : 'float32 table',
});

const pool =
  (of: 'average' | 'maximum'): Rule =>
  (context) => ({ kind: 'pool', of, height: context.numberOption('filter_height'), width: context.numberOption('filter_width') });

const mean: Rule = (context) => ({
  kind: 'mean',
  rescale: rescale(scaleOf(context, context.input(0)) / scaleOf(context, context.output())),
});

/** Of codes to codes of the same parameters. */
const same: Rule = () => ({ kind: 'same' });

export const RULES: Readonly<Record<string, Rule>> = {
  FULLY_CONNECTED: products,
  CONV_2D: products,
  DEPTHWISE_CONV_2D: products,
  ADD: sum(1),
  SUB: sum(-1),
  MUL: product,
  QUANTIZE: (context) => (context.input(0).dtype === 'float32' ? { kind: 'quantize' } : betweenScales(context)),
  DEQUANTIZE: (context) => (context.output().dtype === 'float32' ? { kind: 'dequantize' } : null),
  RELU: betweenScales,
  RELU6: betweenScales,
  RELU_N1_TO_1: betweenScales,
  RELU_0_TO_1: betweenScales,
  LEAKY_RELU: leaky,
  LOGISTIC: smooth('sigmoid'),
  TANH: smooth('tanh'),
  SOFTMAX: softmax,
  AVERAGE_POOL_2D: pool('average'),
  MAX_POOL_2D: pool('maximum'),
  MEAN: mean,
  ...Object.fromEntries(
    ['CONCATENATION', 'PACK', 'UNPACK', 'SPLIT', 'SPLIT_V', 'SLICE', 'STRIDED_SLICE', 'GATHER', 'RESHAPE', 'SQUEEZE'].map(
      (name) => [name, same],
    ),
  ),
  ...Object.fromEntries(
    ['EXPAND_DIMS', 'TRANSPOSE', 'REVERSE_V2', 'TILE', 'BROADCAST_TO', 'PAD', 'PADV2', 'MAXIMUM', 'MINIMUM'].map((name) => [
      name,
      same,
    ]),
  ),
};
