import { BITS_PER_ELEMENT } from '../../../model/dtype';
import { elementCount } from '../../../run/arrays';
import { numberAttribute } from '../attributes';
import type { OnnxNode, OnnxTensor } from '../proto/messages';
import type { InferredShape } from './inferShapes';
import { permutation, sliceRanges } from './moves';
import { fromFront, listOf, type Operands } from './operand';

/** Constants that are made, not moved, are lists of sizes; bigger ones stay operators. */
const MAX_MADE_ELEMENTS = 65_536;

type Constant = Pick<OnnxTensor, 'dtype' | 'shape' | 'data'>;

/**
 * The outputs of an operator that only moves elements of constants about, such as the slices and concatenations that exporters
 * bring an LSTM's weights into ONNX's gate order with. Null for other operators, and where an operand is computed.
 * @param shapes of the outputs
 * @param maxBytes what may be allocated at most
 */
export function foldMoves(
  node: OnnxNode,
  constants: readonly (Constant | null)[],
  operands: Operands,
  shapes: readonly InferredShape[],
  maxBytes: number,
): readonly Constant[] | null {
  const [data] = constants;
  if (data === null || data === undefined || BITS_PER_ELEMENT[data.dtype] % 8 !== 0 || BITS_PER_ELEMENT[data.dtype] === 0)
    return null;
  if (constants.some((constant) => constant === null) || shapes.some((shape) => shape === null || shape.includes(-1)))
    return null;
  const known = shapes.flatMap((shape) => (shape === null ? [] : [shape]));
  const size = BITS_PER_ELEMENT[data.dtype] / 8;
  if (known.length === 0 || known.reduce((sum, shape) => sum + elementCount(shape) * size, 0) > maxBytes) return null;
  return FOLDS[node.opType]?.({ node, data, size, constants, operands, shapes: known }) ?? null;
}

interface Move {
  readonly node: OnnxNode;
  readonly data: Constant;
  /** Bytes of an element. */
  readonly size: number;
  readonly constants: readonly (Constant | null)[];
  readonly operands: Operands;
  readonly shapes: readonly (readonly number[])[];
}

type Fold = (move: Move) => readonly Constant[] | null;

const renamed: Fold = ({ data, shapes: [shape] }) =>
  shape !== undefined && elementCount(shape) === elementCount(data.shape) ? [{ ...data, shape }] : null;

const transposed: Fold = (move) => {
  const axes = permutation(move.node, move.data.shape.length);
  const strides = stridesOf(move.data.shape);
  return axes === null
    ? null
    : copied(
        move,
        axes.map((axis) => strides[axis] ?? 0),
        0,
      );
};

const sliced: Fold = (move) => {
  const ranges = sliceRanges(move.node, move.operands, move.data.shape);
  if (ranges === null) return null;
  const strides = stridesOf(move.data.shape);
  const start = ranges.reduce((sum, range, axis) => sum + (range?.start ?? 0) * (strides[axis] ?? 0), 0);
  return copied(
    move,
    strides.map((stride, axis) => stride * (ranges[axis]?.step ?? 1)),
    start,
  );
};

const gathered: Fold = (move) => {
  const indices = move.operands[1]?.value?.values;
  const axis = fromFront([numberAttribute(move.node, 'axis', 0)], move.data.shape.length)?.[0];
  const [shape] = move.shapes;
  if (indices === undefined || axis === undefined || shape === undefined) return null;
  const length = move.data.shape[axis] ?? 0;
  const inner = elementCount(move.data.shape.slice(axis + 1)) * move.size;
  const outer = elementCount(move.data.shape.slice(0, axis));
  const bytes = new Uint8Array(outer * indices.length * inner);
  for (let o = 0; o < outer; o++) {
    for (const [i, given] of indices.entries()) {
      const index = given !== null && given < 0 ? given + length : (given ?? -1);
      if (index < 0 || index >= length) return null;
      const from = (o * length + index) * inner;
      bytes.set(move.data.data.subarray(from, from + inner), (o * indices.length + i) * inner);
    }
  }
  return [{ dtype: move.data.dtype, shape, data: bytes }];
};

