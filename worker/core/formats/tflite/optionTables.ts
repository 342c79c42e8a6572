import { deprecated, enumeration, scalar, string, TENSOR_TYPES, vector } from './fields';
import type { Field, TableSchema } from './flatTable';

/**
 * Options of the builtin operators: which table, and its fields in order (the order is the field id). Enums give their
 * schema name, tensor types the DType name. Facts of LiteRT's tflite/converter/schema/schema.fbs.
 */
type FieldMaker = (id: number) => Field;

const int =
  (fallback = 0): FieldMaker =>
  (id) =>
    scalar(id, 'int32', fallback);
const long: FieldMaker = (id) => scalar(id, 'int64');
const uint: FieldMaker = (id) => scalar(id, 'uint32');
const float: FieldMaker = (id) => scalar(id, 'float32');
const bool =
  (fallback = false): FieldMaker =>
  (id) =>
    scalar(id, 'bool', Number(fallback));
const text: FieldMaker = (id) => string(id);
const ints: FieldMaker = (id) => vector(id, 'int32');
const longs: FieldMaker = (id) => vector(id, 'int64');
const floats: FieldMaker = (id) => vector(id, 'float32');
const bools: FieldMaker = (id) => vector(id, 'bool');
const bytes: FieldMaker = (id) => vector(id, 'uint8');
const codes: FieldMaker = (id) => vector(id, 'uint32');
const oneOf =
  (names: readonly string[], fallback = 0): FieldMaker =>
  (id) =>
    enumeration(id, 'int8', names, fallback);
const wideOneOf =
  (names: readonly string[]): FieldMaker =>
  (id) =>
    enumeration(id, 'uint32', names);

const padding = oneOf(['SAME', 'VALID']);
const activation = oneOf(['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH', 'SIGN_BIT']);
const dtype = (fallback: 'float32' | 'int32' = 'float32') => oneOf(TENSOR_TYPES, TENSOR_TYPES.indexOf(fallback));
const givenUp: FieldMaker = (id) => deprecated(id, 'int32');

function fields(makers: Readonly<Record<string, FieldMaker>>): TableSchema {
  return Object.fromEntries(Object.entries(makers).map(([name, maker], id) => [name, maker(id)] as const));
}

const none: TableSchema = {};
const fusedOnly = fields({ fused_activation_function: activation });
const addOrSub = fields({ fused_activation_function: activation, pot_scale_int16: bool(true) });
const recurrent = {
  fused_activation_function: activation,
  cell_clip: float,
  proj_clip: float,
};
const argument = fields({ output_type: dtype() });
const splits = fields({ num_splits: int() });
const blockSize = fields({ block_size: int() });
const loop = fields({ cond_subgraph_index: int(), body_subgraph_index: int() });

