import type { Dataflow } from './dataflow';
import type { InitialState } from './recognised';
import { rootOf } from './stepRoles';

/** @param tensor null where the value is 0 and left out */
export function initialState(flow: Dataflow, tensor: number | null): InitialState {
  if (tensor === null || isZero(flow, tensor)) return { kind: 'zero' };
  return { kind: 'given', tensor, root: rootOf(flow, tensor) };
}

function isZero(flow: Dataflow, tensor: number): boolean {
  const constant = flow.constant(tensor);
  if (constant === null || constant.data === null) return false;
  // The zero of an int8 tensor is its zero point.
  const zero = constant.dtype === 'int8' ? (constant.quantization?.zeroPoints[0] ?? 0) & 0xff : 0;
  return constant.data.every((byte) => byte === zero);
}
