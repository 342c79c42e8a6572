import { constantValues } from '../../core/model/constants';
import type { Graph, Operator } from '../../core/model/model';
import { allocate, elementCount, formatShape } from '../../core/run/arrays';
import type { PreparedOp } from '../../core/run/preparedOp';
import type { NumericArray, Value } from '../../core/run/value';
import { copyStrided, rowMajorStrides } from '../../core/ops/strided';
import { refused } from './refusals';

type Move = (values: readonly Value[]) => Value;
type Rule = (source: MoveSource) => Move | null;

/** An operator whose data come with every run. */
interface MoveSource {
  readonly graph: Graph;
  readonly operator: Operator;
}

/** Types that a move has arrays for; half floats are float32 in a run. */
const MOVED_TYPES: ReadonlySet<string> = new Set([
  ...['float16', 'float32', 'float64', 'int8', 'uint8', 'bool', 'int16', 'uint16', 'int32', 'uint32', 'int64'],
]);

/**
 * Operators that give their values another shape or place and compute nothing: every implementation gives the same values, and to ask a
 * thread for them takes many times as long as to move them. Null for all others, and where a list of sizes or axes is itself computed.
 */
export function movedHere(graph: Graph, operator: Operator): PreparedOp | null {
  const rule = (operator.domain ?? '') === '' ? RULES[operator.name] : undefined;
  const [output] = operator.outputs;
  if (rule === undefined || output === undefined || operator.outputs.length !== 1) return null;
  if (!MOVED_TYPES.has(graph.tensors[output]?.dtype ?? '')) return null;
  const move = rule({ graph, operator });
  if (move === null) return null;
  const run = (values: readonly (Value | null)[]): Value[] => {
    const given = values.filter((value) => value !== null);
    return given.length === 0 ? [] : [move(given)];
  };
  return { operator, cells: [], run, resetState: () => undefined };
}

/** A list that older operator sets have as an attribute and newer ones as a constant operand; null where a run computes it. */
function listOf({ graph, operator }: MoveSource, name: string, position: number): readonly number[] | 'absent' | null {
  const option = operator.options[name];
  if (Array.isArray(option)) return option as readonly number[];
  const index = operator.inputs[position] ?? -1;
  const tensor = graph.tensors[index];
  if (tensor === undefined) return 'absent';
  return tensor.data === null ? null : Array.from(constantValues(tensor) as ArrayLike<number | bigint>, Number);
}

function numberOf({ options }: Operator, name: string, otherwise: number): number {
  const value = options[name];
  return typeof value === 'number' ? value : otherwise;
}

function fromFront(operator: Operator, axes: readonly number[], rank: number): readonly number[] {
  return axes.map((axis) => {
    const positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) throw refused(operator, `axis ${axis} of ${rank}`);
    return positive;
  });
}

/** The same values under another shape. */
function renamed(operator: Operator, value: Value, shape: readonly number[]): Value {
  if (elementCount(shape) !== value.data.length || !shape.every((size) => Number.isInteger(size) && size >= 0))
    throw refused(operator, `${formatShape(value.shape)} does not become ${formatShape(shape)}`);
  return { ...value, shape };
}

const squeeze: Rule = (source) => {
  const { operator } = source;
  const listed = listOf(source, 'axes', 1);
  if (listed === null) return null;
  return ([value]) => {
    const { shape } = value!;
    if (listed === 'absent') return renamed(operator, value!, shape.filter((size) => size !== 1)); // prettier-ignore
    const axes = fromFront(operator, listed, shape.length);
    return renamed(operator, value!, shape.filter((_, axis) => !axes.includes(axis))); // prettier-ignore
  };
};

const unsqueeze: Rule = (source) => {
  const { operator } = source;
  const listed = listOf(source, 'axes', 1);
  if (listed === null || listed === 'absent') return null;
  return ([value]) => {
    const rank = value!.shape.length + listed.length;
    const added = new Set(fromFront(operator, listed, rank));
    if (added.size !== listed.length) throw refused(operator, `axes ${listed.join(', ')} of ${rank}`);
    let next = 0;
    const shape = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (value!.shape[next++] ?? 1)));
    return renamed(operator, value!, shape);
  };
};

const flatten: Rule = ({ operator }) => {
  const axis = numberOf(operator, 'axis', 1);
  return ([value]) => {
    const { shape } = value!;
    const at = axis < 0 ? axis + shape.length : axis;
    return renamed(operator, value!, [elementCount(shape.slice(0, at)), elementCount(shape.slice(at))]);
  };
};

const reshape: Rule = (source) => {
  const { operator } = source;
  const wanted = listOf(source, 'shape', 1);
  if (wanted === null || wanted === 'absent') return null;
  const keepsZero = numberOf(operator, 'allowzero', 0) !== 0;
  return ([value]) => {
    const sizes = wanted.map((size, axis) => (size === 0 && !keepsZero ? (value!.shape[axis] ?? 0) : size));
    const rest = value!.data.length / elementCount(sizes.filter((size) => size !== -1));
    return renamed(operator, value!, sizes.map((size) => (size === -1 ? rest : size))); // prettier-ignore
  };
};

