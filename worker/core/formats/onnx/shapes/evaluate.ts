import type { DType } from '../../../model/dtype';
import { numberAttribute } from '../attributes';
import { sizeOf } from '../moves/moveShapes';
import type { OnnxNode } from '../proto/messages';
import { ELEMENT_TYPES } from '../schema';
import { moved, reshaped } from './moves';
import { type Known, listOf, type Operands, shapeOf } from './operand';

/** Lists of sizes, axes and flags are short; longer values decide no branch. */
const MAX_KNOWN_ELEMENTS = 1024;

/**
 * The first output of an operator as far as its operands decide it; null where they do not, or where the operator is not one
 * that exporters compute sizes and conditions with.
 */
export function evaluate(node: OnnxNode, operands: Operands, dtype: DType): Known | null {
  const rule = node.domain === '' ? RULES[node.opType] : undefined;
  const result = rule?.(node, operands, dtype) ?? null;
  if (result === null || result.values.length > MAX_KNOWN_ELEMENTS) return null;
  const assumed = new Set(operands.flatMap((operand) => operand?.value?.assumed ?? []));
  return { dtype, ...result, assumed: [...assumed] };
}

type Result = Pick<Known, 'shape' | 'values'> | null;
type Rule = (node: OnnxNode, operands: Operands, dtype: DType) => Result;
type Value = number | null;

function scalar(value: Value): Result {
  return { shape: [], values: [value] };
}

function vector(values: readonly Value[]): Result {
  return { shape: [values.length], values };
}

function valuesOf(operands: Operands): [first: Known | null, second: Known | null] {
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

const shapeValue: Rule = (node, operands) => {
  const shape = shapeOf(operands, 0);
  if (shape === null) return null;
  const start = numberAttribute(node, 'start', 0);
  const end = numberAttribute(node, 'end', shape.length);
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

/** The elements stay as they are under another shape. */
const renamed =
  (shapeRule: (node: OnnxNode, operands: Operands) => readonly number[] | null): Rule =>
  (node, operands) => {
    const data = operands[0]?.value ?? null;
    const shape = shapeRule(node, operands);
    return data === null || shape === null || sizeOf(shape) !== data.values.length ? null : { shape, values: data.values };
  };

const slice: Rule = (node, operands) => {
  const data = operands[0]?.value ?? null;
  if (data?.shape.length !== 1) return null;
  const only = (name: string, operand: number, missing: number): Value => {
    const list = listOf(node, operands, name, operand);
    return list === 'absent' ? missing : list?.length === 1 ? (list[0] ?? null) : null;
  };
  const [start, end, step] = [only('starts', 1, 0), only('ends', 2, data.values.length), only('steps', 4, 1)];
  return start === null || end === null || step !== 1 ? null : vector(data.values.slice(start, end));
};

const RULES: Readonly<Record<string, Rule>> = {
  Identity: unary((value) => value),
  Cast: (node, operands) => {
    const to = ELEMENT_TYPES[numberAttribute(node, 'to', 0)] ?? 'unknown';
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
  Shape: shapeValue,
  Size: (_, operands) => {
    const shape = shapeOf(operands, 0);
    return shape === null ? null : scalar(shape.includes(-1) ? null : sizeOf(shape));
  },
  Gather: gather,
  Concat: concat,
  Unsqueeze: renamed(moved),
  Squeeze: renamed(moved),
  Slice: slice,
  Reshape: renamed(reshaped),
};
