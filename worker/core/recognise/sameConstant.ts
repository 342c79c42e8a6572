import type { Tensor } from '../model/model';
import type { Product } from './affineSum';

/** Whether two products take the same columns of the same weights, stored once or twice. */
export function sameWeights(a: Product | null, b: Product | null): boolean {
  return a !== null && b !== null && a.from === b.from && a.count === b.count && sameConstant(a.weights, b.weights);
}

/** Whether two products take the same columns of one stored matrix. */
export function sharedWeights(a: Product | null, b: Product | null): boolean {
  return a !== null && b !== null && a.from === b.from && a.count === b.count && isOneView(a.weights, b.weights);
}

export function sameConstant(a: Tensor, b: Tensor): boolean {
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  if (a.quantization?.scales.join() !== b.quantization?.scales.join()) return false;
  const [left, right] = [a.data, b.data];
  if (left === null || right === null) return false;
  return isOneView(a, b) || (left.length === right.length && left.every((byte, i) => byte === right[i]));
}

function isOneView({ data: a }: Tensor, { data: b }: Tensor): boolean {
  return a !== null && b !== null && a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;
}
