import type { DType } from '../model/dtype';
import type { NumericArray, Value } from './value';

const CONSTRUCTORS: Readonly<Partial<Record<DType, new (length: number) => NumericArray>>> = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
};

/** Zeroes of a run-time type; null for types that no value has at run time (float16 and 4-bit constants are widened when read). */
export function allocate(dtype: DType, length: number): NumericArray | null {
  const constructor = CONSTRUCTORS[dtype];
  return constructor === undefined ? null : new constructor(length);
}

/** Product of a shape's axes; 1 for rank 0. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape as people write it: `[1, 77, 120]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** A copy of a value's numbers as integers that JavaScript can count with (axes, shapes, begins and sizes). */
export function toIndices(value: Value): number[] {
  return Array.from(value.data as ArrayLike<number | bigint>, Number);
}
