import { numberAttribute, numbersAttribute } from '../attributes';
import {
  axisOf,
  permutationOf,
  type Range,
  reshapedShape,
  sliceRanges,
  squeezedShape,
  unsqueezedShape,
  whereItFits,
} from '../moves/moveShapes';
import type { OnnxNode } from '../proto/messages';
import { listOf, type Operands, shapeOf } from './operand';

/** Transpose, Squeeze and Unsqueeze. */
export function moved(node: OnnxNode, operands: Operands): readonly number[] | null {
  const shape = shapeOf(operands, 0);
  if (shape === null) return null;
  return whereItFits(() => {
    if (node.opType === 'Transpose') {
      return permutationOf(numbersAttribute(node, 'perm') ?? 'absent', shape.length).map((axis) => shape[axis] ?? -1);
    }
    const listed = listOf(node, operands, 'axes', 1);
    if (listed === null) return null;
    if (node.opType === 'Squeeze') {
      return listed === 'absent' && shape.includes(-1) ? null : squeezedShape(shape, listed);
    }
    return listed === 'absent' || listed.length > 64 ? null : unsqueezedShape(shape, listed);
  });
}

export function reshaped(node: OnnxNode, operands: Operands): readonly number[] | null {
  const wanted = numbersAttribute(node, 'shape') ?? operands[1]?.value?.values;
  if (wanted === undefined || wanted.length > 64) return null;
  return reshapedShape(shapeOf(operands, 0), wanted, numberAttribute(node, 'allowzero', 0) !== 0);
}

export function sliced(node: OnnxNode, operands: Operands): readonly number[] | null {
  const shape = shapeOf(operands, 0);
  if (shape === null) return null;
  return rangesOf(node, operands, shape)?.map((range, axis) => range?.count ?? shape[axis] ?? -1) ?? shape.map(() => -1);
}

/** Null where the lists are computed. */
function rangesOf(node: OnnxNode, operands: Operands, shape: readonly number[]): readonly (Range | null)[] | null {
  const [starts, ends] = [listOf(node, operands, 'starts', 1), listOf(node, operands, 'ends', 2)];
  const [axes, steps] = [listOf(node, operands, 'axes', 3), listOf(node, operands, 'steps', 4)];
  if (starts === null || ends === null || axes === null || steps === null) return null;
  if (starts === 'absent' || ends === 'absent') return null;
  return whereItFits(() => sliceRanges(shape, { starts, ends, axes, steps }));
}

export function gather(node: OnnxNode, operands: Operands): readonly number[] | null {
  const [shape, indices] = [shapeOf(operands, 0), shapeOf(operands, 1)];
  if (shape === null || indices === null) return null;
  const axis = whereItFits(() => axisOf(numberAttribute(node, 'axis', 0), shape.length));
  return axis === null ? null : [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)];
}