const transpose: Rule = ({ operator }) => {
  const option = operator.options['perm'];
  return ([value]) => {
    const { shape } = value!;
    const rank = shape.length;
    const given = Array.isArray(option) ? (option as readonly number[]) : shape.map((_, axis) => rank - 1 - axis);
    const axes = fromFront(operator, given, rank);
    if (new Set(axes).size !== rank) throw refused(operator, `axes ${given.join(', ')} of ${rank}`);
    const strides = rowMajorStrides(shape);
    return copied(operator, value!, axes.map((axis) => shape[axis] ?? 1), 0, axes.map((axis) => strides[axis] ?? 1)); // prettier-ignore
  };
};

const slice: Rule = (source) => {
  const { operator } = source;
  const [starts, ends] = [listOf(source, 'starts', 1), listOf(source, 'ends', 2)];
  const [listed, given] = [listOf(source, 'axes', 3), listOf(source, 'steps', 4)];
  if (!Array.isArray(starts) || !Array.isArray(ends) || listed === null || given === null) return null;
  const [from, to] = [starts as readonly number[], ends as readonly number[]];
  return ([value]) => {
    const shape = [...value!.shape];
    const strides = rowMajorStrides(shape);
    let start = 0;
    const axes = fromFront(operator, listed === 'absent' ? from.map((_, axis) => axis) : listed, shape.length);
    axes.forEach((axis, place) => {
      const step = given === 'absent' ? 1 : (given[place] ?? 1);
      const size = shape[axis] ?? 0;
      const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
      const within = (at: number, least: number) => Math.min(high, Math.max(least, at < 0 ? at + size : at));
      const first = within(from[place] ?? 0, 0);
      if (step === 0) throw refused(operator, 'its step is 0');
      start += first * (strides[axis] ?? 1);
      shape[axis] = Math.max(0, Math.ceil((within(to[place] ?? 0, low) - first) / step));
      strides[axis] = (strides[axis] ?? 1) * step;
    });
    return copied(operator, value!, shape, start, strides);
  };
};

/** By one index that the file has: the axis is gone. */
const gather: Rule = (source) => {
  const { graph, operator } = source;
  const indices = graph.tensors[operator.inputs[1] ?? -1];
  const [index] = indices?.shape.length === 0 ? (indexList(source) ?? []) : [];
  if (index === undefined) return null;
  const wanted = numberOf(operator, 'axis', 0);
  return ([value]) => {
    const { shape } = value!;
    const [axis = 0] = fromFront(operator, [wanted], shape.length);
    const [at = 0] = fromFront(operator, [index], shape[axis] ?? 0);
    const strides = rowMajorStrides(shape);
    const left = (list: readonly number[]) => list.filter((_, one) => one !== axis);
    return copied(operator, value!, left(shape), at * (strides[axis] ?? 1), left(strides));
  };
};

function indexList(source: MoveSource): readonly number[] | null {
  const list = listOf(source, '', 1);
  return list === 'absent' ? null : list;
}

const concat: Rule = (source) => {
  const { graph, operator } = source;
  // Constants among them are left to ONNX Runtime, whose model they are part of.
  if (operator.inputs.some((index) => graph.tensors[index]?.data !== null)) return null;
  const wanted = numberOf(operator, 'axis', 0);
  return (values) => {
    const [first] = values;
    const [axis = 0] = fromFront(operator, [wanted], first!.shape.length);
    const length = values.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
    const shape = first!.shape.map((size, one) => (one === axis ? length : size));
    const odd = values.find((one) => one.shape.length !== shape.length || one.shape.some((size, at) => at !== axis && size !== shape[at])); // prettier-ignore
    if (odd !== undefined) throw refused(operator, `${formatShape(odd.shape)} does not join ${formatShape(first!.shape)} on axis ${axis}`); // prettier-ignore
    const data = zeroes(operator, first!, elementCount(shape));
    const rows = elementCount(shape.slice(0, axis));
    const width = elementCount(shape.slice(axis));
    let start = 0;
    for (const part of values) {
      const run = elementCount(part.shape.slice(axis));
      for (let row = 0; row < rows; row++) {
        const piece = part.data.subarray(row * run, (row + 1) * run);
        (data as Float32Array).set(piece as Float32Array, row * width + start);
      }
      start += run;
    }
    return { dtype: first!.dtype, shape, data };
  };
};

const identity: Rule =
  () =>
  ([value]) =>
    value!;

/** To the type that the values have already. */
const cast: Rule = ({ graph, operator }) => {
  const [from, to] = [graph.tensors[operator.inputs[0] ?? -1]?.dtype, graph.tensors[operator.outputs[0] ?? -1]?.dtype];
  return from === to && from !== 'float16' ? ([value]) => value! : null;
};

const RULES: Readonly<Record<string, Rule>> = {
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Flatten: flatten,
  Reshape: reshape,
  Transpose: transpose,
  Slice: slice,
  Gather: gather,
  Concat: concat,
  Identity: identity,
  Cast: cast,
};

function copied(operator: Operator, value: Value, shape: readonly number[], start: number, strides: readonly number[]): Value {
  const data = zeroes(operator, value, elementCount(shape));
  copyStrided(value.data, data, shape, start, strides);
  return { dtype: value.dtype, shape, data };
}

function zeroes(operator: Operator, { dtype }: Value, length: number): NumericArray {
  const data = allocate(dtype, length);
  if (data === null) throw refused(operator, `values of type ${dtype} are not moved`);
  return data;
}
