import type { TableSchema } from './flatTable';
import { type OptionPlace, optionPlace, optionTable } from './optionTables';

/** Builtin operators by code, with the options table each one uses where it is not the operator's own or has none (`-`). */
const DECLARATIONS = `
0 ADD AddOptions
1 AVERAGE_POOL_2D Pool2DOptions
2 CONCATENATION ConcatenationOptions
3 CONV_2D Conv2DOptions
4 DEPTHWISE_CONV_2D DepthwiseConv2DOptions
5 DEPTH_TO_SPACE DepthToSpaceOptions
6 DEQUANTIZE DequantizeOptions
7 EMBEDDING_LOOKUP -
8 FLOOR -
9 FULLY_CONNECTED FullyConnectedOptions
10 HASHTABLE_LOOKUP -
11 L2_NORMALIZATION L2NormOptions
12 L2_POOL_2D Pool2DOptions
13 LOCAL_RESPONSE_NORMALIZATION LocalResponseNormalizationOptions
14 LOGISTIC -
15 LSH_PROJECTION LSHProjectionOptions
16 LSTM LSTMOptions
17 MAX_POOL_2D Pool2DOptions
18 MUL MulOptions
19 RELU -
20 RELU_N1_TO_1 -
21 RELU6 -
22 RESHAPE ReshapeOptions
23 RESIZE_BILINEAR ResizeBilinearOptions
24 RNN RNNOptions
25 SOFTMAX SoftmaxOptions
26 SPACE_TO_DEPTH SpaceToDepthOptions
27 SVDF SVDFOptions
28 TANH -
29 CONCAT_EMBEDDINGS ConcatEmbeddingsOptions
30 SKIP_GRAM SkipGramOptions
31 CALL CallOptions
32 CUSTOM -
33 EMBEDDING_LOOKUP_SPARSE EmbeddingLookupSparseOptions
34 PAD PadOptions
35 UNIDIRECTIONAL_SEQUENCE_RNN SequenceRNNOptions
36 GATHER GatherOptions
37 BATCH_TO_SPACE_ND BatchToSpaceNDOptions
38 SPACE_TO_BATCH_ND SpaceToBatchNDOptions
39 TRANSPOSE TransposeOptions
40 MEAN ReducerOptions
41 SUB SubOptions
42 DIV DivOptions
43 SQUEEZE SqueezeOptions
44 UNIDIRECTIONAL_SEQUENCE_LSTM UnidirectionalSequenceLSTMOptions
45 STRIDED_SLICE StridedSliceOptions
46 BIDIRECTIONAL_SEQUENCE_RNN BidirectionalSequenceRNNOptions
47 EXP ExpOptions
48 TOPK_V2 TopKV2Options
49 SPLIT SplitOptions
50 LOG_SOFTMAX LogSoftmaxOptions
51 DELEGATE -
52 BIDIRECTIONAL_SEQUENCE_LSTM BidirectionalSequenceLSTMOptions
53 CAST CastOptions
54 PRELU -
55 MAXIMUM MaximumMinimumOptions
56 ARG_MAX ArgMaxOptions
57 MINIMUM MaximumMinimumOptions
58 LESS LessOptions
59 NEG NegOptions
60 PADV2 PadV2Options
61 GREATER GreaterOptions
62 GREATER_EQUAL GreaterEqualOptions
63 LESS_EQUAL LessEqualOptions
64 SELECT SelectOptions
65 SLICE SliceOptions
66 SIN -
67 TRANSPOSE_CONV TransposeConvOptions
68 SPARSE_TO_DENSE SparseToDenseOptions
69 TILE TileOptions
70 EXPAND_DIMS ExpandDimsOptions
71 EQUAL EqualOptions
72 NOT_EQUAL NotEqualOptions
73 LOG -
74 SUM ReducerOptions
75 SQRT -
76 RSQRT -
77 SHAPE ShapeOptions
78 POW PowOptions
79 ARG_MIN ArgMinOptions
80 FAKE_QUANT FakeQuantOptions
81 REDUCE_PROD ReducerOptions
82 REDUCE_MAX ReducerOptions
83 PACK PackOptions
84 LOGICAL_OR LogicalOrOptions
85 ONE_HOT OneHotOptions
86 LOGICAL_AND LogicalAndOptions
87 LOGICAL_NOT LogicalNotOptions
88 UNPACK UnpackOptions
89 REDUCE_MIN ReducerOptions
90 FLOOR_DIV FloorDivOptions
91 REDUCE_ANY ReducerOptions
92 SQUARE SquareOptions
93 ZEROS_LIKE ZerosLikeOptions
94 FILL FillOptions
95 FLOOR_MOD FloorModOptions
96 RANGE RangeOptions
97 RESIZE_NEAREST_NEIGHBOR ResizeNearestNeighborOptions
98 LEAKY_RELU LeakyReluOptions
99 SQUARED_DIFFERENCE SquaredDifferenceOptions
100 MIRROR_PAD MirrorPadOptions
101 ABS AbsOptions
102 SPLIT_V SplitVOptions
103 UNIQUE UniqueOptions
104 CEIL -
105 REVERSE_V2 ReverseV2Options
106 ADD_N AddNOptions
107 GATHER_ND GatherNdOptions
108 COS CosOptions
109 WHERE WhereOptions
110 RANK RankOptions
111 ELU -
112 REVERSE_SEQUENCE ReverseSequenceOptions
113 MATRIX_DIAG MatrixDiagOptions
114 QUANTIZE QuantizeOptions
115 MATRIX_SET_DIAG MatrixSetDiagOptions
116 ROUND -
117 HARD_SWISH HardSwishOptions
118 IF IfOptions
119 WHILE WhileOptions
120 NON_MAX_SUPPRESSION_V4 NonMaxSuppressionV4Options
121 NON_MAX_SUPPRESSION_V5 NonMaxSuppressionV5Options
122 SCATTER_ND ScatterNdOptions
123 SELECT_V2 SelectV2Options
124 DENSIFY DensifyOptions
125 SEGMENT_SUM SegmentSumOptions
126 BATCH_MATMUL BatchMatMulOptions
127 PLACEHOLDER_FOR_GREATER_OP_CODES -
128 CUMSUM CumsumOptions
129 CALL_ONCE CallOnceOptions
130 BROADCAST_TO BroadcastToOptions
131 RFFT2D Rfft2dOptions
132 CONV_3D Conv3DOptions
133 IMAG -
134 REAL -
135 COMPLEX_ABS -
136 HASHTABLE HashtableOptions
137 HASHTABLE_FIND HashtableFindOptions
138 HASHTABLE_IMPORT HashtableImportOptions
139 HASHTABLE_SIZE HashtableSizeOptions
140 REDUCE_ALL ReducerOptions
141 CONV_3D_TRANSPOSE Conv3DOptions
142 VAR_HANDLE VarHandleOptions
143 READ_VARIABLE ReadVariableOptions
144 ASSIGN_VARIABLE AssignVariableOptions
145 BROADCAST_ARGS -
146 RANDOM_STANDARD_NORMAL RandomOptions
147 BUCKETIZE BucketizeOptions
148 RANDOM_UNIFORM RandomOptions
149 MULTINOMIAL RandomOptions
150 GELU GeluOptions
151 DYNAMIC_UPDATE_SLICE DynamicUpdateSliceOptions
152 RELU_0_TO_1 -
153 UNSORTED_SEGMENT_PROD UnsortedSegmentProdOptions
154 UNSORTED_SEGMENT_MAX UnsortedSegmentMaxOptions
155 UNSORTED_SEGMENT_SUM UnsortedSegmentSumOptions
156 ATAN2 ATan2Options
157 UNSORTED_SEGMENT_MIN UnsortedSegmentMinOptions
158 SIGN SignOptions
159 BITCAST BitcastOptions
160 BITWISE_XOR BitwiseXorOptions
161 RIGHT_SHIFT RightShiftOptions
162 STABLEHLO_LOGISTIC -
163 STABLEHLO_ADD -
164 STABLEHLO_DIVIDE -
165 STABLEHLO_MULTIPLY -
166 STABLEHLO_MAXIMUM -
167 STABLEHLO_RESHAPE -
168 STABLEHLO_CLAMP -
169 STABLEHLO_CONCATENATE StablehloConcatenateOptions
170 STABLEHLO_BROADCAST_IN_DIM StablehloBroadcastInDimOptions
171 STABLEHLO_CONVOLUTION StablehloConvolutionOptions
172 STABLEHLO_SLICE StablehloSliceOptions
173 STABLEHLO_CUSTOM_CALL StablehloCustomCallOptions
174 STABLEHLO_REDUCE StablehloReduceOptions
175 STABLEHLO_ABS -
176 STABLEHLO_AND -
177 STABLEHLO_COSINE -
178 STABLEHLO_EXPONENTIAL -
179 STABLEHLO_FLOOR -
180 STABLEHLO_LOG -
181 STABLEHLO_MINIMUM -
182 STABLEHLO_NEGATE -
183 STABLEHLO_OR -
184 STABLEHLO_POWER -
185 STABLEHLO_REMAINDER -
186 STABLEHLO_RSQRT -
187 STABLEHLO_SELECT -
188 STABLEHLO_SUBTRACT -
189 STABLEHLO_TANH -
190 STABLEHLO_SCATTER StablehloScatterOptions
191 STABLEHLO_COMPARE StablehloCompareOptions
192 STABLEHLO_CONVERT -
193 STABLEHLO_DYNAMIC_SLICE StablehloDynamicSliceOptions
194 STABLEHLO_DYNAMIC_UPDATE_SLICE -
195 STABLEHLO_PAD StablehloPadOptions
196 STABLEHLO_IOTA StablehloIotaOptions
197 STABLEHLO_DOT_GENERAL StablehloDotGeneralOptions
198 STABLEHLO_REDUCE_WINDOW StablehloReduceWindowOptions
199 STABLEHLO_SORT StablehloSortOptions
200 STABLEHLO_WHILE StablehloWhileOptions
201 STABLEHLO_GATHER StablehloGatherOptions
202 STABLEHLO_TRANSPOSE StablehloTransposeOptions
203 DILATE DilateOptions
204 STABLEHLO_RNG_BIT_GENERATOR StablehloRngBitGeneratorOptions
205 REDUCE_WINDOW ReduceWindowOptions
206 STABLEHLO_COMPOSITE StableHLOCompositeOptions
207 STABLEHLO_SHIFT_LEFT StablehloShiftLeftOptions
208 STABLEHLO_CBRT -
209 STABLEHLO_CASE StablehloCaseOptions
`;

