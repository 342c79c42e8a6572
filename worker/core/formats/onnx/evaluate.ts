import type { DType } from '../../model/dtype';
import { ELEMENT_TYPES } from './schema';
import type { OnnxNode } from './proto/messages';

/** Lists of sizes, axes and flags are short; longer values decide no branch. */
const MAX_KNOWN_ELEMENTS = 1024;

/** A value that follows from the file alone, or from what is assumed of an input. */
export interface Known {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major; booleans as 0 and 1; null for elements that are not known, such as an open size. */
  readonly values: readonly (number | null)[];
  /** Names of the inputs whose value was assumed for it. */
  readonly assumed: readonly string[];
}

/** What is known of an operand: its value, or at least its shape (-1 for open sizes). */
export interface Operand {
  readonly value: Known | null;
  readonly shape: readonly number[] | null;
}

/**
 * The first output of an operator as far as its operands decide it; null where they do not, or where the operator is not one
 * that exporters compute sizes and conditions with.
 */
export function evaluate(node: OnnxNode, operands: readonly (Operand | null)[], dtype: DType): Known | null {
  const rule = node.domain === '' ? RULES[node.opType] : undefined;
  const result = rule?.(node, operands, dtype) ?? null;
  if (result === null || result.values.length > MAX_KNOWN_ELEMENTS) return null;
  const assumed = new Set(operands.flatMap((operand) => operand?.value?.assumed ?? []));
  return { dtype, ...result, assumed: [...assumed] };
}

type Result = Pick<Known, 'shape' | 'values'> | null;
type Rule = (node: OnnxNode, operands: readonly (Operand | null)[], dtype: DType) => Result;
type Value = number | null;

function scalar(value: Value): Result {
  return { shape: [], values: [value] };
}

function vector(values: readonly Value[]): Result {
  return { shape: [values.length], values };
}

function valuesOf(operands: readonly (Operand | null)[]): [first: Known | null, second: Known | null] {
  return [operands[0]?.value ?? null, operands[1]?.value ?? null];
}

/** Element by element; operands have one shape, or a single element stands for all. */
function elementwise(compute: (a: number, b: number, dtype: DType) => Value): Rule {
  return (_, operands, dtype) => {
    const [a, b] = valuesOf(operands);
    if (a === null || b === null) return null;
    const longer = b.values.length > a.values.length || (b.values.length === 1 && b.shape.length > a.shape.length) ? b : a;
    const isAlike = a.shape.join() === b.shape.join();
    if (!isAlike && a.values.length !== 1 && b.values.length !== 1) return null;
    const values = longer.values.map((_unused, i) => {
      const [x, y] = [a.values[a.values.length === 1 ? 0 : i] ?? null, b.values[b.values.length === 1 ? 0 : i] ?? null];
      return x === null || y === null ? null : compute(x, y, dtype);
    });
    return { shape: longer.shape, values };
  };
}

function unary(compute: (value: number, dtype: DType) => Value): Rule {
  return (_, operands, dtype) => {
    const value = operands[0]?.value ?? null;
    return value === null
      ? null
      : { shape: value.shape, values: value.values.map((x) => (x === null ? null : compute(x, dtype))) };
  };
}

function isFloat(dtype: DType): boolean {
  return dtype.startsWith('float') || dtype === 'bfloat16';
}

/** Integer arithmetic beyond what float64 holds exactly is left undecided. */
function exact(value: number): Value {
  return Number.isSafeInteger(value) ? value : null;
}

const arithmetic = (compute: (a: number, b: number) => number): Rule =>
  elementwise((a, b, dtype) => (isFloat(dtype) ? Math.fround(compute(a, b)) : exact(compute(a, b))));

const comparison = (compute: (a: number, b: number) => boolean): Rule => elementwise((a, b) => Number(compute(a, b)));

function integerAttribute(node: OnnxNode, name: string, missing: number): number {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'number' ? attribute.value : missing;
}

/** Axes as an attribute (operator sets up to 12) or as the second operand. */
function axesOf(node: OnnxNode, operands: readonly (Operand | null)[]): readonly Value[] | null {
  const attribute = node.attributes.get('axes');
  if (attribute?.kind === 'numbers') return attribute.value;
  return operands[1]?.value?.values ?? null;
}

