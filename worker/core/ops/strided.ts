import { allocate, elementCount } from '../run/arrays';
import type { NumericArray, Value } from '../run/value';
import type { OperatorContext } from './operatorContext';

/** Elements to the next index of each axis of a row-major array. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/**
 * A copy of a value under another shape: element [i0, i1, ...] of the result is source[start + i0*strides[0] + ...].
 * Strides may be negative (reversal), 0 (repetition) or in another order (transposition).
 */
export function gatherStrided(
  context: OperatorContext,
  source: Value,
  shape: readonly number[],
  start: number,
  strides: readonly number[],
): Value {
  const data = newLike(context, source, elementCount(shape));
  copyStrided(source.data, data, shape, start, strides);
  return { dtype: source.dtype, shape, data };
}

/** Fills `to`, whose length is the product of `shape`; see `gatherStrided`. */
export function copyStrided(
  from: NumericArray,
  to: NumericArray,
  shape: readonly number[],
  start: number,
  strides: readonly number[],
): void {
  const index = shape.map(() => 0);
  let position = start;
  for (let target = 0; target < to.length; target++) {
    to[target] = from[position] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      position += strides[axis] ?? 0;
      index[axis] = next;
      if (next < (shape[axis] ?? 1)) break;
      position -= next * (strides[axis] ?? 0);
      index[axis] = 0;
    }
  }
}

/** Zeroes of a value's type. */
export function newLike(context: OperatorContext, source: Value, length: number): NumericArray {
  const data = allocate(source.dtype, length);
  if (data === null) throw context.unsupported(`${source.dtype} is not computed`);
  return data;
}

/** An axis counted from the front; -1 is the last one. */
export function resolveAxis(context: OperatorContext, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(resolved) || resolved < 0 || resolved >= Math.max(rank, 1)) {
    throw context.malformed('AXIS_OUT_OF_RANGE', `axis ${axis} of ${rank}`);
  }
  return resolved;
}
