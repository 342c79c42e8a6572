import { INTEGER_RAILS } from '../model/dtype';
import type { Tensor } from '../model/model';
import { dequantizeAll, quantizeAllRoundHalfAway, type AffineParameters, type IntegerArray } from '../quantization/affine';
import { allocate } from './arrays';
import type { Path } from './graphRunner';
import { isQuantized, runtimeDtype } from './runtimeDtype';
import type { Value } from './value';

/** The one scale and zero point that a tensor's codes have on a path; null where it holds reals or plain integers there. */
export function gridOf(tensor: Tensor | undefined, path: Path): AffineParameters | null {
  if (tensor === undefined || !isQuantized(tensor) || tensor.quantization?.scales.length !== 1) return null;
  const dtype = runtimeDtype(tensor, path);
  if (dtype === 'float32' || INTEGER_RAILS[dtype] === undefined) return null;
  const [scale = 1] = tensor.quantization.scales;
  return { scale, zeroPoint: tensor.quantization.zeroPoints[0] ?? 0 };
}

/**
 * Reals as codes of the tensor's grid, rounded half away from zero and clamped; codes as they are. Integers whose scale is computed in a
 * run are unrounded codes on the float path, which are rounded and clamped.
 */
export function toCodes(tensor: Tensor | undefined, value: Value, path: Path): Value {
  const grid = gridOf(tensor, path) ?? (path !== 'float' && isPlainInteger(tensor) ? { scale: 1, zeroPoint: 0 } : null);
  if (tensor === undefined || grid === null || value.dtype !== 'float32') return value;
  const codes = allocate(tensor.dtype, value.data.length) as IntegerArray | null;
  if (codes === null) return value;
  return { ...value, dtype: tensor.dtype, data: quantizeAllRoundHalfAway(value.data as Float32Array, grid, codes) };
}

/** Codes of the tensor's grid as reals; reals and plain integers as they are. */
export function toReal(tensor: Tensor | undefined, value: Value, path: Path): Value {
  const grid = gridOf(tensor, path);
  if (grid === null || value.dtype === 'float32') return value;
  return { ...value, dtype: 'float32', data: dequantizeAll(value.data as ArrayLike<number>, grid) };
}

function isPlainInteger(tensor: Tensor | undefined): boolean {
  return tensor !== undefined && !isQuantized(tensor) && INTEGER_RAILS[tensor.dtype] !== undefined;
}

/** Of the same type and every number equal. */
export function sameValues(a: Value | null, b: Value | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.dtype !== b.dtype || a.data.length !== b.data.length) return false;
  for (let i = 0; i < a.data.length; i++) if (a.data[i] !== b.data[i]) return false;
  return true;
}
