import { toIndices } from '../run/arrays';
import type { Kernel, KernelPreparer } from './operatorContext';
import { gatherStrided, resolveAxis, rowMajorStrides } from './strided';

/** TRANSPOSE: axis k of the result is axis permutation[k] of the input. */
const prepareTranspose: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    const rank = input.shape.length;
    const order = toIndices(context.required(operands, 1)).map((axis) => resolveAxis(context, axis, rank));
    if (order.length !== rank || new Set(order).size !== rank) throw context.malformed('PERMUTATION', `axes ${order.join(', ')} of ${rank}`); // prettier-ignore
    const strides = rowMajorStrides(input.shape);
    const shape = order.map((axis) => input.shape[axis] ?? 1);
    return [gatherStrided(context, input, shape, 0, order.map((axis) => strides[axis] ?? 0))]; // prettier-ignore
  };
};

/** REVERSE_V2: the axes of operand 1 run backwards. */
const prepareReverse: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    const axes = toIndices(context.required(operands, 1));
    const reversed = new Set(axes.map((axis) => resolveAxis(context, axis, input.shape.length)));
    const strides = rowMajorStrides(input.shape);
    let start = 0;
    for (const axis of reversed) start += ((input.shape[axis] ?? 1) - 1) * (strides[axis] ?? 0);
    const backwards = strides.map((stride, axis) => (reversed.has(axis) ? -stride : stride));
    return [gatherStrided(context, input, input.shape, start, backwards)];
  };
};

/** Operators that put values into another order. */
export const REORDER_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  TRANSPOSE: prepareTranspose,
  REVERSE_V2: prepareReverse,
};
