import { BITS_PER_ELEMENT } from '../../model/dtype';
import type { Tensor } from '../../model/model';
import { FIX } from '../fix';
import { elementCount, isConstant, shapeText, sizeFromEnd } from '../operands';
import type { OperatorContext, Rule } from '../target';
import { biasOf, ifmOf, ofmOf, weightsOf } from './roles';
import { supported } from './velaRule';

export const eightBitWeights = supported('Weight tensors must be 8-bit precision.', (context) => {
  const weights = weightsOf(context);
  if (weights === null || BITS_PER_ELEMENT[weights.dtype] === 8) return null;
  return { seen: `weights are ${weights.dtype}` };
});

/** @param limit8 largest sum of |w - zero point| over one output channel for 8-bit inputs; `limit16` for wider ones */
export function weightSum(limit8: number, limit16: number): Rule {
  return supported(`The sum of absolute weights cannot exceed ${limit8} (8-bit IFM) or ${limit16} (16-bit IFM).`, (context) => {
    const weights = weightsOf(context);
    const ifm = ifmOf(context);
    if (weights === null || ifm === null || !isConstant(weights) || BITS_PER_ELEMENT[weights.dtype] !== 8) return null;
    const limit = BITS_PER_ELEMENT[ifm.dtype] === 8 ? limit8 : limit16;
    const sum = largestChannelSum(weights, context.operator.name === 'DEPTHWISE_CONV_2D', limit);
    return sum > limit ? { seen: `one channel's weights add up to ${sum}` } : null;
  });
}

function largestChannelSum(weights: Tensor, depthwise: boolean, limit: number): number {
  const elements = elementCount(weights.shape);
  const channels = depthwise ? sizeFromEnd(weights.shape, -1) : (weights.shape[0] ?? 1);
  const perChannel = elements / Math.max(1, channels);
  // No channel can reach the limit: 255 is the largest possible |w - zero point|.
  if (weights.data === null || !(255 * perChannel >= limit)) return 0;
  // Sparse weights store fewer than their shape says.
  const stored = Math.min(elements, weights.data.byteLength);
  const codes = weights.dtype === 'uint8' ? weights.data : new Int8Array(weights.data.buffer, weights.data.byteOffset, stored);
  const zeroPoints = weights.quantization?.zeroPoints ?? new Float64Array(1);
  let largest = 0;
  for (let channel = 0; channel < channels; channel++) {
    const zeroPoint = zeroPoints[zeroPoints.length > 1 ? channel : 0] ?? 0;
    let sum = 0;
    for (let i = 0; i < perChannel; i++) {
      const at = depthwise ? i * channels + channel : channel * perChannel + i;
      sum += Math.abs((codes[at] ?? 0) - zeroPoint);
    }
    largest = Math.max(largest, sum);
  }
  return largest;
}

export const biasAlongChannels = supported('Bias values must be stored in the channel axis.', (context) => {
  const bias = biasOf(context);
  if (bias === null || elementCount(bias.shape) <= sizeFromEnd(bias.shape, -1)) return null;
  return { seen: `bias has shape ${shapeText(bias.shape)}` };
});

export const constantBias = supported('Bias tensors must be constant.', (context) => {
  const bias = biasOf(context);
  return bias === null || isConstant(bias) ? null : { seen: 'bias is computed at run time', fix: FIX.constantWeights };
});

export const biasType = supported('Bias tensors precision must be Int32 or Int64.', (context) => {
  const bias = biasOf(context);
  return bias === null || bias.dtype === 'int32' || bias.dtype === 'int64' ? null : { seen: `bias is ${bias.dtype}` };
});

export function biasRange(bits: 40 | 48): Rule {
  const limit = 2n ** BigInt(bits) - 1n;
  return supported(`Int64 bias must be smaller than ${limit}.`, (context) => {
    const bias = biasOf(context);
    if (bias?.dtype !== 'int64' || bias.data === null) return null;
    const view = new DataView(bias.data.buffer, bias.data.byteOffset, bias.data.byteLength);
    for (let at = 0; at + 8 <= view.byteLength; at += 8) {
      const value = view.getBigInt64(at, true);
      if (value > limit) return { seen: `bias holds ${value}` };
    }
    return null;
  });
}

export const fullyConnectedWeightShape = supported('FullyConnected weights must be on the form O,1,1,..,1,I.', (context) => {
  const weights = weightsOf(context);
  if (weights === null) return { seen: 'no weights' };
  const { shape } = weights;
  const flat = shape.length >= 2 && elementCount(shape) === (shape[0] ?? 0) * sizeFromEnd(shape, -1);
  return flat ? null : { seen: `weights have shape ${shapeText(shape)}` };
});

/** A matrix product of two computed operands: BATCH_MATMUL, or FULLY_CONNECTED whose weights are computed. */
function isMatmul(context: OperatorContext): boolean {
  if (context.operator.name === 'BATCH_MATMUL') return true;
  const weights = weightsOf(context);
  return weights !== null && !isConstant(weights);
}

export const matmulInputType = supported('IF Matmul or (FC with dynamic weights): IFM precision must be Int8.', (context) => {
  const ifm = ifmOf(context);
  return isMatmul(context) && ifm !== null && ifm.dtype !== 'int8' ? { seen: `IFM is ${ifm.dtype}` } : null;
});

export const matmulOutputDepth = supported(
  'IF Matmul or (FC with dynamic weights): OFM depth must be less than or equal to 2^16.',
  (context) => {
    const depth = sizeFromEnd(ofmOf(context)?.shape ?? [], -1);
    return isMatmul(context) && depth > 65536 ? { seen: `OFM depth ${depth}` } : null;
  },
);

export const matmulReducedAxis = supported(
  'IF Matmul or (FC with dynamic weights): Reduced axis must be less than or equal to 2^16.',
  (context) => {
    const axis = context.operator.options['adj_x'] === true ? -2 : -1;
    const depth = sizeFromEnd(ifmOf(context)?.shape ?? [], axis);
    return isMatmul(context) && depth > 65536 ? { seen: `reduced axis has ${depth} elements` } : null;
  },
);
