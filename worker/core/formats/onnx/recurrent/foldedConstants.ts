import { constantValues, realConstant } from '../../../model/constants';
import { ABSENT, type Graph, type Operator } from '../../../model/model';
import { elementCount } from '../../../run/arrays';
import type { NumericArray } from '../../../run/value';
import { isNumeric } from './isNumeric';

/** A constant, row-major. */
export interface Folded {
  readonly shape: readonly number[];
  readonly values: NumericArray;
}

/** Exporters write weights behind a handful of operators; a chain beyond is none of theirs. */
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 2 ** 26;

/**
 * Constants of a graph, also those that operators make of other constants by moving values about: exporters write the gates of a
 * recurrent layer in another order than ONNX has them, and leave it to operators to reorder them.
 */
export class FoldedConstants {
  /** Operators whose results were asked for as constants: without other readers they are not needed any more. */
  readonly folded = new Set<Operator>();
  private readonly producers = new Map<number, Operator>();
  private readonly known = new Map<number, Folded | null>();

  constructor(private readonly graph: Pick<Graph, 'tensors' | 'operators'>) {
    for (const operator of graph.operators) for (const output of operator.outputs) this.producers.set(output, operator);
  }

  /** The values of a tensor; null where they depend on inputs, or on an operator that does more than move values. */
  of(index: number, depth = 0): Folded | null {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    const found = this.find(index, depth);
    this.known.set(index, found);
    return found;
  }

  private find(index: number, depth: number): Folded | null {
    const tensor = this.graph.tensors[index];
    if (tensor === undefined || depth > MAX_DEPTH) return null;
    if (tensor.data !== null) {
      return isNumeric(tensor.dtype) ? { shape: tensor.shape, values: constantValues(tensor) } : null;
    }
    const operator = this.producers.get(index);
    if (operator === undefined || (operator.domain ?? '') !== '') return null;
    const made = this.made(operator, operator.outputs.indexOf(index), depth + 1);
    if (made === null || made.values.length > MAX_ELEMENTS || elementCount(made.shape) !== made.values.length) return null;
    this.folded.add(operator);
    return made;
  }

  private made(operator: Operator, output: number, depth: number): Folded | null {
    const at = (position: number) => this.of(operator.inputs[position] ?? ABSENT, depth);
    const data = at(0);
    switch (operator.name) {
      case 'Identity':
        return data;
      case 'Unsqueeze':
      case 'Squeeze':
      case 'Reshape':
        return data === null ? null : this.reshaped(operator, data, at(1));
      case 'Transpose':
        return data === null ? null : transposed(data, operator.options.perm);
      case 'Concat':
        return concatenated(
          operator.inputs.map((_, position) => at(position)),
          Number(operator.options.axis),
        );
      case 'Slice':
        return data === null ? null : this.sliced(operator, data, at);
      case 'Split':
        return data === null ? null : split(operator, data, at(1), output);
      case 'DequantizeLinear':
        return this.dequantized(operator);
      default:
        return null;
    }
  }

  private reshaped(operator: Operator, data: Folded, second: Folded | null): Folded | null {
    const given = second === null ? listOf(operator.options.axes) : integers(second);
    const { name } = operator;
    const shape =
      name === 'Reshape'
        ? reshape(data.shape, given)
        : name === 'Squeeze'
          ? squeeze(data.shape, given)
          : unsqueeze(data.shape, given);
    return shape === null ? null : { shape, values: data.values };
  }

  private sliced(operator: Operator, data: Folded, at: (position: number) => Folded | null): Folded | null {
    const { options, inputs } = operator;
    const list = (position: number, option: string) => {
      const isGiven = (inputs[position] ?? ABSENT) !== ABSENT;
      const given = isGiven ? at(position) : null;
      return isGiven && given === null ? null : given === null ? listOf(options[option]) : integers(given);
    };
    const [starts, ends, axes, steps] = [list(1, 'starts'), list(2, 'ends'), list(3, 'axes'), list(4, 'steps')];
    if (starts === null || ends === null || axes === null || steps === null || starts.length !== ends.length) return null;
    const offsets = data.shape.map(() => 0);
    const shape = [...data.shape];
    for (const [place, start] of starts.entries()) {
      const axis = positive(axes[place] ?? place, data.shape.length);
      const size = data.shape[axis];
      if (size === undefined || (steps[place] ?? 1) !== 1) return null;
      const clamped = (value: number) => Math.min(size, Math.max(0, value < 0 ? value + size : value));
      offsets[axis] = clamped(start);
      shape[axis] = Math.max(0, clamped(ends[place] ?? size) - clamped(start));
    }
    return part(data, shape, offsets);
  }

  /** Integer weights whose parameters the reader attached. */
  private dequantized(operator: Operator): Folded | null {
    const tensor = this.graph.tensors[operator.inputs[0] ?? ABSENT];
    if (tensor === undefined || tensor.data === null || tensor.quantization === null) return null;
    if (tensor.quantization.blockwise !== null) return null;
    return { shape: tensor.shape, values: realConstant(tensor) };
  }
}

