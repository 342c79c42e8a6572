import type { NodeContext, NodeConverter } from '../nodeContext';

/** A reshape of a reshape is one of the first value; one to the shape it has is none. */
function reshaped(context: NodeContext, shape: readonly number[]): void {
  const { builder, node } = context;
  let from = context.input(0);
  const before = builder.writer(from);
  if (before?.name === 'RESHAPE') from = before.inputs[0] ?? from;
  if (sameShape(builder.shape(from), shape)) {
    context.alias(from);
    return;
  }
  context.emit('RESHAPE', [from, builder.integers(`${node.name}/shape`, shape)], shape, { new_shape: [...shape] });
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

const reshape: NodeConverter = (context) => {
  const wanted = context.integers(1, 'shape');
  const count = elements(context.shape(0));
  const rest = elements(wanted.filter((size) => size !== -1));
  const shape = wanted.map((size) => (size === -1 ? count / rest : size));
  if (elements(shape) !== count || shape.some((size) => !Number.isInteger(size) || size < 1))
    context.refuse(`it makes [${context.shape(0).join(', ')}] into [${wanted.join(', ')}]`);
  reshaped(context, shape);
};

const squeeze: NodeConverter = (context) => {
  const shape = context.shape(0);
  const dims = context.node.attributes.integers('squeeze_dims');
  const named = dims.map((axis) => (axis < 0 ? axis + shape.length : axis));
  reshaped(
    context,
    shape.filter((size, axis) => (named.length === 0 ? size !== 1 : !named.includes(axis))),
  );
};

const expandDims: NodeConverter = (context) => {
  const shape = context.shape(0);
  const axis = context.axis(1, shape.length + 1);
  reshaped(context, [...shape.slice(0, axis), 1, ...shape.slice(axis)]);
};

const transpose: NodeConverter = (context) => {
  const shape = context.shape(0);
  const order = context.integers(1, 'order');
  if (order.length !== shape.length || shape.some((_, axis) => !order.includes(axis))) context.refuse('its order is none');
  const permutation = context.builder.integers(`${context.node.name}/perm`, order);
  context.emit(
    'TRANSPOSE',
    [context.input(0), permutation],
    order.map((axis) => shape[axis] ?? 1),
  );
};

const concatenate: NodeConverter = (context) => {
  const count = context.node.inputs.length - 1;
  const shapes = Array.from({ length: count }, (_, i) => context.shape(i));
  const [first = []] = shapes;
  const axis = context.axis(count, first.length);
  const size = shapes.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0);
  const inputs = shapes.map((_, i) => context.input(i));
  context.emit('CONCATENATION', inputs, replaced(first, axis, size), { axis });
};

const pack: NodeConverter = (context) => {
  const shape = context.shape(0);
  const axis = normal(context, context.node.attributes.integer('axis', 0), shape.length + 1);
  const inputs = context.node.inputs.map((_, i) => context.input(i));
  const packed = [...shape.slice(0, axis), inputs.length, ...shape.slice(axis)];
  context.emit('PACK', inputs, packed, { values_count: inputs.length, axis });
};

const unpack: NodeConverter = (context) => {
  const shape = context.shape(0);
  const axis = normal(context, context.node.attributes.integer('axis', 0), shape.length);
  const num = shape[axis] ?? 0;
  const single = [...shape.slice(0, axis), ...shape.slice(axis + 1)];
  const outputs = Array.from({ length: num }, (_, i) => context.output(single, i));
  context.builder.emit('UNPACK', [context.input(0)], outputs, { num, axis });
};

const split: NodeConverter = (context) => {
  const shape = context.shape(1);
  const axis = context.axis(0, shape.length);
  const count = context.node.attributes.integer('num_split', 0);
  const size = (shape[axis] ?? 0) / count;
  if (!Number.isInteger(size)) context.refuse(`it splits ${shape[axis]} into ${count}`);
  const part = replaced(shape, axis, size);
  const dtype = context.builder.dtype(context.input(1));
  const outputs = Array.from({ length: count }, (_, i) => context.output(part, i, dtype));
  const dimension = context.builder.integers(`${context.node.name}/axis`, [axis], []);
  context.builder.emit('SPLIT', [dimension, context.input(1)], outputs, { num_splits: count });
};

const slice: NodeConverter = (context) => {
  const shape = context.shape(0);
  const begin = context.integers(1, 'begin');
  const sizes = context.integers(2, 'size').map((size, axis) => (size === -1 ? (shape[axis] ?? 0) - (begin[axis] ?? 0) : size));
  if (sizes.length !== shape.length || sizes.some((size, axis) => size < 1 || (begin[axis] ?? 0) + size > (shape[axis] ?? 0)))
    context.refuse('it takes more than there is');
  const operands = [context.builder.integers(`${context.node.name}/begin`, begin), context.builder.integers(`${context.node.name}/size`, sizes)]; // prettier-ignore
  context.emit('SLICE', [context.input(0), ...operands], sizes);
};

