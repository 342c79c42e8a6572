import { INTEGER_RAILS } from '../model/dtype';
import type { Tensor } from '../model/model';
import type { QuantizationInfo, TensorInfo } from './overview';

/** A tensor as overviews and tables show it. */
export function tensorInfo(tensor: Tensor, subgraph: number): TensorInfo {
  return {
    subgraph,
    index: tensor.index,
    name: tensor.name,
    shape: openShape(tensor),
    dtype: tensor.dtype,
    isVariable: tensor.isVariable,
    constantBytes: tensor.data?.length ?? 0,
    quantization: quantizationInfo(tensor),
  };
}

/** The static shape with -1 on dynamic axes. */
export function openShape(tensor: Tensor): number[] {
  return tensor.shape.map((size, axis) => (tensor.shapeSignature[axis] === -1 ? -1 : size));
}

/** Affine parameters of an integer tensor; null where it has none, or where its values are floats anyway. */
export function quantizationInfo({ dtype, quantization }: Tensor): QuantizationInfo | null {
  if (quantization === null || dtype.startsWith('float') || dtype === 'bfloat16') return null;
  const scales = Array.from(quantization.scales);
  const zeroPoints = Array.from(quantization.zeroPoints);
  const rails = INTEGER_RAILS[dtype];
  const [scale, zeroPoint] = [scales[0], zeroPoints[0]];
  const one = rails !== undefined && scales.length === 1 && scale !== undefined && zeroPoint !== undefined;
  return {
    scales,
    zeroPoints,
    axis: quantization.axis,
    range: one ? [Math.fround(scale * (rails[0] - zeroPoint)), Math.fround(scale * (rails[1] - zeroPoint))] : null,
    ...(quantization.blockwise === null ? {} : { blockSize: quantization.blockwise.blockSize }),
  };
}
