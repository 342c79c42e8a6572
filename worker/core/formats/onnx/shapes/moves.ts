import { numberAttribute, numbersAttribute } from '../attributes';
import type { OnnxNode } from '../proto/messages';
import { fromFront, listOf, type Operands, shapeOf, sizeOf } from './operand';

/** Where a slice begins on an axis, its step, and how many elements it takes. */
export interface Range {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Transpose, Squeeze and Unsqueeze. */
export function moved(node: OnnxNode, operands: Operands): readonly number[] | null {
  const shape = shapeOf(operands, 0);
  if (shape === null) return null;
  if (node.opType === 'Transpose') return permutation(node, shape.length)?.map((axis) => shape[axis] ?? -1) ?? null;
  const listed = listOf(node, operands, 'axes', 1);
  if (listed === null) return null;
  if (node.opType === 'Squeeze') {
    if (listed === 'absent') return shape.includes(-1) ? null : shape.filter((size) => size !== 1);
    const axes = fromFront(listed, shape.length);
    return axes === null ? null : shape.filter((_size, axis) => !axes.includes(axis));
  }
  if (listed === 'absent' || listed.length > 64) return null;
  const rank = shape.length + listed.length;
  const added = new Set(fromFront(listed, rank) ?? []);
  if (added.size !== listed.length) return null;
  let next = 0;
  return Array.from({ length: rank }, (_unused, axis) => (added.has(axis) ? 1 : (shape[next++] ?? -1)));
}

/** A Transpose's axes in their new order: reversed where nothing is said; null where it is no permutation. */
export function permutation(node: OnnxNode, rank: number): readonly number[] | null {
  const given = numbersAttribute(node, 'perm') ?? Array.from({ length: rank }, (_unused, axis) => rank - 1 - axis);
  const axes = fromFront(given, rank);
  return axes?.length === rank && new Set(axes).size === rank ? axes : null;
}

export function reshaped(node: OnnxNode, operands: Operands): readonly number[] | null {
  const shape = shapeOf(operands, 0);
  const wanted = numbersAttribute(node, 'shape') ?? operands[1]?.value?.values;
  if (wanted === undefined || wanted.length > 64) return null;
  const keepsZero = numberAttribute(node, 'allowzero', 0) !== 0;
  const sizes = wanted.map((size, axis) => (size === 0 && !keepsZero ? (shape?.[axis] ?? null) : size));
  const rest = sizes.indexOf(-1);
  const others = sizes.filter((_size, axis) => axis !== rest).map((size) => (size === null ? -1 : size));
  const whole = shape === null ? -1 : sizeOf(shape);
  const product = sizeOf(others);
  const filled = rest >= 0 && whole >= 0 && product > 0 ? whole / product : -1;
  return sizes.map((size, axis) => (axis === rest ? (Number.isInteger(filled) ? filled : -1) : (size ?? -1)));
}

export function sliced(node: OnnxNode, operands: Operands): readonly number[] | null {
  const shape = shapeOf(operands, 0);
  if (shape === null) return null;
  return sliceRanges(node, operands, shape)?.map((range, axis) => range?.count ?? shape[axis] ?? -1) ?? shape.map(() => -1);
}

/** What a Slice takes of every axis, null for axes it leaves alone; a count of -1 on open axes. Null where its operands are computed. */
export function sliceRanges(node: OnnxNode, operands: Operands, shape: readonly number[]): readonly (Range | null)[] | null {
  const lists = [listOf(node, operands, 'starts', 1), listOf(node, operands, 'ends', 2)];
  const [starts, ends] = lists;
  const listed = listOf(node, operands, 'axes', 3);
  const steps = listOf(node, operands, 'steps', 4);
  if (!Array.isArray(starts) || !Array.isArray(ends) || listed === null || steps === null) return null;
  const axes = fromFront(listed === 'absent' ? starts.map((_start, axis) => axis) : listed, shape.length);
  if (axes === null || axes.length !== starts.length || ends.length !== starts.length) return null;
  const ranges = new Array<Range | null>(shape.length).fill(null);
  for (const [i, axis] of axes.entries()) {
    const step = steps === 'absent' ? 1 : (steps[i] ?? 1);
    ranges[axis] = rangeOn(shape[axis] ?? -1, Number(starts[i]), Number(ends[i]), step);
  }
  return ranges;
}

function rangeOn(size: number, start: number, end: number, step: number): Range {
  if (size < 0 || step === 0) return { start: 0, step, count: -1 };
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const from = clamp(start < 0 ? start + size : start, 0, high);
  const to = clamp(end < 0 ? end + size : end, low, high);
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function gather(node: OnnxNode, operands: Operands): readonly number[] | null {
  const [shape, indices] = [shapeOf(operands, 0), shapeOf(operands, 1)];
  if (shape === null || indices === null) return null;
  const axis = fromFront([numberAttribute(node, 'axis', 0)], shape.length)?.[0];
  return axis === undefined ? null : [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
}