function integers({ values }: Folded): number[] {
  return Array.from(values as ArrayLike<number | bigint>, Number);
}

function listOf(value: unknown): number[] {
  return Array.isArray(value) ? (value as number[]) : [];
}

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function unsqueeze(shape: readonly number[], axes: readonly number[]): number[] | null {
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => positive(axis, rank)));
  if (added.size !== axes.length || [...added].some((axis) => !(axis >= 0 && axis < rank))) return null;
  const rest = [...shape];
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1)));
}

function squeeze(shape: readonly number[], axes: readonly number[]): number[] {
  const gone = new Set(axes.map((axis) => positive(axis, shape.length)));
  return shape.filter((size, axis) => (axes.length === 0 ? size !== 1 : !gone.has(axis)));
}

/** 0 keeps an axis, one -1 takes what is left. */
function reshape(shape: readonly number[], wanted: readonly number[]): number[] | null {
  const sizes = wanted.map((size, axis) => (size === 0 ? (shape[axis] ?? 0) : size));
  const open = sizes.indexOf(-1);
  if (open === -1) return sizes;
  const others = elementCount(sizes.filter((_, axis) => axis !== open));
  return others === 0 ? null : sizes.map((size, axis) => (axis === open ? elementCount(shape) / others : size));
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

function transposed(data: Folded, perm: unknown): Folded | null {
  const rank = data.shape.length;
  const order = Array.isArray(perm) ? (perm as number[]) : data.shape.map((_, axis) => rank - 1 - axis);
  if (order.length !== rank || new Set(order).size !== rank || order.some((axis) => data.shape[axis] === undefined)) return null;
  const strides = stridesOf(data.shape);
  return strided(
    data.values,
    order.map((axis) => data.shape[axis] ?? 1),
    order.map((axis) => strides[axis] ?? 1),
    0,
  );
}

/** A block of `shape` that begins at `offsets`. */
function part(data: Folded, shape: readonly number[], offsets: readonly number[]): Folded {
  const strides = stridesOf(data.shape);
  const start = offsets.reduce((sum, offset, axis) => sum + offset * (strides[axis] ?? 1), 0);
  return strided(data.values, shape, strides, start);
}

function strided(values: NumericArray, shape: readonly number[], strides: readonly number[], start: number): Folded {
  const count = elementCount(shape);
  const taken = values.slice(0, 0);
  const target = new (taken.constructor as new (length: number) => NumericArray)(count);
  const counters = shape.map(() => 0);
  let from = start;
  for (let k = 0; k < count; k++) {
    target[k] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] ?? 0;
      counters[axis]!++;
      if (counters[axis]! < (shape[axis] ?? 0)) break;
      from -= (shape[axis] ?? 0) * (strides[axis] ?? 0);
      counters[axis] = 0;
    }
  }
  return { shape, values: target };
}

function concatenated(parts: readonly (Folded | null)[], axisGiven: number): Folded | null {
  const found = parts.filter((one) => one !== null);
  const [first] = found;
  if (first === undefined || found.length !== parts.length) return null;
  const axis = positive(axisGiven, first.shape.length);
  const sizes = found.map(({ shape }) => shape[axis] ?? 0);
  const isAlike = found.every(
    ({ shape, values }) =>
      values.constructor === first.values.constructor &&
      shape.length === first.shape.length &&
      shape.every((size, other) => other === axis || size === first.shape[other]),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const inner = elementCount(first.shape.slice(axis + 1));
  const outer = elementCount(first.shape.slice(0, axis));
  if (!isAlike || !(axis >= 0 && axis < first.shape.length) || outer * total * inner > MAX_ELEMENTS) return null;
  const target = new (first.values.constructor as new (length: number) => NumericArray)(outer * total * inner);
  let before = 0;
  for (const [place, { values }] of found.entries()) {
    const length = (sizes[place] ?? 0) * inner;
    for (let o = 0; o < outer; o++)
      target.set(values.subarray(o * length, (o + 1) * length) as never, o * total * inner + before);
    before += length;
  }
  return { shape: first.shape.map((size, other) => (other === axis ? total : size)), values: target };
}

function split(operator: Operator, data: Folded, sizesGiven: Folded | null, output: number): Folded | null {
  const axis = positive(Number(operator.options.axis ?? 0), data.shape.length);
  const size = data.shape[axis];
  if (size === undefined) return null;
  const given = sizesGiven === null ? listOf(operator.options.split) : integers(sizesGiven);
  const even = Math.ceil(size / operator.outputs.length);
  const sizes = given.length > 0 ? given : operator.outputs.map((_, place) => Math.max(0, Math.min(even, size - place * even)));
  const start = sizes.slice(0, output).reduce((sum, one) => sum + one, 0);
  const own = sizes[output] ?? 0;
  if (sizes.some((one) => !(one >= 0)) || start + own > size) return null;
  const shape = data.shape.map((other, place) => (place === axis ? own : other));
  return part(
    data,
    shape,
    data.shape.map((_, place) => (place === axis ? start : 0)),
  );
}
