import { formatShape, toIndices } from '../run/arrays';
import type { Value } from '../run/value';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { gatherStrided, resolveAxis, rowMajorStrides } from './strided';

/** The part of a value that starts at `begin` with the given sizes. */
function block(context: OperatorContext, input: Value, begin: readonly number[], size: readonly number[]): Value {
  const strides = rowMajorStrides(input.shape);
  const outside = size.some((length, axis) => {
    const first = begin[axis] ?? 0;
    return first < 0 || length < 0 || first + length > (input.shape[axis] ?? 0);
  });
  if (outside || size.length !== input.shape.length) {
    throw context.misfit(`${formatShape(size)} from ${formatShape(begin)} on is outside of ${formatShape(input.shape)}`);
  }
  const start = begin.reduce((sum, first, axis) => sum + first * (strides[axis] ?? 0), 0);
  return gatherStrided(context, input, size, start, strides);
}

/** SLICE: operand 1 begins, operand 2 sizes; size -1 is up to the end. */
const prepareSlice: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    const begin = toIndices(context.required(operands, 1));
    const size = toIndices(context.required(operands, 2)).map((length, axis) =>
      length === -1 ? (input.shape[axis] ?? 0) - (begin[axis] ?? 0) : length,
    );
    return [block(context, input, begin, size)];
  };
};

/** SPLIT (operand 0 axis, operand 1 value): `num_splits` equal parts. */
const prepareSplit: KernelPreparer = (context): Kernel => {
  const count = context.operator.outputs.length;
  return (operands) => {
    const input = context.required(operands, 1);
    const axis = resolveAxis(context, toIndices(context.required(operands, 0))[0] ?? 0, input.shape.length);
    const length = (input.shape[axis] ?? 0) / count;
    if (!Number.isInteger(length))
      throw context.misfit(`axis ${axis} of ${formatShape(input.shape)} does not divide by ${count}`);
    return splitAt(context, input, axis, new Array<number>(count).fill(length));
  };
};

/** SPLIT_V (operand 0 value, 1 sizes, 2 axis); one size may be -1. */
const prepareSplitV: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const input = context.required(operands, 0);
    const axis = resolveAxis(context, toIndices(context.required(operands, 2))[0] ?? 0, input.shape.length);
    const wanted = toIndices(context.required(operands, 1));
    const rest = (input.shape[axis] ?? 0) - wanted.reduce((sum, size) => sum + Math.max(size, 0), 0);
    return splitAt(context, input, axis, wanted.map((size) => (size < 0 ? rest : size))); // prettier-ignore
  };
};

function splitAt(context: OperatorContext, input: Value, axis: number, lengths: readonly number[]): Value[] {
  let first = 0;
  return lengths.map((length) => {
    const begin = input.shape.map((_, index) => (index === axis ? first : 0));
    const size = input.shape.map((whole, index) => (index === axis ? length : whole));
    first += length;
    return block(context, input, begin, size);
  });
}

/** UNPACK: every index of an axis as an output without that axis. */
const prepareUnpack: KernelPreparer = (context): Kernel => {
  const wantedAxis = context.numberOption('axis');
  return (operands) => {
    const input = context.required(operands, 0);
    const axis = resolveAxis(context, wantedAxis, input.shape.length);
    const count = input.shape[axis] ?? 0;
    if (count !== context.operator.outputs.length) {
      throw context.misfit(
        `axis ${axis} of ${formatShape(input.shape)} gives ${count} outputs; the file has ${context.operator.outputs.length}`,
      );
    }
    return splitAt(context, input, axis, new Array<number>(count).fill(1)).map((part) => ({
      ...part,
      shape: part.shape.filter((_, index) => index !== axis),
    }));
  };
};

