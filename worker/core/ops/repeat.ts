import { toIndices } from '../run/arrays';
import type { Value } from '../run/value';
import { broadcast } from './broadcast';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { gatherStrided, newLike, rowMajorStrides } from './strided';

/** TILE: the whole value repeated along each axis. */
const prepareTile: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    const repeats = toIndices(context.required(operands, 1));
    if (repeats.length !== input.shape.length || repeats.some((count) => count < 0)) {
      throw context.malformed('MULTIPLES', `repeats ${repeats.join(', ')} of ${input.shape.length} axes`);
    }
    // Every axis as two, [repeat, size], the repeats without stride.
    const strides = rowMajorStrides(input.shape);
    const doubled = input.shape.flatMap((size, axis) => [repeats[axis] ?? 1, size]);
    const tiled = gatherStrided(context, input, doubled, 0, strides.flatMap((stride) => [0, stride])); // prettier-ignore
    return [{ ...tiled, shape: input.shape.map((size, axis) => size * (repeats[axis] ?? 1)) }];
  };
};

/** BROADCAST_TO: axes of 1 repeated until the value has the shape of operand 1. */
const prepareBroadcastTo: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    return [repeatTo(context, input, toIndices(context.required(operands, 1)))];
  };
};

function repeatTo(context: OperatorContext, input: Value, shape: readonly number[]): Value {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = newLike(context, input, count);
  broadcast(context, input.shape, shape).forEach((source, _, target) => (data[target] = input.data[source] ?? 0));
  return { dtype: input.dtype, shape, data };
}

/** FILL: operand 1, one value, in the shape of operand 0. */
const prepareFill: KernelPreparer = (context): Kernel => {
  return (operands) => [repeatTo(context, context.required(operands, 1), toIndices(context.required(operands, 0)))];
};

export const REPEAT_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  TILE: prepareTile,
  BROADCAST_TO: prepareBroadcastTo,
  FILL: prepareFill,
};
