import { elementCount, formatShape, toIndices } from '../run/arrays';
import type { Value } from '../run/value';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { resolveAxis } from './strided';

/** RESHAPE: the shape is operand 1 or, in old files, an option; one axis may be -1. */
const prepareReshape: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    const shapeOperand = operands[1] ?? null;
    const wanted = shapeOperand === null ? context.listOption('new_shape') : toIndices(shapeOperand);
    return [{ ...input, shape: resolveShape(context, input, wanted) }];
  };
};

function resolveShape(context: OperatorContext, input: Value, wanted: readonly number[]): number[] {
  const count = elementCount(input.shape);
  const known = elementCount(wanted.filter((size) => size !== -1));
  const shape = wanted.map((size) => (size === -1 ? count / known : size));
  if (elementCount(shape) !== count || !shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw context.misfit(`${formatShape(input.shape)} does not fit into ${formatShape(wanted)}, which the file fixes`);
  }
  return shape;
}

/** SQUEEZE: drops the axes of size 1 that `squeeze_dims` names, or all of them. */
const prepareSqueeze: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    const rank = input.shape.length;
    const named = new Set(context.listOption('squeeze_dims').map((axis) => resolveAxis(context, axis, rank)));
    const dropped = (size: number, axis: number) => (named.size === 0 ? size === 1 : named.has(axis));
    if (input.shape.some((size, axis) => named.has(axis) && size !== 1)) {
      throw context.misfit(`${formatShape(input.shape)} has no axis of 1 where one is to be dropped`);
    }
    return [{ ...input, shape: input.shape.filter((size, axis) => !dropped(size, axis)) }];
  };
};

/** EXPAND_DIMS: a new axis of size 1 before the one that operand 1 names. */
const prepareExpandDims: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    const axis = resolveAxis(context, toIndices(context.required(operands, 1))[0] ?? 0, input.shape.length + 1);
    return [{ ...input, shape: [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)] }];
  };
};

/** SHAPE: the axes' sizes, int32 or int64. */
const prepareShape: KernelPreparer = (context): Kernel => {
  const type = context.output().dtype === 'int64' ? 'int64' : 'int32';
  return (operands) => {
    const { shape } = context.required(operands, 0);
    const data = type === 'int64' ? BigInt64Array.from(shape, BigInt) : Int32Array.from(shape);
    return [{ dtype: type, shape: [shape.length], data }];
  };
};

/** Operators that only give values another shape; no value moves. */
export const LAYOUT_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  RESHAPE: prepareReshape,
  SQUEEZE: prepareSqueeze,
  EXPAND_DIMS: prepareExpandDims,
  SHAPE: prepareShape,
};
