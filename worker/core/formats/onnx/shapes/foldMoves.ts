import { BITS_PER_ELEMENT } from '../../../model/dtype';
import { elementCount } from '../../../run/arrays';
import type { NumericArray } from '../../../run/value';
import { numberAttribute, numbersAttribute } from '../attributes';
import { whereItFits } from '../moves/moveShapes';
import { moveOf, type MoveSource } from '../moves/moveValues';
import type { OnnxNode, OnnxTensor } from '../proto/messages';
import type { InferredShape } from './inferShapes';
import { listOf, type Operands, shapeOf } from './operand';

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
  if (node.opType === 'ConstantOfShape') return made(node, shapes[0] ?? null, maxBytes);
  const move = moveOf(sourceOf(node, operands));
  const given = constants.filter((constant) => constant !== null);
  if (move === null || given.length !== constants.length) return null;
  const taken = node.opType === 'Concat' ? given : given.slice(0, 1);
  const size = BITS_PER_ELEMENT[taken[0]?.dtype ?? 'unknown'] / 8;
  const isWhole = ({ dtype, shape, data }: Constant) => dtype === taken[0]?.dtype && data.length === elementCount(shape) * size;
  if (!STORED_SIZES.has(size) || !taken.every(isWhole)) return null;
  return whereItFits(() => {
    const parts = move(taken.map(({ shape }) => shape));
    const bytes = parts.reduce((sum, { shape, take }) => sum + (take === null ? 0 : elementCount(shape) * size), 0);
    if (bytes > maxBytes) return null;
    const [first] = taken;
    return parts.flatMap(({ shape, take }) => {
      if (first === undefined) return [];
      if (take === null) return { ...first, shape };
      const { buffer, byteOffset, byteLength } = take(taken.map(({ data }) => elements(data, size)));
      return { dtype: first.dtype, shape, data: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) };
    });
  });
}

function sourceOf(node: OnnxNode, operands: Operands): MoveSource {
  return {
    name: node.opType,
    outputs: node.outputs.length,
    number: (name, otherwise) => numberAttribute(node, name, otherwise),
    list: (name, position) =>
      position < 0 ? (numbersAttribute(node, name) ?? 'absent') : listOf(node, operands, name, position),
    shape: (position) => shapeOf(operands, position),
  };
}

/** Bytes of an element that an array has. */
const STORED_SIZES: ReadonlySet<number> = new Set([1, 2, 4, 8]);

/** The elements as an array of words of their size, whatever they mean; a copy where the file has them at an odd place. */
function elements(data: Uint8Array, size: number): NumericArray {
  const { buffer, byteOffset, length } = data.byteOffset % size === 0 ? data : data.slice();
  if (size === 8) return new BigInt64Array(buffer, byteOffset, length / 8);
  if (size === 4) return new Uint32Array(buffer, byteOffset, length / 4);
  return size === 2 ? new Uint16Array(buffer, byteOffset, length / 2) : new Uint8Array(buffer, byteOffset, length);
}

function made(node: OnnxNode, shape: InferredShape, maxBytes: number): readonly Constant[] | null {
  const value = node.attributes.get('value');
  if (shape === null || shape.includes(-1) || elementCount(shape) > MAX_MADE_ELEMENTS) return null;
  const one: Constant = value?.kind === 'tensor' ? value.value : { dtype: 'float32', shape: [1], data: new Uint8Array(4) };
  const size = BITS_PER_ELEMENT[one.dtype] / 8;
  if (!Number.isInteger(size) || one.data.length !== size || elementCount(shape) * size > maxBytes) return null;
  const bytes = new Uint8Array(elementCount(shape) * size);
  for (let at = 0; at < bytes.length; at += size) bytes.set(one.data, at);
  return [{ dtype: one.dtype, shape, data: bytes }];
}
