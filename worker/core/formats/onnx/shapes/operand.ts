import type { DType } from '../../../model/dtype';
import { numbersAttribute } from '../attributes';
import { axesOf, whereItFits } from '../moves/moveShapes';
import type { OnnxNode } from '../proto/messages';

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

/** Null stands for operands that are not there. */
export type Operands = readonly (Operand | null)[];

export function shapeOf(operands: Operands, operand: number): readonly number[] | null {
  const given = operands[operand] ?? null;
  return given?.value?.shape ?? given?.shape ?? null;
}

/**
 * A list of whole numbers that older operator sets have as an attribute and newer ones as an operand.
 * @returns 'absent' where the node has neither, null where the operand's value is not known in full
 */
export function listOf(node: OnnxNode, operands: Operands, name: string, operand: number): readonly number[] | 'absent' | null {
  const attribute = numbersAttribute(node, name);
  if (attribute !== null) return attribute;
  const given = operands[operand] ?? null;
  if (given === null) return 'absent';
  const values = given.value?.values;
  if (values === undefined) return null;
  return values.every((value) => value !== null) ? values : null;
}

/** Axes counted from the front; null where one is outside. */
export function fromFront(axes: readonly number[], rank: number): readonly number[] | null {
  return whereItFits(() => axesOf(axes, rank));
}
