import { ModelFormatError } from '../formats/modelFormatError';
import type { NumericArray } from '../run/value';
import type { Tensor } from './model';

interface Parameters {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * scale * (q - zeroPoint) of every value, each product rounded once to float32.
 * @param lookUp values of another tensor, by index: blockwise scales and zero points
 */
export function dequantize(tensor: Tensor, values: NumericArray, lookUp: (tensor: number) => Parameters): Float32Array {
  const { quantization } = tensor;
  const reals = new Float32Array(values.length);
  if (quantization === null) {
    for (let i = 0; i < reals.length; i++) reals[i] = Number(values[i]);
    return reals;
  }
  const { scales, zeroPoints, blockwise } = quantization;
  if (blockwise !== null) {
    const scale = lookUp(blockwise.scalesTensor);
    const zeroPoint = blockwise.zeroPointsTensor <= 0 ? null : lookUp(blockwise.zeroPointsTensor);
    const blockOf = blockIndex(tensor, scale.shape);
    for (let i = 0; i < reals.length; i++) {
      const block = blockOf(i);
      reals[i] = (scale.values[block] ?? 0) * (Number(values[i]) - (zeroPoint?.values[block] ?? 0));
    }
    return reals;
  }
  if (scales.length === 1) {
    const scale = scales[0] ?? 0;
    const zeroPoint = zeroPoints[0] ?? 0;
    for (let i = 0; i < reals.length; i++) reals[i] = scale * (Number(values[i]) - zeroPoint);
    return reals;
  }
  const axis = channelAxis(tensor);
  const channels = tensor.shape[axis] ?? 1;
  const inner = tensor.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  for (let i = 0; i < reals.length; i++) {
    const channel = Math.floor(i / inner) % channels;
    reals[i] = (scales[channel] ?? 0) * (Number(values[i]) - (zeroPoints[channel] ?? 0));
  }
  return reals;
}

/**
 * Axis that per-channel parameters run along. Some writers store another axis than they mean, and runtimes do not look at it:
 * where the stored one does not fit, the only axis with as many entries is taken.
 */
export function channelAxis(tensor: Tensor): number {
  const { axis = 0, scales } = tensor.quantization ?? { scales: new Float32Array(0) };
  if (tensor.shape[axis] === scales.length) return axis;
  const fitting = tensor.shape.flatMap((size, i) => (size === scales.length ? [i] : []));
  const [only] = fitting;
  if (fitting.length === 1 && only !== undefined) return only;
  throw new ModelFormatError(
    'SCALES_DO_NOT_FIT',
    `Tensor ${tensor.index}, ${tensor.name}, has ${scales.length} scales along axis ${axis} of [${tensor.shape.join(', ')}].`,
    null,
    'one scale, or one per index of an axis',
  );
}

/** Position in a smaller array of `blocks` for a flat index; each axis is divided into equal blocks. */
function blockIndex(tensor: Tensor, blocks: readonly number[]): (index: number) => number {
  const fits =
    blocks.length === tensor.shape.length && blocks.every((count, i) => count > 0 && (tensor.shape[i] ?? 0) % count === 0);
  if (!fits) {
    const message = `Tensor ${tensor.index}, ${tensor.name}, has scales of shape [${blocks.join(', ')}] for [${tensor.shape.join(', ')}].`;
    throw new ModelFormatError('SCALES_DO_NOT_FIT', message, null, 'a whole number of blocks on every axis');
  }
  const sizes = blocks.map((count, i) => (tensor.shape[i] ?? 0) / count);
  return (index) => {
    let rest = index;
    let block = 0;
    let stride = 1;
    for (let axis = blocks.length - 1; axis >= 0; axis--) {
      const size = tensor.shape[axis] ?? 1;
      block += Math.floor((rest % size) / (sizes[axis] ?? 1)) * stride;
      stride *= blocks[axis] ?? 1;
      rest = Math.floor(rest / size);
    }
    return block;
  };
}
