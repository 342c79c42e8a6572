import { ModelFormatError } from '../formats/modelFormatError';
import type { NumericArray } from '../run/value';
import { densify } from './densify';
import { BITS_PER_ELEMENT, type DType } from './dtype';
import { dequantize } from './dequantize';
import type { Graph, Tensor } from './model';
import { bfloat16ToFloat32, float4ToFloat32, float16ToFloat32, float8ToFloat32 } from './smallFloats';

/**
 * Values of a constant as the typed array of its type: row-major, aligned, a copy of the file's bytes.
 * float16, bfloat16, 8- and 4-bit floats give Float32Array; int4 and int2 Int8Array; uint4, uint2 and bool Uint8Array; uint64 its bits
 * in a BigInt64Array. Sparse constants are spread out.
 * @throws ModelFormatError when the tensor is no constant, not numeric, or its stored values do not fill its shape
 */
export function constantValues(tensor: Tensor): NumericArray {
  const { data, dtype, sparsity } = tensor;
  const bits = BITS_PER_ELEMENT[dtype];
  if (data === null) throw failure(tensor, 'NOT_CONSTANT', 'holds no values', 'a constant');
  if (bits === 0 || dtype === 'complex64' || dtype === 'complex128')
    throw failure(tensor, 'NOT_NUMERIC', `is of type ${dtype}`, 'a numeric type');
  const stored = Math.floor((data.length * 8) / bits);
  if (sparsity !== null)
    return densify(tensor, sparsity, decode(data, dtype, stored), (count) => decode(new Uint8Array(0), dtype, count));
  const count = tensor.shape.reduce((product, size) => product * size, 1);
  if (count > stored) throw failure(tensor, 'BUFFER_TOO_SMALL', `stores ${stored} of ${count} values`, `${count} values`);
  return decode(data, dtype, count);
}

/**
 * Values of a constant as reals in float32: scale * (q - zeroPoint) per tensor, per axis or per block, each rounded once.
 * Floats pass, integers without parameters are taken as they are.
 * @param graph where blockwise scales are looked up; needed for blockwise quantized constants only
 * @throws ModelFormatError as `constantValues`, and when scales do not fit the shape
 */
export function realConstant(tensor: Tensor, graph?: Graph): Float32Array {
  const values = constantValues(tensor);
  if (values instanceof Float32Array) return values;
  return dequantize(tensor, values, (index) => {
    const other = graph?.tensors[index];
    if (other === undefined)
      throw failure(tensor, 'BLOCKWISE_SCALES', 'has its scales in another tensor', 'scales in the same graph');
    return { shape: other.shape, values: realConstant(other) };
  });
}

/** `count` elements of little-endian `data`; elements past its end are 0. */
function decode(data: Uint8Array, dtype: DType, count: number): NumericArray {
  switch (dtype) {
    case 'float16':
      return float16ToFloat32(data, count);
    case 'bfloat16':
      return bfloat16ToFloat32(data, count);
    case 'float8e4m3fn':
      return float8ToFloat32(data, count, 'e4m3fn');
    case 'float8e4m3fnuz':
      return float8ToFloat32(data, count, 'e4m3fnuz');
    case 'float8e5m2':
      return float8ToFloat32(data, count, 'e5m2');
    case 'float8e5m2fnuz':
      return float8ToFloat32(data, count, 'e5m2fnuz');
    case 'float8e8m0':
      return float8ToFloat32(data, count, 'e8m0');
    case 'int4':
      return unpack(data, new Int8Array(count), 4, true);
    case 'int2':
      return unpack(data, new Int8Array(count), 2, true);
    case 'uint4':
      return unpack(data, new Uint8Array(count), 4, false);
    case 'uint2':
      return unpack(data, new Uint8Array(count), 2, false);
    case 'float4e2m1':
      return float4ToFloat32(data, count);
    case 'float32':
      return filled(data, new Float32Array(count));
    case 'float64':
      return filled(data, new Float64Array(count));
    case 'int8':
      return filled(data, new Int8Array(count));
    case 'bool':
    case 'uint8':
      return filled(data, new Uint8Array(count));
    case 'int16':
      return filled(data, new Int16Array(count));
    case 'uint16':
      return filled(data, new Uint16Array(count));
    case 'int32':
      return filled(data, new Int32Array(count));
    case 'uint32':
      return filled(data, new Uint32Array(count));
    case 'int64':
    case 'uint64':
      return filled(data, new BigInt64Array(count));
    case 'complex64':
    case 'complex128':
    case 'string':
    case 'resource':
    case 'variant':
    case 'unknown':
      throw new TypeError(`${dtype} has no numeric array`);
  }
}

function filled<T extends NumericArray>(data: Uint8Array, values: T): T {
  const bytes = new Uint8Array(values.buffer);
  bytes.set(data.subarray(0, bytes.length));
  return values;
}

/** Elements of less than a byte, the first one in the lowest bits. */
function unpack<T extends Int8Array | Uint8Array>(data: Uint8Array, values: T, bits: 2 | 4, signed: boolean): T {
  const perByte = 8 / bits;
  const free = 32 - bits;
  for (let i = 0; i < values.length; i++) {
    const shifted = ((data[Math.floor(i / perByte)] ?? 0) >> ((i % perByte) * bits)) << free;
    values[i] = signed ? shifted >> free : shifted >>> free;
  }
  return values;
}

function failure(tensor: Tensor, code: string, problem: string, limit: string): ModelFormatError {
  return new ModelFormatError(code, `Tensor ${tensor.index}, ${tensor.name}, ${problem}.`, null, limit);
}
