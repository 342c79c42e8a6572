import { type DType, INTEGER_RAILS } from '../model/dtype';
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
  const scales = listed(quantization.scales);
  const zeroPoints = listed(quantization.zeroPoints);
  return {
    scales,
    zeroPoints,
    axis: quantization.axis,
    range: scales.length === 1 ? realRange(dtype, scales[0] ?? 0, zeroPoints[0] ?? 0) : null,
    ...(quantization.blockwise === null ? {} : { blockSize: quantization.blockwise.blockSize }),
  };
}

/** Reals of the lowest and highest code; null for types without rails, and where a damaged scale takes them out of float32. */
function realRange(dtype: DType, scale: number, zeroPoint: number): QuantizationInfo['range'] {
  const rails = INTEGER_RAILS[dtype];
  if (rails === undefined) return null;
  // Adding 0 makes 0 of -0.
  const [low, high] = rails.map((code) => Math.fround(scale * (code - zeroPoint)) + 0);
  return low !== undefined && high !== undefined && Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null;
}

/** `Array.from`, which takes several times as long for many short arrays. */
function listed(values: Float32Array | Float64Array): number[] {
  const list = new Array<number>(values.length);
  for (let i = 0; i < values.length; i++) list[i] = values[i] ?? 0;
  return list;
}
