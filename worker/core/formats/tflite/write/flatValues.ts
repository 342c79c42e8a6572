import { grouped } from '../../../wording';
import { ModelFormatError } from '../../modelFormatError';
import { type Scalar, SCALAR_BYTES } from '../flatBuffer';
import type { FlatNode, FlatValue } from './flatNode';

/** What a value is, for messages; composed only when it cannot be written. */
export type Naming = () => string;

type NumberField = { readonly type: Scalar };

const WHOLE_RANGES: Readonly<Record<Exclude<Scalar, 'float32'>, readonly [low: number, high: number]>> = {
  bool: [0, 1],
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  // What a float64 holds exactly.
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** @throws ModelFormatError when the number does not fit the field's type */
export function scalarValue({ type }: NumberField, value: number, naming: Naming): FlatValue {
  const bytes = new Uint8Array(SCALAR_BYTES[type]);
  put(new DataView(bytes.buffer), 0, type, value, naming);
  return { kind: 'inline', bytes, align: bytes.length };
}

/** @throws ModelFormatError when a number does not fit the list's type */
export function listValue({ type }: NumberField, values: ArrayLike<number>, naming: Naming): FlatValue {
  const size = SCALAR_BYTES[type];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) put(view, i * size, type, values[i] ?? 0, naming);
  return { kind: 'list', count: values.length, bytes, align: size };
}

/** A list of bytes, aligned as the schema wants buffers. The bytes are not copied before the file is written. */
export function bytesValue(bytes: Uint8Array): FlatValue {
  return { kind: 'list', count: bytes.length, bytes, align: 16 };
}

export function textValue(text: string): FlatValue {
  return { kind: 'text', bytes: new TextEncoder().encode(text) };
}

export function tableValue(node: FlatNode): FlatValue {
  return { kind: 'table', node };
}

export function tablesValue(nodes: readonly FlatNode[]): FlatValue {
  return { kind: 'references', items: nodes.map((node) => ({ kind: 'table', node })) };
}

/** The number that a value stands for; `fallback` where it is absent. */
export function numberOf(value: FlatValue | undefined, field: NumberField, fallback: number): number {
  if (value?.kind !== 'inline') return fallback;
  return get(new DataView(value.bytes.buffer, value.bytes.byteOffset), 0, field.type);
}

/** Numbers of a list; none where it is absent. */
export function numbersOf(value: FlatValue | undefined, { type }: NumberField): number[] {
  if (value?.kind !== 'list') return [];
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset);
  return Array.from({ length: value.count }, (_, i) => get(view, i * SCALAR_BYTES[type], type));
}

function get(view: DataView, at: number, type: Scalar): number {
  switch (type) {
    case 'bool':
    case 'uint8':
      return view.getUint8(at);
    case 'int8':
      return view.getInt8(at);
    case 'int16':
      return view.getInt16(at, true);
    case 'uint16':
      return view.getUint16(at, true);
    case 'int32':
      return view.getInt32(at, true);
    case 'uint32':
      return view.getUint32(at, true);
    case 'int64':
      return Number(view.getBigInt64(at, true));
    case 'uint64':
      return Number(view.getBigUint64(at, true));
    case 'float32':
      return view.getFloat32(at, true);
  }
}

function put(view: DataView, at: number, type: Scalar, value: number, naming: Naming): void {
  if (type === 'float32') {
    view.setFloat32(at, value, true);
    return;
  }
  const [low, high] = WHOLE_RANGES[type];
  if (!Number.isInteger(value) || value < low || value > high) {
    const message = `${naming()} would be ${value}, which is no ${type}.`;
    throw new ModelFormatError('VALUE_OUT_OF_RANGE', message, null, `a whole number from ${grouped(low)} to ${grouped(high)}`);
  }
  switch (SCALAR_BYTES[type]) {
    case 1:
      view.setInt8(at, value);
      break;
    case 2:
      view.setInt16(at, value, true);
      break;
    case 4:
      view.setInt32(at, value, true);
      break;
    default:
      view.setBigInt64(at, BigInt(value), true);
  }
}