export interface BuiltinOperator {
  readonly code: number;
  readonly name: string;
  /** Fields of the options table that the operator is declared with; their defaults hold where the file gives none. */
  readonly options: TableSchema;
  /** Null for operators without options. */
  readonly optionPlace: OptionPlace | null;
}

const BUILTINS: readonly BuiltinOperator[] = DECLARATIONS.trim()
  .split('\n')
  .map((line) => {
    const [code = '', name = '', options = ''] = line.split(' ');
    return { code: Number(code), name, options: optionTable(options), optionPlace: optionPlace(options) };
  });
const BY_CODE: ReadonlyMap<number, BuiltinOperator> = new Map(BUILTINS.map((builtin) => [builtin.code, builtin]));
const BY_NAME: ReadonlyMap<string, BuiltinOperator> = new Map(BUILTINS.map((builtin) => [builtin.name, builtin]));

export const CUSTOM_CODE = 32;

/** The builtin operator with this code. A code that is newer than this list is named `BUILTIN_n` and has no known options. */
export function builtinOperator(code: number): BuiltinOperator {
  return BY_CODE.get(code) ?? { code, name: `BUILTIN_${code}`, options: {}, optionPlace: null };
}

/** The builtin operator of this name, as `builtinOperator` names them; null where there is none. */
export function builtinNamed(name: string): BuiltinOperator | null {
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  const code = /^BUILTIN_(\d{1,9})$/.exec(name)?.[1];
  return code === undefined ? null : builtinOperator(Number(code));
}
