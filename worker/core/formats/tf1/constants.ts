import type { DType } from '../../model/dtype';
import { BITS_PER_ELEMENT } from '../../model/dtype';
import { grouped } from '../../wording';
import { ModelFormatError } from '../modelFormatError';
import type { WireMessage } from '../onnx/proto/wire';
import { readShape } from './attributes';
import type { TfNode } from './graphDef';

/** A constant of the graph. */
export interface TfConstant {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Little-endian, row-major; a view into the file where it is stored as bytes. */
  readonly data: Uint8Array;
}

/** DataType (tensorflow/core/framework/types.proto) by code. */
const TYPES: Readonly<Record<number, DType>> = {
  1: 'float32',
  2: 'float64',
  3: 'int32',
  4: 'uint8',
  5: 'int16',
  6: 'int8',
  7: 'string',
  8: 'complex64',
  9: 'int64',
  10: 'bool',
  14: 'bfloat16',
  17: 'uint16',
  18: 'complex128',
  19: 'float16',
  20: 'resource',
  21: 'variant',
  22: 'uint32',
  23: 'uint64',
};

export function typeOfCode(code: number): DType {
  return TYPES[code] ?? 'unknown';
}

/** Fields of TensorProto (tensorflow/core/framework/tensor.proto); `values` those that hold numbers one by one. */
const TENSOR = { type: 1, shape: 2, content: 4 } as const;
const LISTS = { float: 5, double: 6, int: 7, int64: 10, bool: 11, half: 13 } as const;
const LIST_OF: Readonly<Partial<Record<DType, keyof typeof LISTS>>> = {
  float32: 'float',
  float64: 'double',
  int32: 'int',
  uint8: 'int',
  int16: 'int',
  int8: 'int',
  int64: 'int64',
  bool: 'bool',
  float16: 'half',
};
/** A list that is shorter than the shape ends with a value that is repeated: this much of it over a whole file. */
const MOST_REPEATED_BYTES = 1 << 28;

/** Constants of a graph, decoded when asked for and kept. */
export class Constants {
  readonly #known = new Map<TfNode, TfConstant>();
  #repeatedBytes = 0;

  /** @throws ModelFormatError where its values do not fill its shape, or are of a type without numbers */
  of(node: TfNode): TfConstant {
    let constant = this.#known.get(node);
    if (constant === undefined) this.#known.set(node, (constant = this.#read(node)));
    return constant;
  }

  #read(node: TfNode): TfConstant {
    const message = node.attributes.tensor('value');
    if (message === null) throw failure(node, 'CONSTANT_WITHOUT_VALUE', 'has no value', 'a value', node.offset);
    let dtype: DType = 'unknown';
    let shape: readonly number[] | null = [];
    let content: Uint8Array | null = null;
    for (const field of message.fields()) {
      if (field.number === TENSOR.type) dtype = typeOfCode(message.integer(field));
      else if (field.number === TENSOR.shape) shape = readShape(message.message(field, `the shape of ${node.name}`));
      else if (field.number === TENSOR.content) content = message.view(field);
    }
    const bytes = BITS_PER_ELEMENT[dtype] / 8;
    if (bytes === 0) throw failure(node, 'NOT_NUMERIC', `is of type ${dtype}`, 'a numeric type', message.start);
    if (shape === null || shape.some((size) => size < 0))
      throw failure(node, 'SHAPE_OPEN', 'has an open shape', 'a size for every axis', message.start);
    const count = shape.reduce((product, size) => product * size, 1);
    if (content !== null && content.length > 0) {
      if (content.length === count * bytes) return { dtype, shape, data: content };
      const problem = `stores ${grouped(content.length)} bytes for a shape of ${grouped(count * bytes)}`;
      throw failure(node, 'CONSTANT_SIZE', problem, `${grouped(count * bytes)} bytes`, message.start);
    }
    return { dtype, shape, data: this.#listed(node, message, dtype, count) };
  }

  #listed(node: TfNode, message: WireMessage, dtype: DType, count: number): Uint8Array {
    const list = LIST_OF[dtype];
    if (list === undefined) throw failure(node, 'NOT_NUMERIC', `is of type ${dtype}`, 'a type with numbers', message.start);
    const parts: Uint8Array[] = [];
    const integers: number[] = [];
    for (const field of message.fields()) {
      if (field.number !== LISTS[list]) continue;
      if (list === 'float' || list === 'double') parts.push(message.fixedBytes(field, list === 'float' ? 4 : 8));
      else message.integers(field, integers);
    }
    const stored = list === 'float' || list === 'double' ? joined(parts) : packed(integers, dtype);
    const size = BITS_PER_ELEMENT[dtype] / 8;
    const wanted = count * size;
    if (stored.length > wanted || (stored.length === 0 && wanted > 0)) {
      const problem = `stores ${grouped(stored.length / size)} of ${grouped(count)} values`;
      throw failure(node, 'CONSTANT_SIZE', problem, `1 to ${grouped(count)} values`, message.start);
    }
    if (stored.length === wanted) return stored;
    this.#repeatedBytes += wanted;
    if (!(this.#repeatedBytes <= MOST_REPEATED_BYTES)) {
      const problem = `repeats a value ${grouped(count)} times`;
      throw failure(
        node,
        'CONSTANT_SIZE',
        problem,
        `${grouped(MOST_REPEATED_BYTES)} bytes of such values in a file`,
        message.start,
      );
    }
    const data = new Uint8Array(wanted);
    const last = stored.subarray(stored.length - size);
    for (let at = 0; at < wanted; at += size) data.set(at < stored.length ? stored.subarray(at, at + size) : last, at);
    return data;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function packed(values: readonly number[], dtype: DType): Uint8Array {
  switch (dtype) {
    case 'int64':
      return new Uint8Array(BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int16':
    case 'float16':
      return new Uint8Array(Int16Array.from(values).buffer);
    default:
      return Uint8Array.from(values);
  }
}

function failure(node: TfNode, code: string, problem: string, limit: string, offset: number): ModelFormatError {
  return new ModelFormatError(code, `Constant ${node.name} ${problem}.`, offset, limit);
}

/** Values of a constant as numbers; null where its type is none of these. */
export function numbersOf({ dtype, shape, data }: TfConstant): readonly number[] | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read: Readonly<Partial<Record<DType, (at: number) => number>>> = {
    float32: (at) => view.getFloat32(4 * at, true),
    float64: (at) => view.getFloat64(8 * at, true),
    int32: (at) => view.getInt32(4 * at, true),
    int64: (at) => Number(view.getBigInt64(8 * at, true)),
    bool: (at) => view.getUint8(at),
  };
  const one = read[dtype];
  if (one === undefined) return null;
  return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, at) => one(at));
}
