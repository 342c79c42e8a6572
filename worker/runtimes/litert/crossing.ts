import type { DType } from '../../core/model/dtype';
import { allocate } from '../../core/run/arrays';
import type { NumericArray } from '../../core/run/value';
import type { CrossingArray, CrossingType } from './litertModule';

/**
 * How values of each type cross the border of LiteRT.js, which takes three types only. A CAST inside the sub-model turns the others
 * into int32 and back: unlike QUANTIZE and DEQUANTIZE it needs no parameters and rounds nothing.
 */
const CROSSING: Readonly<Partial<Record<DType, CrossingType>>> = {
  float32: 'float32',
  int32: 'int32',
  uint8: 'uint8',
  bool: 'int32',
  int8: 'int32',
  int16: 'int32',
  uint16: 'int32',
  uint32: 'int32',
  int64: 'int32',
};

/** Null where values of the type cannot cross. */
export function crossingType(dtype: DType): CrossingType | null {
  return CROSSING[dtype] ?? null;
}

/** @throws RangeError when an integer does not fit int32 */
export function toCrossing(data: NumericArray, dtype: DType): CrossingArray {
  if (data instanceof Float32Array || data instanceof Int32Array) return data;
  if (dtype === 'uint8') return data as Uint8Array;
  const values = new Int32Array(data.length);
  for (let i = 0; i < values.length; i++) {
    values[i] = Number(data[i]);
    if (values[i] !== Number(data[i]))
      throw new RangeError(`a value of ${data[i]} does not fit int32, as which it is handed over`);
  }
  return values;
}

export function fromCrossing(data: CrossingArray, dtype: DType): NumericArray {
  if (crossingType(dtype) === dtype) return data;
  const values = allocate(dtype, data.length);
  if (values === null) throw new TypeError(`${dtype} has no array`);
  for (let i = 0; i < data.length; i++) values[i] = dtype === 'int64' ? BigInt(data[i] ?? 0) : (data[i] ?? 0);
  return values;
}
