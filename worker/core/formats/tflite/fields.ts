import type { DType } from '../../model/dtype';
import type { Scalar } from './flatBuffer';
import type { Field, TableSchema } from './flatTable';

/** Makers of field descriptions, so that a table reads like its declaration: name, id, type, default. */
export const scalar = <const T extends Scalar>(id: number, type: T, fallback = 0) =>
  ({ kind: 'scalar', id, type, default: fallback }) as const satisfies Field;
export const enumeration = (id: number, type: Scalar, names: readonly string[], fallback = 0) =>
  ({ kind: 'enum', id, type, names, default: fallback }) as const satisfies Field;
/** A number that the schema has given up: kept when a file is written anew, and not shown. */
export const deprecated = (id: number, type: Scalar) => ({ kind: 'deprecated', id, type }) as const satisfies Field;
export const vector = (id: number, type: Scalar) => ({ kind: 'vector', id, type }) as const satisfies Field;
export const string = (id: number) => ({ kind: 'string', id }) as const satisfies Field;
export const table = <const S extends TableSchema>(id: number, of: S) => ({ kind: 'table', id, of }) as const satisfies Field;
export const tables = <const S extends TableSchema>(id: number, of: S) => ({ kind: 'tables', id, of }) as const satisfies Field;
export const union = (id: number, of: readonly TableSchema[]) => ({ kind: 'union', id, of }) as const satisfies Field;

/** Element types by the schema's TensorType codes. */
export const TENSOR_TYPES: readonly DType[] = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'complex64',
  'int8',
  'float64',
  'complex128',
  'uint64',
  'resource',
  'variant',
  'uint32',
  'uint16',
  'int4',
  'bfloat16',
  'int2',
  'uint4',
  'float8e4m3fn',
  'float8e5m2',
];
