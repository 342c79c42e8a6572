import { dump, parse, type TypedArray } from 'npyjs';
import type { DType } from '../model/dtype';
import { elementCount, formatShape } from '../run/arrays';
import type { NumericArray, Value } from '../run/value';
import { DATA_LIMITS } from './dataArray';
import { DataFormatError } from './dataFormatError';

/** Element types of NumPy (kind and bytes) that a value can have at run time; f2 is widened to float32. */
const DTYPES: Readonly<Record<string, { readonly dtype: DType; readonly bytes: number }>> = {
  b1: { dtype: 'bool', bytes: 1 },
  i1: { dtype: 'int8', bytes: 1 },
  u1: { dtype: 'uint8', bytes: 1 },
  i2: { dtype: 'int16', bytes: 2 },
  u2: { dtype: 'uint16', bytes: 2 },
  i4: { dtype: 'int32', bytes: 4 },
  u4: { dtype: 'uint32', bytes: 4 },
  i8: { dtype: 'int64', bytes: 8 },
  f2: { dtype: 'float32', bytes: 2 },
  f4: { dtype: 'float32', bytes: 4 },
  f8: { dtype: 'float64', bytes: 8 },
};

/** What the header of an .npy file says, checked. */
export interface NpyHeader {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  readonly bigEndian: boolean;
  /** NumPy's own type, such as `f2`. */
  readonly type: string;
  readonly bytesPerElement: number;
  /** Where the values start. */
  readonly dataOffset: number;
}

/** Bytes from the start of a file that always hold its header's first, fixed part. */
const PREFIX_BYTES = 12;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads the header of an .npy file (format versions 1 to 3).
 * @param totalBytes size of the whole file, where `bytes` is only its start
 */
export function readNpyHeader(bytes: Uint8Array, file: string, totalBytes = bytes.length): NpyHeader {
  const fail = (code: string, message: string, offset: number, limit: string | null = null) =>
    new DataFormatError(code, file, message, offset, limit);
  if (bytes.length < PREFIX_BYTES || MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw fail('NPY_MAGIC', 'is not an .npy file: it does not start with \\x93NUMPY', 0);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(6);
  if (version < 1 || version > 3) throw fail('NPY_VERSION', `has .npy format version ${version}`, 6, 'versions 1 to 3');
  const headerOffset = version === 1 ? 10 : 12;
  const dataOffset = headerOffset + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataOffset > bytes.length) {
    throw fail('NPY_TRUNCATED', `is cut off in its header, which ends at byte ${dataOffset}`, 8, `${bytes.length} bytes`);
  }
  const text = new TextDecoder('latin1').decode(bytes.subarray(headerOffset, dataOffset));
  const descriptor = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d+)'/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const axes = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  const type = DTYPES[descriptor?.[2] ?? ''];
  if (type === undefined) {
    const seen = /'descr'\s*:\s*([^,}]*)/.exec(text)?.[1]?.trim() ?? 'nothing';
    throw fail('NPY_TYPE', `holds ${seen}`, headerOffset, `one of ${Object.keys(DTYPES).join(' ')}`);
  }
  if (axes === null || order === null) throw fail('NPY_HEADER', 'has a header without a usable shape', headerOffset);
  const shape = (axes[1] ?? '').split(',').map((axis) => axis.trim().replace(/L$/, '')).filter((axis) => axis !== '').map(Number); // prettier-ignore
  const bytesNeeded = elementCount(shape) * type.bytes;
  if (shape.length > DATA_LIMITS.rank || !(bytesNeeded <= DATA_LIMITS.arrayBytes)) {
    const limit = `${DATA_LIMITS.rank} axes, ${DATA_LIMITS.arrayBytes} bytes`;
    throw fail('NPY_TOO_LARGE', `claims the shape ${formatShape(shape)}`, headerOffset, limit);
  }
  if (dataOffset + bytesNeeded > totalBytes) {
    const message = `claims ${formatShape(shape)} ${type.dtype}, ${bytesNeeded} bytes, but ${totalBytes - dataOffset} follow`;
    throw fail('NPY_TRUNCATED', message, dataOffset, `${bytesNeeded} bytes`);
  }
  return {
    dtype: type.dtype,
    shape,
    fortranOrder: order[1] === 'True',
    bigEndian: descriptor?.[1] === '>' && type.bytes > 1,
    type: descriptor?.[2] ?? '',
    bytesPerElement: type.bytes,
    dataOffset,
  };
}

/** Reads an .npy file: any byte order, C or Fortran order (the result is row-major); half floats become float32. */
export function readNpy(bytes: Uint8Array, file: string): Value {
  const header = readNpyHeader(bytes, file);
  const { shape, dtype, bytesPerElement, dataOffset, type } = header;
  const end = dataOffset + elementCount(shape) * bytesPerElement;
  const body = bytes.slice(dataOffset, end);
  if (header.bigEndian) swapBytes(body, bytesPerElement);
  const { data } = parse(littleEndianNpy(body, type, shape));
  const values = (data instanceof Array ? Uint8Array.from(data, Number) : data) as NumericArray;
  return { dtype, shape, data: header.fortranOrder ? toRowMajor(values, shape) : values };
}

/** A value as an .npy file (version 1, little-endian, C order). */
export function writeNpy(value: Value): Uint8Array {
  const buffer = dump(value.data as TypedArray, [...value.shape]);
  return new Uint8Array(buffer);
}

/** The library takes little-endian files with aligned values only; this is such a file around `body`. */
function littleEndianNpy(body: Uint8Array, type: string, shape: readonly number[]): ArrayBuffer {
  const axes = shape.map((size) => `${size},`).join('');
  const dictionary = `{'descr': '<${type}', 'fortran_order': False, 'shape': (${axes})}`;
  const headerBytes = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = new TextEncoder().encode(dictionary.padEnd(headerBytes - 1) + '\n');
  const file = new Uint8Array(10 + headerBytes + body.length);
  file.set([...MAGIC, 1, 0, headerBytes & 0xff, headerBytes >> 8]);
  file.set(header, 10);
  file.set(body, 10 + headerBytes);
  return file.buffer;
}

function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}

/** Values in Fortran order (first axis fastest) put into C order (last axis fastest). */
function toRowMajor(values: NumericArray, shape: readonly number[]): NumericArray {
  const result = values.slice();
  const index = shape.map(() => 0);
  for (let target = 0; target < values.length; target++) {
    let source = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) source = source * (shape[axis] ?? 1) + (index[axis] ?? 0);
    result[target] = values[source] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      index[axis] = 0;
    }
  }
  return result;
}
