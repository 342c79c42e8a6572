import type { Operator } from './model';
import type { WeightOperands } from './parameters';

const DENSE: WeightOperands = { data: 0, weights: [1], biases: [2] };
const PRODUCT: WeightOperands = { data: 0, weights: [1], biases: [] };
const RECURRENT: WeightOperands = { data: 0, weights: [1, 2], biases: [3] };

/** Operands of ONNX's operators that are trained, by its own names and by those that the reader keeps them under. */
export const ONNX_WEIGHTS: Readonly<Record<string, WeightOperands>> = {
  Conv: DENSE,
  FusedConv: DENSE,
  ConvTranspose: DENSE,
  ConvInteger: PRODUCT,
  QLinearConv: { data: 0, weights: [3], biases: [8] },
  Gemm: DENSE,
  FusedGemm: DENSE,
  QGemm: { data: 0, weights: [3], biases: [6] },
  MatMul: PRODUCT,
  FusedMatMul: PRODUCT,
  MatMulInteger: PRODUCT,
  QLinearMatMul: { data: 0, weights: [3], biases: [] },
  DynamicQuantizeMatMul: { data: 0, weights: [1], biases: [4] },
  MatMulIntegerToFloat: { data: 0, weights: [1], biases: [6] },
  OnnxLSTM: RECURRENT,
  OnnxGRU: RECURRENT,
  OnnxRNN: RECURRENT,
  DynamicQuantizeLSTM: RECURRENT,
};

/** A quantized value of an operator, by operands: which one it is, its scale and its zero point. */
export interface QuantizedOperand {
  /** An operand, or the first output. */
  readonly value: number | 'output';
  readonly scale: number;
  readonly zeroPoint: number;
  /** Axis of scales per channel, unless the operator has an attribute `axis`. */
  readonly axis?: number;
}

const BINARY: readonly QuantizedOperand[] = [
  { value: 0, scale: 1, zeroPoint: 2 },
  { value: 3, scale: 4, zeroPoint: 5 },
  { value: 'output', scale: 6, zeroPoint: 7 },
];
const UNARY: readonly QuantizedOperand[] = [
  { value: 0, scale: 1, zeroPoint: 2 },
  { value: 'output', scale: 3, zeroPoint: 4 },
];
/** com.microsoft's QGemm has its bias before the output's scale. */
const QGEMM: readonly QuantizedOperand[] = [
  { value: 0, scale: 1, zeroPoint: 2 },
  { value: 3, scale: 4, zeroPoint: 5, axis: -1 },
  { value: 'output', scale: 7, zeroPoint: 8 },
];
const PRODUCT_BY_COLUMN: readonly QuantizedOperand[] = BINARY.map((entry) =>
  entry.value === 3 ? { ...entry, axis: -1 } : entry,
);
const CONVOLUTION: readonly QuantizedOperand[] = BINARY.map((entry) => (entry.value === 3 ? { ...entry, axis: 0 } : entry));

const QUANTIZED: Readonly<Record<string, readonly QuantizedOperand[]>> = {
  QuantizeLinear: [{ value: 'output', scale: 1, zeroPoint: 2, axis: 1 }],
  DequantizeLinear: [{ value: 0, scale: 1, zeroPoint: 2, axis: 1 }],
  QLinearConv: CONVOLUTION,
  QLinearMatMul: PRODUCT_BY_COLUMN,
  QGemm: QGEMM,
  QLinearAdd: BINARY,
  QLinearMul: BINARY,
  QLinearSigmoid: UNARY,
  QLinearLeakyRelu: UNARY,
  QLinearSoftmax: UNARY,
  QLinearAveragePool: UNARY,
  QLinearGlobalAveragePool: UNARY,
  DynamicQuantizeMatMul: [{ value: 1, scale: 2, zeroPoint: 3, axis: -1 }],
  MatMulIntegerToFloat: [
    { value: 0, scale: 2, zeroPoint: 4 },
    { value: 1, scale: 3, zeroPoint: 5, axis: -1 },
  ],
};

/** Operands that are zero points without a scale beside them. */
const ZERO_POINTS: Readonly<Record<string, readonly number[]>> = {
  ConvInteger: [2, 3],
  MatMulInteger: [2, 3],
  DynamicQuantizeLSTM: [8, 9, 10, 11],
};

/** Values whose scale and zero point are operands of an ONNX operator; none for all others. */
export function quantizedOperands(operator: Operator): readonly QuantizedOperand[] {
  return QUANTIZED[operator.name] ?? [];
}

/** Operands that say how others are quantized: neither weights nor biases, whatever their type. */
export function parameterOperands(operator: Operator): readonly number[] {
  const parameters = quantizedOperands(operator).flatMap(({ scale, zeroPoint }) => [scale, zeroPoint]);
  return [...parameters, ...(ZERO_POINTS[operator.name] ?? [])];
}
