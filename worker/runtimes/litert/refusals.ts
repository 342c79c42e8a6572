import type { Graph, Model, Operator } from '../../core/model/model';
import type { DType } from '../../core/model/dtype';
import { UnsupportedOperatorError } from '../../core/run/preparedOp';
import { calledGraphs } from './calledGraphs';

/** What LiteRT has a kernel for and this engine does not compute, or not in every type. Source: LiteRT, tflite/kernels/register.cc. */
const KERNELS: ReadonlySet<string> = new Set(
  `ABS ADD ADD_N ARG_MAX ARG_MIN ATAN2 AVERAGE_POOL_2D BATCH_MATMUL BATCH_TO_SPACE_ND BITCAST BITWISE_XOR BROADCAST_ARGS
  BROADCAST_TO BUCKETIZE CALL CAST CEIL COMPLEX_ABS CONCATENATION CONV_2D CONV_3D CONV_3D_TRANSPOSE COS CUMSUM DENSIFY
  DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE DILATE DIV DYNAMIC_UPDATE_SLICE ELU EMBEDDING_LOOKUP EQUAL EXP EXPAND_DIMS FAKE_QUANT
  FILL FLOOR FLOOR_DIV FLOOR_MOD FULLY_CONNECTED GATHER GATHER_ND GELU GREATER GREATER_EQUAL HARD_SWISH IF IMAG L2_NORMALIZATION
  L2_POOL_2D LEAKY_RELU LESS LESS_EQUAL LOCAL_RESPONSE_NORMALIZATION LOG LOGICAL_AND LOGICAL_NOT LOGICAL_OR LOGISTIC LOG_SOFTMAX
  MATRIX_DIAG MATRIX_SET_DIAG MAXIMUM MAX_POOL_2D MEAN MINIMUM MIRROR_PAD MUL NEG NOT_EQUAL ONE_HOT PACK PAD PADV2 POW PRELU
  QUANTIZE RANGE RANK REAL REDUCE_ALL REDUCE_ANY REDUCE_MAX REDUCE_MIN REDUCE_PROD REDUCE_WINDOW RELU RELU6 RELU_0_TO_1
  RELU_N1_TO_1 RESHAPE RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR REVERSE_SEQUENCE REVERSE_V2 RFFT2D RIGHT_SHIFT ROUND RSQRT SCATTER_ND
  SEGMENT_SUM SELECT SELECT_V2 SHAPE SIGN SIN SLICE SOFTMAX SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPARSE_TO_DENSE SPLIT SPLIT_V SQRT
  SQUARE SQUARED_DIFFERENCE SQUEEZE STABLEHLO_ADD STABLEHLO_AND STABLEHLO_CASE STABLEHLO_CBRT STABLEHLO_COMPOSITE STABLEHLO_GATHER
  STABLEHLO_MAXIMUM STABLEHLO_MINIMUM STABLEHLO_MULTIPLY STABLEHLO_PAD STABLEHLO_REDUCE_WINDOW STABLEHLO_SCATTER
  STABLEHLO_SHIFT_LEFT STRIDED_SLICE SUB SUM TANH TILE TOPK_V2 TRANSPOSE TRANSPOSE_CONV UNPACK UNSORTED_SEGMENT_MAX
  UNSORTED_SEGMENT_MIN UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_SUM WHILE ZEROS_LIKE`
    .trim()
    .split(/\s+/),
);

const REASONS: Readonly<Record<string, string>> = {
  ...reasons('it keeps a resource (a variable or a table) in the runtime, which the sub-model of one operator cannot share', [
    'CALL_ONCE',
    'VAR_HANDLE',
    'READ_VARIABLE',
    'ASSIGN_VARIABLE',
    'HASHTABLE',
    'HASHTABLE_FIND',
    'HASHTABLE_IMPORT',
    'HASHTABLE_SIZE',
  ]),
  ...reasons('the shape of what it gives depends on the data', [
    'WHERE',
    'UNIQUE',
    'NON_MAX_SUPPRESSION_V4',
    'NON_MAX_SUPPRESSION_V5',
    'SEGMENT_SUM',
  ]),
  ...reasons('it gives other values every time (random numbers)', [
    'RANDOM_UNIFORM',
    'RANDOM_STANDARD_NORMAL',
    'MULTINOMIAL',
    'STABLEHLO_RNG_BIT_GENERATOR',
  ]),
};

function reasons(reason: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}

/** Types whose values cannot be handed over, nor be weights of a sub-model. */
const FOREIGN: ReadonlySet<DType> = new Set(['string', 'resource', 'variant', 'complex64', 'complex128', 'unknown']);

/** Why an operator cannot be run by LiteRT in a sub-model, judged by the file alone; null where it can. */
export function refusalOf(model: Model, graph: Graph, operator: Operator): string | null {
  return ownRefusal(graph, operator) ?? calledRefusal(model, operator);
}

function ownRefusal(graph: Graph, { name, customCode, inputs }: Operator): string | null {
  if (customCode?.startsWith('Flex') === true)
    return "it is one of TensorFlow's own (Select TF ops, Flex), which no TFLite runtime computes alone";
  if (customCode !== null) return 'it is a custom operator, whose code is not in the file';
  const reason = REASONS[name];
  if (reason !== undefined) return reason;
  if (!KERNELS.has(name)) return 'neither this engine nor LiteRT computes it';
  for (const index of inputs) {
    const tensor = graph.tensors[index];
    if (tensor === undefined) continue;
    if (tensor.isVariable) return `it keeps its state in a variable tensor, which LiteRT.js does not take`;
    if (FOREIGN.has(tensor.dtype)) return `LiteRT.js does not take operands of type ${tensor.dtype}`;
    if (tensor.quantization !== null && tensor.quantization.blockwise !== null)
      return 'weights quantized in blocks are not handed over';
  }
  return null;
}

function calledRefusal(model: Model, operator: Operator): string | null {
  for (const index of calledGraphs(model, operator)) {
    const graph = model.graphs[index];
    if (graph === undefined) return `it calls graph ${index}, which is not there`;
    for (const inner of graph.operators) {
      const reason = ownRefusal(graph, inner);
      if (reason !== null)
        return `it calls graph ${index}, and there op ${inner.index} ${inner.customCode ?? inner.name}: ${reason}`;
    }
  }
  return null;
}

export function refused({ index, name, customCode }: Operator, reason: string): UnsupportedOperatorError {
  const label = customCode ?? name;
  return new UnsupportedOperatorError(index, label, `op ${index} ${label}: ${reason}`);
}