/** Tables of the union BuiltinOptions by name, in code order from 1. */
const FIRST_UNION: readonly (readonly [name: string, schema: TableSchema])[] = [
  [
    'Conv2DOptions',
    fields({
      padding,
      stride_w: int(),
      stride_h: int(),
      fused_activation_function: activation,
      dilation_w_factor: int(1),
      dilation_h_factor: int(1),
      quantized_bias_type: dtype(),
    }),
  ],
  [
    'DepthwiseConv2DOptions',
    fields({
      padding,
      stride_w: int(),
      stride_h: int(),
      depth_multiplier: int(),
      fused_activation_function: activation,
      dilation_w_factor: int(1),
      dilation_h_factor: int(1),
    }),
  ],
  ['ConcatEmbeddingsOptions', fields({ num_channels: int(), num_columns_per_channel: ints, embedding_dim_per_channel: ints })],
  ['LSHProjectionOptions', fields({ type: oneOf(['UNKNOWN', 'SPARSE', 'DENSE']) })],
  [
    'Pool2DOptions',
    fields({
      padding,
      stride_w: int(),
      stride_h: int(),
      filter_width: int(),
      filter_height: int(),
      fused_activation_function: activation,
    }),
  ],
  ['SVDFOptions', fields({ rank: int(), fused_activation_function: activation, asymmetric_quantize_inputs: bool() })],
  ['RNNOptions', fields({ fused_activation_function: activation, asymmetric_quantize_inputs: bool() })],
  [
    'FullyConnectedOptions',
    fields({
      fused_activation_function: activation,
      weights_format: oneOf(['DEFAULT', 'SHUFFLED4x16INT8']),
      keep_num_dims: bool(),
      asymmetric_quantize_inputs: bool(),
      quantized_bias_type: dtype(),
    }),
  ],
  ['SoftmaxOptions', fields({ beta: float })],
  ['ConcatenationOptions', fields({ axis: int(), fused_activation_function: activation })],
  ['AddOptions', addOrSub],
  ['L2NormOptions', fusedOnly],
  ['LocalResponseNormalizationOptions', fields({ radius: int(), bias: float, alpha: float, beta: float })],
  ['LSTMOptions', fields({ ...recurrent, kernel_type: oneOf(['FULL', 'BASIC']), asymmetric_quantize_inputs: bool() })],
  [
    'ResizeBilinearOptions',
    fields({ new_height: givenUp, new_width: givenUp, align_corners: bool(), half_pixel_centers: bool() }),
  ],
  ['CallOptions', fields({ subgraph: uint })],
  ['ReshapeOptions', fields({ new_shape: ints })],
  ['SkipGramOptions', fields({ ngram_size: int(), max_skip_size: int(), include_all_ngrams: bool() })],
  ['SpaceToDepthOptions', blockSize],
  ['EmbeddingLookupSparseOptions', fields({ combiner: oneOf(['SUM', 'MEAN', 'SQRTN']) })],
  ['MulOptions', fusedOnly],
  ['PadOptions', none],
  ['GatherOptions', fields({ axis: int(), batch_dims: int() })],
  ['BatchToSpaceNDOptions', none],
  ['SpaceToBatchNDOptions', none],
  ['TransposeOptions', none],
  ['ReducerOptions', fields({ keep_dims: bool() })],
  ['SubOptions', addOrSub],
  ['DivOptions', fusedOnly],
  ['SqueezeOptions', fields({ squeeze_dims: ints })],
  [
    'SequenceRNNOptions',
    fields({ time_major: bool(), fused_activation_function: activation, asymmetric_quantize_inputs: bool() }),
  ],
  [
    'StridedSliceOptions',
    fields({
      begin_mask: int(),
      end_mask: int(),
      ellipsis_mask: int(),
      new_axis_mask: int(),
      shrink_axis_mask: int(),
      offset: bool(),
    }),
  ],
  ['ExpOptions', none],
  ['TopKV2Options', none],
  ['SplitOptions', splits],
  ['LogSoftmaxOptions', none],
  ['CastOptions', fields({ in_data_type: dtype(), out_data_type: dtype() })],
  ['DequantizeOptions', none],
  ['MaximumMinimumOptions', none],
  ['ArgMaxOptions', argument],
  ['LessOptions', none],
  ['NegOptions', none],
  ['PadV2Options', none],
  ['GreaterOptions', none],
  ['GreaterEqualOptions', none],
  ['LessEqualOptions', none],
  ['SelectOptions', none],
  ['SliceOptions', none],
  [
    'TransposeConvOptions',
    fields({
      padding,
      stride_w: int(),
      stride_h: int(),
      fused_activation_function: activation,
      quantized_bias_type: dtype(),
    }),
  ],
  ['SparseToDenseOptions', fields({ validate_indices: bool() })],
  ['TileOptions', none],
  ['ExpandDimsOptions', none],
  ['EqualOptions', none],
  ['NotEqualOptions', none],
  ['ShapeOptions', fields({ out_type: dtype() })],
  ['PowOptions', none],
  ['ArgMinOptions', argument],
  ['FakeQuantOptions', fields({ min: float, max: float, num_bits: int(), narrow_range: bool() })],
  ['PackOptions', fields({ values_count: int(), axis: int() })],
  ['LogicalOrOptions', none],
  ['OneHotOptions', fields({ axis: int() })],
  ['LogicalAndOptions', none],
  ['LogicalNotOptions', none],
  ['UnpackOptions', fields({ num: int(), axis: int() })],
  ['FloorDivOptions', none],
  ['SquareOptions', none],
  ['ZerosLikeOptions', none],
  ['FillOptions', none],
  [
    'BidirectionalSequenceLSTMOptions',
    fields({ ...recurrent, merge_outputs: bool(), time_major: bool(true), asymmetric_quantize_inputs: bool() }),
  ],
  [
    'BidirectionalSequenceRNNOptions',
    fields({
      time_major: bool(),
      fused_activation_function: activation,
      merge_outputs: bool(),
      asymmetric_quantize_inputs: bool(),
    }),
  ],
  [
    'UnidirectionalSequenceLSTMOptions',
    fields({ ...recurrent, time_major: bool(), asymmetric_quantize_inputs: bool(), diagonal_recurrent_tensors: bool() }),
  ],
  ['FloorModOptions', none],
  ['RangeOptions', none],
  ['ResizeNearestNeighborOptions', fields({ align_corners: bool(), half_pixel_centers: bool() })],
  ['LeakyReluOptions', fields({ alpha: float })],
  ['SquaredDifferenceOptions', none],
  ['MirrorPadOptions', fields({ mode: oneOf(['REFLECT', 'SYMMETRIC']) })],
  ['AbsOptions', none],
  ['SplitVOptions', splits],
  ['UniqueOptions', fields({ idx_out_type: dtype('int32') })],
  ['ReverseV2Options', none],
  ['AddNOptions', none],
  ['GatherNdOptions', none],
  ['CosOptions', none],
  ['WhereOptions', none],
  ['RankOptions', none],
  ['ReverseSequenceOptions', fields({ seq_dim: int(), batch_dim: int() })],
  ['MatrixDiagOptions', none],
  ['QuantizeOptions', none],
  ['MatrixSetDiagOptions', none],
  ['HardSwishOptions', none],
  ['IfOptions', fields({ then_subgraph_index: int(), else_subgraph_index: int() })],
  ['WhileOptions', loop],
  ['DepthToSpaceOptions', blockSize],
  ['NonMaxSuppressionV4Options', none],
  ['NonMaxSuppressionV5Options', none],
  ['ScatterNdOptions', none],
  ['SelectV2Options', none],
  ['DensifyOptions', none],
  ['SegmentSumOptions', none],
  ['BatchMatMulOptions', fields({ adj_x: bool(), adj_y: bool(), asymmetric_quantize_inputs: bool() })],
  ['CumsumOptions', fields({ exclusive: bool(), reverse: bool() })],
  ['CallOnceOptions', fields({ init_subgraph_index: int() })],
  ['BroadcastToOptions', none],
  ['Rfft2dOptions', none],
  [
    'Conv3DOptions',
    fields({
      padding,
      stride_d: int(),
      stride_w: int(),
      stride_h: int(),
      fused_activation_function: activation,
      dilation_d_factor: int(1),
      dilation_w_factor: int(1),
      dilation_h_factor: int(1),
    }),
  ],
  ['HashtableOptions', fields({ table_id: int(), key_dtype: dtype(), value_dtype: dtype() })],
  ['HashtableFindOptions', none],
  ['HashtableImportOptions', none],
  ['HashtableSizeOptions', none],
  ['VarHandleOptions', fields({ container: text, shared_name: text })],
  ['ReadVariableOptions', none],
  ['AssignVariableOptions', none],
  ['RandomOptions', fields({ seed: long, seed2: long })],
  ['BucketizeOptions', fields({ boundaries: floats })],
  ['GeluOptions', fields({ approximate: bool() })],
  ['DynamicUpdateSliceOptions', none],
  ['UnsortedSegmentProdOptions', none],
  ['UnsortedSegmentMaxOptions', none],
  ['UnsortedSegmentMinOptions', none],
  ['UnsortedSegmentSumOptions', none],
  ['ATan2Options', none],
  ['SignOptions', none],
  ['BitcastOptions', none],
  ['BitwiseXorOptions', none],
  ['RightShiftOptions', none],
];

