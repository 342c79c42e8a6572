import type { Value } from '../../core/run/value';

/** Scale and zero point of values: one of each, or one for each place along an axis. */
export interface Affine {
  /** Null: 1. */
  readonly scale: Value | null;
  /** Null: 0. */
  readonly zeroPoint: Value | null;
  /** May be negative. */
  readonly axis: number;
}

/** real = scale * (code - zeroPoint) in float32; codes may be unrounded. */
export function realsOfCodes(codes: Value, affine: Affine): Value {
  return mapped(codes, affine, (code, scale, zeroPoint) => scale * (code - zeroPoint));
}

/** code = real / scale + zeroPoint in float32, neither rounded nor clamped. */
export function unroundedCodes(reals: Value, affine: Affine): Value {
  return mapped(reals, affine, (real, scale, zeroPoint) => Math.fround(real / scale) + zeroPoint);
}

function mapped(value: Value, affine: Affine, of: (value: number, scale: number, zeroPoint: number) => number): Value {
  const { shape } = value;
  const source = value.data as ArrayLike<number | bigint>;
  const data = new Float32Array(source.length);
  const axis = affine.axis < 0 ? affine.axis + shape.length : affine.axis;
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const channels = shape[axis] ?? 1;
  const scales = parameter(affine.scale, 1);
  const zeroPoints = parameter(affine.zeroPoint, 0);
  for (let k = 0; k < data.length; k++) {
    const channel = Math.floor(k / inner) % channels;
    data[k] = of(Number(source[k]), scales(channel), zeroPoints(channel));
  }
  return { dtype: 'float32', shape, data };
}

function parameter(value: Value | null, missing: number): (channel: number) => number {
  if (value === null || value.data.length === 0) return () => missing;
  const values = Float64Array.from(value.data as ArrayLike<number | bigint>, Number);
  if (values.length === 1) return () => values[0]!;
  return (channel) => values[channel] ?? missing;
}

/** Adds a vector along the last axis, in place. */
export function addAlongLastAxis(sums: Value, vector: Value): void {
  const [data, added] = [sums.data as Float32Array, vector.data as Float32Array];
  for (let k = 0; k < data.length; k++) data[k] = data[k]! + (added[k % added.length] ?? 0);
}
