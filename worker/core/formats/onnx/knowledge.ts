import { constantValues } from '../../model/constants';
import { BITS_PER_ELEMENT, type DType } from '../../model/dtype';
import { elementCount } from '../../run/arrays';
import type { GraphDraft } from './graphDraft';
import type { Known, Operand } from './shapes/operand';

/** Lists of sizes, axes and flags are short; longer constants decide nothing. */
const MAX_KNOWN_ELEMENTS = 1024;

/** What is known of a tensor's value while the graph is put together; null where nothing is. */
export function knownOf(draft: GraphDraft, index: number): Known | null {
  const tensor = draft.tensors[index];
  const known = draft.known.get(index) ?? null;
  if (known !== null || tensor === undefined || tensor.data === null) return known;
  const { dtype, shape } = tensor;
  if (BITS_PER_ELEMENT[dtype] === 0 || dtype.startsWith('complex') || elementCount(shape) > MAX_KNOWN_ELEMENTS) return null;
  const value: Known = { dtype, shape, values: Array.from(constantValues(tensor), Number), assumed: [] };
  draft.known.set(index, value);
  return value;
}

export function operandOf(draft: GraphDraft, index: number): Operand | null {
  const tensor = draft.tensors[index];
  if (tensor === undefined) return null;
  return { value: knownOf(draft, index), shape: tensor.hasRank ? tensor.shapeSignature : null };
}

/** A value that is known in full, without assumptions, as the bytes of a constant; null otherwise. */
export function bytesOf({ dtype, values, assumed }: Known): Uint8Array | null {
  const array = assumed.length > 0 ? null : emptyArray(dtype, values.length);
  if (array === null) return null;
  for (const [i, value] of values.entries()) {
    if (value === null) return null;
    if (array instanceof BigInt64Array) {
      if (!Number.isSafeInteger(value)) return null;
      array[i] = BigInt(value);
    } else {
      array[i] = value;
    }
  }
  return new Uint8Array(array.buffer);
}

function emptyArray(dtype: DType, count: number): BigInt64Array | Int32Array | Uint8Array | Float32Array | null {
  switch (dtype) {
    case 'int64':
      return new BigInt64Array(count);
    case 'int32':
      return new Int32Array(count);
    case 'bool':
      return new Uint8Array(count);
    case 'float32':
      return new Float32Array(count);
    default:
      return null;
  }
}
