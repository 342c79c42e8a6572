import { BITS_PER_ELEMENT, type DType } from '../../../model/dtype';
import { counted, grouped } from '../../../wording';
import { ModelFormatError } from '../../modelFormatError';
import type { ExternalData } from '../externalData';
import { DATA_LOCATION, ELEMENT_TYPES, STRING_ENTRY, TENSOR } from '../schema';
import type { OnnxTensor } from './messages';
import { packIntegers } from './packIntegers';
import type { WireField, WireMessage } from './wire';

const MAX_RANK = 64;

/**
 * Reads a constant: its values are a view wherever the file has them as bytes.
 * @param external gives values that are kept in other files
 * @throws ModelFormatError where shape, type and stored values do not fit together
 */
export function readTensor(message: WireMessage, external: ExternalData): OnnxTensor {
  const dims: number[] = [];
  const lists: WireField[] = [];
  const entries: WireField[] = [];
  let code = 0;
  let name = '';
  let isExternal = false;
  for (const field of message.fields()) {
    switch (field.number) {
      case TENSOR.dims:
        message.integers(field, dims);
        break;
      case TENSOR.dataType:
        code = message.integer(field);
        break;
      case TENSOR.name:
        name = message.text(field);
        break;
      case TENSOR.dataLocation:
        isExternal = message.integer(field) === DATA_LOCATION.external;
        break;
      case TENSOR.externalData:
        entries.push(field);
        break;
      case TENSOR.segment:
        throw new ModelFormatError('TENSOR_SEGMENT', `${message.what} is stored in parts.`, field.offset, 'whole tensors');
      case TENSOR.floatData:
      case TENSOR.int32Data:
      case TENSOR.int64Data:
      case TENSOR.doubleData:
      case TENSOR.uint64Data:
      case TENSOR.stringData:
      case TENSOR.rawData:
        lists.push(field);
        break;
    }
  }
  const what = name === '' ? message.what : `Constant ${name}`;
  const dtype = ELEMENT_TYPES[code] ?? 'unknown';
  if (dtype === 'unknown') {
    const limit = `a type from 1 to ${ELEMENT_TYPES.length - 1}`;
    throw new ModelFormatError('ELEMENT_TYPE', `${what} is of type ${code}, which is not known.`, message.start, limit);
  }
  const bytes = checkedBytes(what, dtype, dims, message.start);
  if (isExternal) {
    const data = external.read(externalEntries(message, entries), bytes, what, message.start);
    return { name, dtype, shape: dims, data, offset: message.start };
  }
  const data = storedValues(message, lists, dtype);
  if (dtype === 'string') return { name, dtype, shape: dims, data: message.bytes, offset: message.start };
  if (data.length !== bytes) {
    const found = `${what} has ${counted(data.length, 'byte')} of values. ${dtype} [${dims.join(', ')}] takes ${grouped(bytes)}.`;
    throw new ModelFormatError('VALUES_DO_NOT_FIT', found, message.start, `${counted(bytes, 'byte')} of values`);
  }
  return { name, dtype, shape: dims, data, offset: message.start };
}

/** Bytes that the values take; the shape is checked before anything is made of it. */
function checkedBytes(what: string, dtype: DType, dims: readonly number[], offset: number): number {
  if (dims.length > MAX_RANK) {
    const message = `${what} has ${grouped(dims.length)} dimensions.`;
    throw new ModelFormatError('RANK_TOO_HIGH', message, offset, `at most ${MAX_RANK} dimensions`);
  }
  if (dims.some((size) => size < 0)) {
    const message = `${what} has the shape [${dims.join(', ')}]: a size is negative.`;
    throw new ModelFormatError('NEGATIVE_DIMENSION', message, offset, 'sizes of 0 or more');
  }
  if (dims.includes(0)) return 0;
  const bits = dims.reduce((product, size) => product * size, Math.max(1, BITS_PER_ELEMENT[dtype]));
  if (bits > Number.MAX_SAFE_INTEGER) {
    const message = `${what} has the shape [${dims.join(', ')}]: more elements than any memory holds.`;
    throw new ModelFormatError('SHAPE_TOO_LARGE', message, offset, `at most ${grouped(Number.MAX_SAFE_INTEGER)} bits`);
  }
  return Math.ceil(bits / 8);
}

function externalEntries(message: WireMessage, fields: readonly WireField[]): Map<string, string> {
  return new Map(fields.map((field) => readStringEntry(message.message(field, `an external data entry of ${message.what}`))));
}

export function readStringEntry(message: WireMessage): [key: string, value: string] {
  let [key, value] = ['', ''];
  for (const field of message.fields()) {
    if (field.number === STRING_ENTRY.key) key = message.text(field);
    if (field.number === STRING_ENTRY.value) value = message.text(field);
  }
  return [key, value];
}

function storedValues(message: WireMessage, fields: readonly WireField[], dtype: DType): Uint8Array {
  const raw = fields.filter(({ number }) => number === TENSOR.rawData).at(-1);
  if (raw !== undefined) return message.view(raw);
  const numbers = fields.filter(({ number }) => number !== TENSOR.stringData);
  const [first] = numbers;
  if (first === undefined || dtype === 'string') return new Uint8Array(0);
  const fixed = first.number === TENSOR.floatData ? 4 : first.number === TENSOR.doubleData ? 8 : null;
  const wanted = listOf(dtype);
  const wrong = numbers.find(({ number }) => number !== wanted);
  if (wrong !== undefined) {
    const problem = `${message.what} is ${dtype} and has its values in field ${wrong.number}.`;
    throw new ModelFormatError('VALUES_IN_WRONG_FIELD', problem, wrong.offset, `values in field ${wanted} or ${TENSOR.rawData}`);
  }
  if (fixed === null) return packIntegers(message, numbers, dtype);
  const parts = numbers.map((field) => message.fixedBytes(field, fixed));
  return parts.length === 1 ? (parts[0] ?? new Uint8Array(0)) : joined(parts);
}

/** The field that holds the values of a type where they are no raw bytes (comments of TensorProto in onnx.proto). */
function listOf(dtype: DType): number {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return TENSOR.floatData;
    case 'float64':
    case 'complex128':
      return TENSOR.doubleData;
    case 'int64':
      return TENSOR.int64Data;
    case 'uint32':
    case 'uint64':
      return TENSOR.uint64Data;
    default:
      return TENSOR.int32Data;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
