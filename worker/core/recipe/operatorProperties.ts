import type { AffineParameters } from '../quantization/affine';

/**
 * What TensorFlow Lite's integer kernels ask of an operator's tensors. Source: tools/optimize/operator_property.cc of
 * TensorFlow Lite 2.21. Left out, and so kept float, is what that list has and its kernels do not bear: PADV2 (its fill value
 * stays float), WHERE and resource variables.
 */
export interface OperatorProperty {
  /** Operands that are real data, quantized as activations; constants among them symmetrically, as weights. */
  readonly data: readonly number[] | 'every';
  readonly weights: { readonly operand: number; /** One scale for each of its indices. */ readonly axis: number } | null;
  /** int32 with the scale of data times weights. */
  readonly bias: number | null;
  readonly outputs: readonly number[] | 'every';
  /**
   * Where the outputs' parameters come from: their own range; the first data operand, whose codes pass through; or the kernel,
   * which knows one set only.
   */
  readonly parameters: 'own' | 'of-data' | FixedParameters;
  /** Inputs must have the output's parameters: QUANTIZE goes before those that differ. */
  readonly joins: boolean;
  /** Has kernels for 16-bit activations. */
  readonly int16: boolean;
  /** First version of the operator that takes int8. */
  readonly version: number;
}

export interface FixedParameters {
  readonly int8: AffineParameters;
  readonly int16: AffineParameters | null;
}

const BASE: OperatorProperty = {
  data: [0],
  weights: null,
  bias: null,
  outputs: [0],
  parameters: 'own',
  joins: false,
  int16: true,
  version: 2,
};
const ONLY_INT8 = { int16: false };

const unary: OperatorProperty = BASE;
const binary: OperatorProperty = { ...BASE, data: [0, 1] };
const passing: OperatorProperty = { ...BASE, parameters: 'of-data' };
const joining: OperatorProperty = { ...BASE, data: 'every', joins: true };
const comparing: OperatorProperty = { ...BASE, data: [0, 1], outputs: [], ...ONLY_INT8 };

/** 1/256 from -128 for what lies in [0, 1]. */
const UNIT: FixedParameters = { int8: { scale: 2 ** -8, zeroPoint: -128 }, int16: { scale: 2 ** -15, zeroPoint: 0 } };
/** 1/128 for what lies in [-1, 1]. */
const SIGNED_UNIT: FixedParameters = { int8: { scale: 2 ** -7, zeroPoint: 0 }, int16: { scale: 2 ** -15, zeroPoint: 0 } };
const convolution = (data: number, axis: number, bias: number): OperatorProperty => ({
  ...BASE,
  data: [data],
  weights: { operand: 1, axis },
  bias,
  version: 3,
});

const PROPERTIES: Readonly<Record<string, OperatorProperty>> = {
  ABS: unary,
  ADD: binary,
  ARG_MAX: { ...BASE, outputs: [], ...ONLY_INT8 },
  AVERAGE_POOL_2D: passing,
  BATCH_MATMUL: binary,
  BATCH_TO_SPACE_ND: passing,
  BROADCAST_TO: { ...passing, version: 3 },
  CONCATENATION: joining,
  CONV_2D: convolution(0, 0, 2),
  DEPTHWISE_CONV_2D: convolution(0, 3, 2),
  DEPTH_TO_SPACE: { ...passing, ...ONLY_INT8 },
  EQUAL: comparing,
  EXP: unary,
  EXPAND_DIMS: { ...passing, version: 1 },
  FILL: { ...passing, data: [1], version: 3 },
  FULLY_CONNECTED: { ...convolution(0, 0, 2), version: 4 },
  GATHER: passing,
  GATHER_ND: { ...passing, version: 3 },
  GELU: unary,
  GREATER: comparing,
  GREATER_EQUAL: comparing,
  HARD_SWISH: { ...BASE, version: 1, ...ONLY_INT8 },
  L2_NORMALIZATION: { ...BASE, parameters: { ...SIGNED_UNIT, int16: null }, ...ONLY_INT8 },
  LEAKY_RELU: unary,
  LESS: comparing,
  LESS_EQUAL: comparing,
  LOG: unary,
  LOGISTIC: { ...BASE, parameters: UNIT },
  LOG_SOFTMAX: { ...BASE, parameters: { int8: { scale: 2 ** -4, zeroPoint: 127 }, int16: null }, ...ONLY_INT8 },
  MAXIMUM: joining,
  MAX_POOL_2D: passing,
  MEAN: unary,
  MINIMUM: joining,
  MIRROR_PAD: passing,
  MUL: binary,
  NOT_EQUAL: comparing,
  PACK: joining,
  PAD: passing,
  PRELU: { ...binary, version: 1, ...ONLY_INT8 },
  REDUCE_MAX: passing,
  REDUCE_MIN: passing,
  REDUCE_PROD: unary,
  RELU: unary,
  RELU6: unary,
  RELU_N1_TO_1: { ...BASE, version: 1, ...ONLY_INT8 },
  RESHAPE: { ...passing, version: 1 },
  RESIZE_BILINEAR: passing,
  RESIZE_NEAREST_NEIGHBOR: passing,
  REVERSE_V2: { ...passing, version: 3 },
  RSQRT: unary,
  SCATTER_ND: { ...passing, data: [1], version: 1 },
  // There it takes the first choice's parameters for all; the kernel copies codes, so both choices must have the output's.
  SELECT: { ...joining, data: [1, 2], version: 1 },
  SHAPE: { ...BASE, outputs: [], version: 1 },
  SLICE: passing,
  SOFTMAX: { ...BASE, parameters: UNIT },
  SPACE_TO_BATCH_ND: passing,
  SPACE_TO_DEPTH: { ...passing, ...ONLY_INT8 },
  SPLIT: { ...passing, data: [1], outputs: 'every' },
  SPLIT_V: { ...passing, outputs: 'every' },
  SQRT: unary,
  SQUARED_DIFFERENCE: binary,
  SQUEEZE: { ...passing, version: 1 },
  STRIDED_SLICE: passing,
  SUB: binary,
  SUM: { ...unary, ...ONLY_INT8 },
  TANH: { ...BASE, parameters: SIGNED_UNIT },
  TILE: { ...passing, version: 3 },
  TRANSPOSE: passing,
  TRANSPOSE_CONV: convolution(2, 0, 3),
  UNPACK: { ...passing, outputs: 'every', version: 1 },
};

/** Null for operators without an integer form here, and for LSTMs and SVDF, which have recipes of their own. */
export function operatorProperty(name: string): OperatorProperty | null {
  return Object.hasOwn(PROPERTIES, name) ? (PROPERTIES[name] ?? null) : null;
}