/** STRIDED_SLICE: begin, end and stride per axis, with NumPy's meaning of negative and missing bounds. */
const prepareStridedSlice: KernelPreparer = (context): Kernel => {
  if (context.numberOption('ellipsis_mask') !== 0 || context.numberOption('new_axis_mask') !== 0) {
    throw context.unsupported('ellipsis and new axes are not computed');
  }
  const masked = (name: string, axis: number) => ((context.numberOption(name) >> axis) & 1) !== 0;
  return (operands) => {
    const input = context.required(operands, 0);
    const [begin = [], end = [], stride = []] = [1, 2, 3].map((position) => toIndices(context.required(operands, position)));
    const inputStrides = rowMajorStrides(input.shape);
    let start = 0;
    const shape: number[] = [];
    const strides: number[] = [];
    input.shape.forEach((size, axis) => {
      const step = stride[axis] ?? 1;
      if (step === 0) throw context.malformed('STRIDE', 'a stride is 0');
      const shrunk = masked('shrink_axis_mask', axis);
      const first = masked('begin_mask', axis) && !shrunk ? (step > 0 ? 0 : size - 1) : bound(begin[axis] ?? 0, size, step);
      const open = masked('end_mask', axis) || axis >= end.length;
      const last = open ? (step > 0 ? size : -1) : bound(end[axis] ?? size, size, step);
      const count = shrunk ? 1 : Math.max(0, Math.ceil((last - first) / step));
      if (shrunk && first >= size) throw context.misfit(`index ${begin[axis] ?? 0} is outside of ${formatShape(input.shape)}`);
      start += first * (inputStrides[axis] ?? 0);
      if (!shrunk) {
        shape.push(count);
        strides.push(step * (inputStrides[axis] ?? 0));
      }
    });
    return [gatherStrided(context, input, shape, start, strides)];
  };
};

/** A bound as an index, clamped to where iteration can start or stop. */
function bound(index: number, size: number, step: number): number {
  const positive = index < 0 ? index + size : index;
  return step > 0 ? Math.min(Math.max(positive, 0), size) : Math.min(Math.max(positive, -1), size - 1);
}

/** GATHER: slices of an axis by index (operand 1), which may have any shape. */
const prepareGather: KernelPreparer = (context): Kernel => {
  if (context.numberOption('batch_dims') !== 0) throw context.unsupported('batch_dims is not computed');
  const wantedAxis = context.numberOption('axis');
  return (operands) => {
    const input = context.required(operands, 0);
    const indices = context.required(operands, 1);
    const axis = resolveAxis(context, wantedAxis, input.shape.length);
    const size = input.shape[axis] ?? 0;
    const inner = rowMajorStrides(input.shape)[axis] ?? 1;
    const outer = size * inner === 0 ? 0 : input.data.length / (size * inner);
    const wanted = toIndices(indices);
    const outside = wanted.find((index) => index < 0 || index >= size);
    if (outside !== undefined) throw context.misfit(`index ${outside} is outside of 0..${size - 1}`);
    const data = input.data.slice(0, 0);
    const parts = [];
    for (let row = 0; row < outer; row++) {
      for (const index of wanted) parts.push(input.data.subarray((row * size + index) * inner, (row * size + index + 1) * inner));
    }
    const shape = [...input.shape.slice(0, axis), ...indices.shape, ...input.shape.slice(axis + 1)];
    return [{ dtype: input.dtype, shape, data: joinArrays(data, parts) }];
  };
};

/** Parts one after the other, in an array of the type of `empty`. */
export function joinArrays(empty: Value['data'], parts: readonly Value['data'][]): Value['data'] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const Constructor = empty.constructor as new (length: number) => Value['data'];
  const joined = new Constructor(length);
  let position = 0;
  for (const part of parts) {
    (joined as Float32Array).set(part as Float32Array, position);
    position += part.length;
  }
  return joined;
}

/** Operators that take parts of a value. */
export const SLICING_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  SLICE: prepareSlice,
  SPLIT: prepareSplit,
  SPLIT_V: prepareSplitV,
  UNPACK: prepareUnpack,
  STRIDED_SLICE: prepareStridedSlice,
  GATHER: prepareGather,
};
