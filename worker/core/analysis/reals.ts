import type { AnalysedArray } from './analysedArray';

/** real = float32(scale * (code - zeroPoint)); reals as they are. */
export function realsOf(values: AnalysedArray, scale: number, zeroPoint: number): Float32Array {
  return values instanceof Float32Array ? values : fill(new Float32Array(values.length), values, scale, zeroPoint);
}

/** The same in memory that is used again: good until the next call. A run converts many millions of values in short arrays. */
export class RealsOnce {
  private memory = new Float32Array(0);

  of(values: AnalysedArray, scale: number, zeroPoint: number): Float32Array {
    if (values instanceof Float32Array) return values;
    if (this.memory.length < values.length) this.memory = new Float32Array(values.length);
    return fill(this.memory.subarray(0, values.length), values, scale, zeroPoint);
  }
}

function fill(reals: Float32Array, values: AnalysedArray, scale: number, zeroPoint: number): Float32Array {
  for (let i = 0; i < reals.length; i++) reals[i] = scale * (values[i]! - zeroPoint);
  return reals;
}
