import { elementCount, formatShape } from '../run/arrays';
import type { OperatorContext } from './operatorContext';

/** How two operands of different shapes meet element by element: sizes of 1 (and missing leading axes) are repeated. */
export interface Broadcast {
  readonly shape: readonly number[];
  /** Calls back with the positions of both operands for every element of the result, in row-major order. */
  readonly forEach: (visit: (left: number, right: number, target: number) => void) => void;
}

/** @throws InputShapeError when an axis differs and neither side is 1 */
export function broadcast(context: OperatorContext, left: readonly number[], right: readonly number[]): Broadcast {
  const rank = Math.max(left.length, right.length);
  const a = padTo(left, rank);
  const b = padTo(right, rank);
  const shape = a.map((size, axis) => {
    const other = b[axis] ?? 1;
    if (size !== other && size !== 1 && other !== 1) {
      throw context.misfit(`${formatShape(left)} and ${formatShape(right)} do not match`);
    }
    return size === 1 ? other : size;
  });
  const count = elementCount(shape);
  const same = elementCount(left) === count && elementCount(right) === count;
  return { shape, forEach: same ? visitAligned(count) : visitStrided(shape, stridesOf(a), stridesOf(b)) };
}

function padTo(shape: readonly number[], rank: number): number[] {
  return [...new Array<number>(rank - shape.length).fill(1), ...shape];
}

/** Elements to the next index of each axis; 0 where the axis is repeated. */
function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    strides[axis] = size === 1 ? 0 : step;
    step *= size;
  }
  return strides;
}

function visitAligned(count: number): Broadcast['forEach'] {
  return (visit) => {
    for (let i = 0; i < count; i++) visit(i, i, i);
  };
}

function visitStrided(shape: readonly number[], left: readonly number[], right: readonly number[]): Broadcast['forEach'] {
  return (visit) => {
    const index = shape.map(() => 0);
    const count = elementCount(shape);
    let a = 0;
    let b = 0;
    for (let target = 0; target < count; target++) {
      visit(a, b, target);
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const next = (index[axis] ?? 0) + 1;
        a += left[axis] ?? 0;
        b += right[axis] ?? 0;
        index[axis] = next;
        if (next < (shape[axis] ?? 1)) break;
        a -= next * (left[axis] ?? 0);
        b -= next * (right[axis] ?? 0);
        index[axis] = 0;
      }
    }
  };
}
