import { clampToInt16, clampToInt8 } from '../../quantization/fixedPoint';
import { matrixVectorInt16, matrixVectorInt8 } from '../matrixProducts';
import type { SignalArray } from '../signals';

/** Types of x, m and h, and of the accumulators of their matmuls. */
export type Codes = Int8Array | Int16Array;
export type Accumulators = Int32Array | Float64Array;

/** What depends on the width of activations: 8x8 (int8 codes, int32 accumulators) or 16x8 (int16 codes, int64 accumulators). */
export interface CodeArithmetic<C extends Codes, A extends Accumulators> {
  readonly dtype: 'int8' | 'int16';
  readonly codes: (length: number) => C;
  readonly accumulators: (length: number) => A;
  readonly isCodes: (array: SignalArray) => array is C;
  readonly matrixVector: (w: Int8Array, x: C, at: number, columns: number, base: A, y: A) => void;
  readonly clamp: (x: number) => number;
}

export const INT8_ARITHMETIC: CodeArithmetic<Int8Array, Int32Array> = {
  dtype: 'int8',
  codes: (length) => new Int8Array(length),
  accumulators: (length) => new Int32Array(length),
  isCodes: (array): array is Int8Array => array instanceof Int8Array,
  matrixVector: matrixVectorInt8,
  clamp: clampToInt8,
};

/** int64 accumulators as float64, which holds them exactly below 2^53. */
export const INT16_ARITHMETIC: CodeArithmetic<Int16Array, Float64Array> = {
  dtype: 'int16',
  codes: (length) => new Int16Array(length),
  accumulators: (length) => new Float64Array(length),
  isCodes: (array): array is Int16Array => array instanceof Int16Array,
  matrixVector: matrixVectorInt16,
  clamp: clampToInt16,
};