const precision = codes;

/** Tables of the union BuiltinOptions2 by name, in code order from 1. */
const SECOND_UNION: readonly (readonly [name: string, schema: TableSchema])[] = [
  ['StablehloConcatenateOptions', fields({ dimension: long })],
  ['StablehloBroadcastInDimOptions', fields({ broadcast_dimensions: longs })],
  ['StablehloSliceOptions', fields({ start_indices: longs, limit_indices: longs, strides: longs })],
  [
    'StablehloConvolutionOptions',
    fields({
      window_strides: longs,
      padding: longs,
      lhs_dilation: longs,
      rhs_dilation: longs,
      window_reversal: bools,
      input_batch_dimension: long,
      input_feature_dimension: long,
      input_spatial_dimensions: longs,
      kernel_input_feature_dimension: long,
      kernel_output_feature_dimension: long,
      kernel_spatial_dimensions: longs,
      output_batch_dimension: long,
      output_feature_dimension: long,
      output_spatial_dimensions: longs,
      feature_group_count: long,
      batch_group_count: long,
      precision_config: precision,
    }),
  ],
  [
    'StablehloCustomCallOptions',
    fields({
      call_target_name: text,
      has_side_effect: bool(),
      backend_config: text,
      api_version: int(),
      called_computations: ints,
      custom_attributes: bytes,
    }),
  ],
  ['StablehloReduceOptions', fields({ dimensions: longs, body_subgraph_index: int() })],
  [
    'StablehloScatterOptions',
    fields({
      indices_are_sorted: bool(),
      update_window_dims: longs,
      inserted_window_dims: longs,
      scatter_dims_to_operand_dims: longs,
      index_vector_dim: long,
      unique_indices: bool(),
      update_computation_subgraph_index: int(),
    }),
  ],
  [
    'StablehloCompareOptions',
    fields({
      comparison_direction: wideOneOf(['EQ', 'NE', 'GE', 'GT', 'LE', 'LT']),
      compare_type: wideOneOf(['NOTYPE', 'FLOAT', 'FLOAT_TOTAL_ORDER', 'SIGNED', 'UNSIGNED']),
    }),
  ],
  ['StablehloDynamicSliceOptions', fields({ slice_sizes: longs })],
  ['StablehloPadOptions', fields({ edge_padding_low: longs, edge_padding_high: longs, interior_padding: longs })],
  ['StablehloIotaOptions', fields({ iota_dimension: long })],
  [
    'StablehloDotGeneralOptions',
    fields({
      lhs_batching_dimensions: longs,
      rhs_batching_dimensions: longs,
      lhs_contracting_dimensions: longs,
      rhs_contracting_dimensions: longs,
      precision_config: precision,
    }),
  ],
  [
    'StablehloReduceWindowOptions',
    fields({
      window_dimensions: longs,
      window_strides: longs,
      base_dilations: longs,
      window_dilations: longs,
      padding: longs,
      body_subgraph_index: int(),
    }),
  ],
  ['StablehloSortOptions', fields({ dimension: long, is_stable: bool(), comparator_subgraph_index: int() })],
  ['StablehloWhileOptions', loop],
  [
    'StablehloGatherOptions',
    fields({
      offset_dims: longs,
      collapsed_slice_dims: longs,
      start_index_map: longs,
      index_vector_dim: long,
      slice_sizes: longs,
      indices_are_sorted: bool(),
    }),
  ],
  ['StablehloTransposeOptions', fields({ permutation: longs })],
  ['DilateOptions', none],
  ['StablehloRngBitGeneratorOptions', fields({ algorithm: oneOf(['DEFAULT', 'PHILOX', 'THREEFRY']) })],
  ['ReduceWindowOptions', fields({ reduce_function: int() })],
  [
    'StableHLOCompositeOptions',
    fields({
      name: text,
      decomposition_subgraph_index: int(),
      composite_attributes: bytes,
      composite_attributes_format: oneOf(['FLEXBUFFERS']),
      version: int(),
    }),
  ],
  ['StablehloShiftLeftOptions', none],
  ['StablehloCaseOptions', fields({ branch_subgraph_indices: ints })],
];

export const BUILTIN_OPTIONS: readonly TableSchema[] = FIRST_UNION.map(([, schema]) => schema);
export const BUILTIN_OPTIONS_2: readonly TableSchema[] = SECOND_UNION.map(([, schema]) => schema);

/** Where an options table belongs: which of the two unions, and its code there. */
export interface OptionPlace {
  readonly union: 'builtin_options' | 'builtin_options_2';
  readonly code: number;
}

const BY_NAME: ReadonlyMap<string, TableSchema> = new Map([...FIRST_UNION, ...SECOND_UNION]);
const PLACES: ReadonlyMap<string, OptionPlace> = new Map<string, OptionPlace>([
  ...FIRST_UNION.map(([name], i) => [name, { union: 'builtin_options', code: i + 1 }] as const),
  ...SECOND_UNION.map(([name], i) => [name, { union: 'builtin_options_2', code: i + 1 }] as const),
]);

/** Fields of an options table by its name, such as `Conv2DOptions`; no fields where the name is unknown. */
export function optionTable(name: string): TableSchema {
  return BY_NAME.get(name) ?? none;
}

/** Null where the name is unknown. */
export function optionPlace(name: string): OptionPlace | null {
  return PLACES.get(name) ?? null;
}