const concatenated: Fold = ({ node, data, size, constants, shapes: [shape] }) => {
  const axis = fromFront([numberAttribute(node, 'axis', 0)], data.shape.length)?.[0];
  if (axis === undefined || shape === undefined) return null;
  const outer = elementCount(shape.slice(0, axis));
  const bytes = new Uint8Array(elementCount(shape) * size);
  let start = 0;
  const row = elementCount(shape.slice(axis)) * size;
  for (const part of constants) {
    if (part?.dtype !== data.dtype || part.shape.length !== shape.length) return null;
    const run = elementCount(part.shape.slice(axis)) * size;
    if (outer * run !== part.data.length) return null;
    for (let o = 0; o < outer; o++) bytes.set(part.data.subarray(o * run, (o + 1) * run), o * row + start);
    start += run;
  }
  return [{ dtype: data.dtype, shape, data: bytes }];
};

const split: Fold = (move) => {
  const axis = fromFront([numberAttribute(move.node, 'axis', 0)], move.data.shape.length)?.[0];
  if (axis === undefined || listOf(move.node, move.operands, 'split', 1) === null) return null;
  const strides = stridesOf(move.data.shape);
  let start = 0;
  const parts = move.shapes.flatMap((shape) => {
    const part = copied({ ...move, shapes: [shape] }, strides, start * (strides[axis] ?? 0));
    start += shape[axis] ?? 0;
    return part ?? [];
  });
  return start === move.data.shape[axis] && parts.length === move.shapes.length ? parts : null;
};

const made: Fold = ({ node, shapes: [shape] }) => {
  const value = node.attributes.get('value');
  if (shape === undefined || elementCount(shape) > MAX_MADE_ELEMENTS) return null;
  const one: Constant = value?.kind === 'tensor' ? value.value : { dtype: 'float32', shape: [1], data: new Uint8Array(4) };
  const size = BITS_PER_ELEMENT[one.dtype] / 8;
  if (!Number.isInteger(size) || one.data.length !== size) return null;
  const bytes = new Uint8Array(elementCount(shape) * size);
  for (let at = 0; at < bytes.length; at += size) bytes.set(one.data, at);
  return [{ dtype: one.dtype, shape, data: bytes }];
};

const FOLDS: Readonly<Record<string, Fold>> = {
  Squeeze: renamed,
  Unsqueeze: renamed,
  Reshape: renamed,
  Flatten: renamed,
  Transpose: transposed,
  Slice: sliced,
  Gather: gathered,
  Concat: concatenated,
  Split: split,
  ConstantOfShape: made,
};

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** Elements at `start` plus steps of `strides`, in row-major order of the first shape; null where one would lie outside. */
function copied(move: Move, strides: readonly number[], start: number): readonly Constant[] | null {
  const { data, size, shapes } = move;
  const [shape] = shapes;
  if (shape === undefined || shape.length !== strides.length) return null;
  const count = elementCount(shape);
  const reach = shape.map((length, axis) => (length - 1) * (strides[axis] ?? 0));
  const [low, high] = [0, 1].map((sign) => start + reach.reduce((sum, far) => sum + (far > 0 === (sign === 1) ? far : 0), 0));
  if (count > 0 && ((low ?? -1) < 0 || ((high ?? 0) + 1) * size > data.data.length)) return null;
  const bytes = new Uint8Array(count * size);
  const position = new Array<number>(shape.length).fill(0);
  let from = start;
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < size; byte++) bytes[i * size + byte] = data.data[from * size + byte] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      from += strides[axis] ?? 0;
      if (next < (shape[axis] ?? 0)) {
        position[axis] = next;
        break;
      }
      position[axis] = 0;
      from -= next * (strides[axis] ?? 0);
    }
  }
  return [{ dtype: data.dtype, shape, data: bytes }];
}
