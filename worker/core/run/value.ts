import type { DType } from '../model/dtype';

export type NumericArray =
  Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array;

/** A tensor at run time. Its shape may differ from the file's static one (another number of time steps). */
export interface Value {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major; length is the product of `shape`. */
  readonly data: NumericArray;
}