const shapeOf: Rule = (node, operands) => {
  const shape = operands[0]?.value?.shape ?? operands[0]?.shape ?? null;
  if (shape === null) return null;
  const start = integerAttribute(node, 'start', 0);
  const end = integerAttribute(node, 'end', shape.length);
  return vector(shape.slice(start, end).map((size) => (size < 0 ? null : size)));
};

const gather: Rule = (_, operands) => {
  const [data, indices] = valuesOf(operands);
  if (data?.shape.length !== 1 || indices === null) return null;
  const count = data.values.length;
  const values = indices.values.map((index) =>
    index === null ? null : (data.values[index < 0 ? index + count : index] ?? null),
  );
  return { shape: indices.shape, values };
};

const concat: Rule = (_, operands) => {
  const parts = operands.map((operand) => operand?.value ?? null);
  if (parts.some((part) => part?.shape.length !== 1)) return null;
  return vector(parts.flatMap((part) => part?.values ?? []));
};

const unsqueeze: Rule = (node, operands) => {
  const data = operands[0]?.value ?? null;
  const axes = axesOf(node, operands);
  if (data === null || axes === null) return null;
  const rank = data.shape.length + axes.length;
  const added = new Set(axes.map((axis) => (axis === null ? NaN : axis < 0 ? axis + rank : axis)));
  if (rank > 64 || added.size !== axes.length || ![...added].every((axis) => axis >= 0 && axis < rank)) return null;
  let next = 0;
  const shape = Array.from({ length: rank }, (_unused, axis) => (added.has(axis) ? 1 : (data.shape[next++] ?? 1)));
  return { shape, values: data.values };
};

const squeeze: Rule = (node, operands) => {
  const data = operands[0]?.value ?? null;
  if (data === null) return null;
  const axes = axesOf(node, operands)?.map((axis) => (axis !== null && axis < 0 ? axis + data.shape.length : axis));
  const shape = data.shape.filter((size, axis) => (axes === undefined ? size !== 1 : !axes.includes(axis)));
  return shape.reduce((product, size) => product * size, 1) === data.values.length ? { shape, values: data.values } : null;
};

const slice: Rule = (node, operands) => {
  const data = operands[0]?.value ?? null;
  if (data?.shape.length !== 1) return null;
  const only = (name: string, operand: number, missing: number): Value => {
    const attribute = node.attributes.get(name);
    if (attribute?.kind === 'numbers') return attribute.value[0] ?? null;
    const given = operands[operand] ?? null;
    if (given === null) return missing;
    const { value } = given;
    return value?.values.length === 1 ? (value.values[0] ?? null) : null;
  };
  const [start, end, step] = [only('starts', 1, 0), only('ends', 2, data.values.length), only('steps', 4, 1)];
  return start === null || end === null || step !== 1 ? null : vector(data.values.slice(start, end));
};

const reshape: Rule = (_, operands) => {
  const [data, wanted] = valuesOf(operands);
  if (data === null || wanted === null || wanted.values.length > 1) return null;
  const [size] = wanted.values;
  if (size === undefined) return data.values.length === 1 ? scalar(data.values[0] ?? null) : null;
  return size === -1 || size === data.values.length ? vector(data.values) : null;
};

const RULES: Readonly<Record<string, Rule>> = {
  Identity: unary((value) => value),
  Cast: (node, operands) => {
    const to = ELEMENT_TYPES[integerAttribute(node, 'to', 0)] ?? 'unknown';
    if (to === 'string' || to === 'unknown') return null;
    return unary((value) => (to === 'bool' ? Number(value !== 0) : isFloat(to) ? value : exact(Math.trunc(value))))(
      node,
      operands,
      to,
    );
  },
  Not: unary((value) => Number(value === 0)),
  Neg: unary((value) => -value),
  And: comparison((a, b) => a !== 0 && b !== 0),
  Or: comparison((a, b) => a !== 0 || b !== 0),
  Xor: comparison((a, b) => (a !== 0) !== (b !== 0)),
  Equal: comparison((a, b) => a === b),
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Div: elementwise((a, b, dtype) => (isFloat(dtype) ? Math.fround(a / b) : b === 0 ? null : exact(Math.trunc(a / b)))),
  Shape: shapeOf,
  Size: (node, operands) => {
    const shape = shapeOf(node, operands, 'int64');
    if (shape === null) return null;
    return scalar(shape.values.reduce((product, size) => (product === null || size === null ? null : product * size), 1));
  },
  Gather: gather,
  Concat: concat,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Slice: slice,
  Reshape: reshape,
};
