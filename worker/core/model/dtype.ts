/** Element types of tensors, over all formats we read. */
export type DType =
  | 'float16'
  | 'float32'
  | 'float64'
  | 'bfloat16'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint2'
  | 'uint4'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float4e2m1'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'float8e8m0'
  | 'bool'
  | 'string'
  | 'complex64'
  | 'complex128'
  | 'resource'
  | 'variant'
  | 'unknown';

/** Bits one element takes in a file; 0 where elements have no fixed size (string, resource, variant, unknown). */
export const BITS_PER_ELEMENT: Readonly<Record<DType, number>> = {
  float16: 16,
  float32: 32,
  float64: 64,
  bfloat16: 16,
  int2: 2,
  int4: 4,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint2: 2,
  uint4: 4,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
  float4e2m1: 4,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  float8e8m0: 8,
  bool: 8,
  string: 0,
  complex64: 64,
  complex128: 128,
  resource: 0,
  variant: 0,
  unknown: 0,
};

/** Integer types whose values can sit at a rail, with their lowest and highest code. */
export const INTEGER_RAILS: Readonly<Partial<Record<DType, readonly [low: number, high: number]>>> = {
  int4: [-8, 7],
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-2147483648, 2147483647],
  uint8: [0, 255],
  uint16: [0, 65535],
};
