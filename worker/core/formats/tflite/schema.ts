import { scalar, string, table, tables, union, vector } from './fields';
import { BUILTIN_OPTIONS, BUILTIN_OPTIONS_2 } from './optionTables';

/**
 * The tables of a TensorFlow Lite file, schema version 3 up to 3d: names, field ids, types and defaults, as LiteRT's
 * tflite/converter/schema/schema.fbs declares them: all of them, because what is declared here is carried over exactly when a
 * file is written anew.
 */
export const CUSTOM_QUANTIZATION = { custom: vector(0, 'uint8') } as const;

const BLOCKWISE_QUANTIZATION = {
  scales: scalar(0, 'int32'),
  zero_points: scalar(1, 'int32'),
  block_size: scalar(2, 'int32'),
} as const;

export const MULTI_AXIS_QUANTIZATION = {
  ...BLOCKWISE_QUANTIZATION,
  quantized_dimensions: vector(3, 'int32'),
} as const;

/** What blockwise and multi-axis details have in common. */
export type BlockwiseQuantizationTable = typeof BLOCKWISE_QUANTIZATION;

/** Codes of the union `details`. */
export const QUANTIZATION_DETAILS = { none: 0, custom: 1, blockwise: 2, multiAxis: 3 } as const;

export const QUANTIZATION = {
  min: vector(0, 'float32'),
  max: vector(1, 'float32'),
  scale: vector(2, 'float32'),
  zero_point: vector(3, 'int64'),
  details: union(4, [CUSTOM_QUANTIZATION, BLOCKWISE_QUANTIZATION, MULTI_AXIS_QUANTIZATION]),
  quantized_dimension: scalar(6, 'int32'),
} as const;

/** Tables of the union SparseIndexVector, in code order from 1. */
const SPARSE_INDEX_VECTORS = [
  { values: vector(0, 'int32') },
  { values: vector(0, 'uint16') },
  { values: vector(0, 'uint8') },
] as const;

export type SparseIndexTable = (typeof SPARSE_INDEX_VECTORS)[number];

export const DIMENSION_METADATA = {
  /** 0 dense, 1 sparse CSR. */
  format: scalar(0, 'int8'),
  dense_size: scalar(1, 'int32'),
  array_segments: union(2, SPARSE_INDEX_VECTORS),
  array_indices: union(4, SPARSE_INDEX_VECTORS),
} as const;

export const SPARSITY = {
  traversal_order: vector(0, 'int32'),
  block_map: vector(1, 'int32'),
  dim_metadata: tables(2, DIMENSION_METADATA),
} as const;

const VARIANT_SUB_TYPE = { shape: vector(0, 'int32'), type: scalar(1, 'int8'), has_rank: scalar(2, 'bool') } as const;

export const TENSOR = {
  shape: vector(0, 'int32'),
  type: scalar(1, 'int8'),
  buffer: scalar(2, 'uint32'),
  name: string(3),
  quantization: table(4, QUANTIZATION),
  is_variable: scalar(5, 'bool'),
  sparsity: table(6, SPARSITY),
  shape_signature: vector(7, 'int32'),
  has_rank: scalar(8, 'bool'),
  variant_tensors: tables(9, VARIANT_SUB_TYPE),
  external_buffer: scalar(10, 'uint32'),
} as const;

export const OPERATOR_CODE = {
  deprecated_builtin_code: scalar(0, 'int8'),
  custom_code: string(1),
  version: scalar(2, 'int32', 1),
  builtin_code: scalar(3, 'int32'),
} as const;

export const OPERATOR = {
  opcode_index: scalar(0, 'uint32'),
  inputs: vector(1, 'int32'),
  outputs: vector(2, 'int32'),
  builtin_options: union(3, BUILTIN_OPTIONS),
  custom_options: vector(5, 'uint8'),
  custom_options_format: scalar(6, 'int8'),
  mutating_variable_inputs: vector(7, 'bool'),
  intermediates: vector(8, 'int32'),
  large_custom_options_offset: scalar(9, 'uint64'),
  large_custom_options_size: scalar(10, 'uint64'),
  builtin_options_2: union(11, BUILTIN_OPTIONS_2),
  debug_metadata_index: scalar(13, 'int32', -1),
} as const;

export const SUBGRAPH = {
  tensors: tables(0, TENSOR),
  inputs: vector(1, 'int32'),
  outputs: vector(2, 'int32'),
  operators: tables(3, OPERATOR),
  name: string(4),
  debug_metadata_index: scalar(5, 'int32', -1),
} as const;

export const BUFFER = {
  data: vector(0, 'uint8'),
  /** Position in the file of data outside the tables, valid above 1. */
  offset: scalar(1, 'uint64'),
  size: scalar(2, 'uint64'),
} as const;

export const METADATA = { name: string(0), buffer: scalar(1, 'uint32') } as const;

export const TENSOR_MAP = { name: string(0), tensor_index: scalar(1, 'uint32') } as const;

export const SIGNATURE = {
  inputs: tables(0, TENSOR_MAP),
  outputs: tables(1, TENSOR_MAP),
  signature_key: string(2),
  deprecated_tag: string(3),
  subgraph_index: scalar(4, 'uint32'),
} as const;

const EXTERNAL_BUFFER_GROUP = { name: string(0) } as const;

const EXTERNAL_BUFFER = {
  id: scalar(0, 'uint32'),
  group: scalar(1, 'uint32'),
  offset: scalar(2, 'uint64'),
  length: scalar(3, 'uint64'),
  packing: string(4),
} as const;

export const MODEL = {
  version: scalar(0, 'uint32'),
  operator_codes: tables(1, OPERATOR_CODE),
  subgraphs: tables(2, SUBGRAPH),
  description: string(3),
  buffers: tables(4, BUFFER),
  metadata_buffer: vector(5, 'int32'),
  metadata: tables(6, METADATA),
  signature_defs: tables(7, SIGNATURE),
  external_buffer_groups: tables(8, EXTERNAL_BUFFER_GROUP),
  external_buffers: tables(9, EXTERNAL_BUFFER),
} as const;