const stridedSlice: NodeConverter = (context) => {
  const { node, builder } = context;
  const shape = context.shape(0);
  const [begin = [], end = [], strides = []] = [1, 2, 3].map((position) => context.integers(position, 'bound'));
  const mask = (name: string) => node.attributes.integer(name, 0);
  const bit = (name: string, axis: number) => ((mask(name) >> axis) & 1) === 1;
  if (mask('ellipsis_mask') !== 0 || mask('new_axis_mask') !== 0 || strides.some((stride) => stride < 1))
    context.refuse('it has an ellipsis, a new axis or a step back');
  const taken: number[] = [];
  shape.forEach((size, axis) => {
    const bound = (value: number | undefined, otherwise: number) => {
      const at = value ?? otherwise;
      return Math.min(size, Math.max(0, at < 0 ? at + size : at));
    };
    if (bit('shrink_axis_mask', axis)) return;
    const from = bit('begin_mask', axis) ? 0 : bound(begin[axis], 0);
    const to = bit('end_mask', axis) ? size : bound(end[axis], size);
    taken.push(Math.max(0, Math.ceil((to - from) / (strides[axis] ?? 1))));
  });
  if (taken.some((size) => size < 1)) context.refuse('it takes nothing');
  const operands = [begin, end, strides].map((values, i) =>
    builder.integers(`${node.name}/${['begin', 'end', 'strides'][i]}`, values),
  );
  context.emit('STRIDED_SLICE', [context.input(0), ...operands], taken, {
    begin_mask: mask('begin_mask'),
    end_mask: mask('end_mask'),
    shrink_axis_mask: mask('shrink_axis_mask'),
  });
};

const pad: NodeConverter = (context) => {
  const shape = context.shape(0);
  const amounts = context.integers(1, 'padding');
  if (amounts.length !== 2 * shape.length) context.refuse('its padding is not 2 numbers for each axis');
  const padding = context.builder.integers(`${context.node.name}/paddings`, amounts, [shape.length, 2]);
  const padded = shape.map((size, axis) => size + (amounts[2 * axis] ?? 0) + (amounts[2 * axis + 1] ?? 0));
  context.emit('PAD', [context.input(0), padding], padded);
};

/** A value repeated: the first state of an unrolled cell, mostly. */
const fill: NodeConverter = (context) => {
  const value = context.folding.scalar(context.ref(1));
  if (value === null) context.refuse('its value is computed at run time');
  else repeated(context, context.integers(0, 'shape'), value);
};

const zerosLike: NodeConverter = (context) => repeated(context, context.shape(0), 0);

/** States and masks are smaller. */
const MOST_REPEATED = 1 << 20;

function repeated(context: NodeContext, shape: readonly number[], value: number): void {
  const count = elements(shape);
  if (!(count >= 1 && count <= MOST_REPEATED)) context.refuse(`it repeats a value ${count} times`);
  context.alias(context.builder.floats(context.node.name, shape, new Float32Array(count).fill(value)));
}

function reduction(name: string): NodeConverter {
  return (context) => {
    const shape = context.shape(0);
    const keeps = context.node.attributes.boolean('keep_dims');
    const axes = context.integers(1, 'axes').map((axis) => normal(context, axis, shape.length));
    const reduced = keeps
      ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : shape.filter((_, axis) => !axes.includes(axis));
    const operand = context.builder.integers(`${context.node.name}/axes`, axes);
    context.emit(name, [context.input(0), operand], reduced, { keep_dims: keeps });
  };
}

function normal(context: NodeContext, axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  return counted >= 0 && counted < rank ? counted : context.refuse(`its axis ${axis} is outside of rank ${rank}`);
}

function replaced(shape: readonly number[], axis: number, size: number): readonly number[] {
  return shape.map((own, i) => (i === axis ? size : own));
}

export const LAYOUT: Readonly<Record<string, NodeConverter>> = {
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expandDims,
  Transpose: transpose,
  ConcatV2: concatenate,
  Pack: pack,
  Unpack: unpack,
  Split: split,
  Slice: slice,
  StridedSlice: stridedSlice,
  Pad: pad,
  Fill: fill,
  ZerosLike: zerosLike,
  Mean: reduction('MEAN'),
  Sum: reduction('SUM'),
  Max: reduction('REDUCE_MAX'),
};
