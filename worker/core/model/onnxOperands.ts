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

/** An int32 operand that is added to a sum of products. */
export interface QuantizedBias {
  readonly value: number;
  /** Operands with the scales of what is multiplied. */
  readonly scales: readonly [data: number, weights: number];
  /** Attribute that the products are multiplied with. */
  readonly factor: string | null;
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
  QLinearReduceMean: UNARY,
  QLinearWhere: [
    { value: 1, scale: 2, zeroPoint: 3 },
    { value: 4, scale: 5, zeroPoint: 6 },
    { value: 'output', scale: 7, zeroPoint: 8 },
  ],
  DynamicQuantizeMatMul: [{ value: 1, scale: 2, zeroPoint: 3, axis: -1 }],
  MatMulIntegerToFloat: [
    { value: 0, scale: 2, zeroPoint: 4 },
    { value: 1, scale: 3, zeroPoint: 5, axis: -1 },
  ],
  QAttention: [
    { value: 0, scale: 3, zeroPoint: 6 },
    { value: 1, scale: 4, zeroPoint: 7, axis: -1 },
  ],
};

/** Biases of int32 whose scale is the product of two others', and of an attribute where there is one. */
const BIASES: Readonly<Record<string, QuantizedBias>> = {
  QLinearConv: { value: 8, scales: [1, 4], factor: null },
  QGemm: { value: 6, scales: [1, 4], factor: 'alpha' },
};

/** Operands that are zero points without a scale beside them. */
const ZERO_POINTS: Readonly<Record<string, readonly number[]>> = {
  DynamicQuantizeLSTM: [8, 9, 10, 11],
};

/** Zero points of operators that leave scales to those behind them, by the value they belong to. */
const UNSCALED: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  ConvInteger: { 0: 2, 1: 3 },
  MatMulInteger: { 0: 2, 1: 3 },
};

/** Values whose scale and zero point are operands of an ONNX operator; none for all others. */
export function quantizedOperands(operator: Operator): readonly QuantizedOperand[] {
  if (operator.name === 'QLinearConcat') return concatenated(operator);
  return QUANTIZED[operator.name] ?? [];
}

/** Operands that say how others are quantized: neither weights nor biases, whatever their type. */
export function parameterOperands(operator: Operator): readonly number[] {
  const parameters = quantizedOperands(operator).flatMap(({ scale, zeroPoint }) => [scale, zeroPoint]);
  return [...parameters, ...Object.values(unscaledOperands(operator)), ...(ZERO_POINTS[operator.name] ?? [])];
}

/** Integer operands that an operator multiplies less their zero points, without scales: the zero point's operand by the value's. */
export function unscaledOperands({ name }: Pick<Operator, 'name'>): Readonly<Record<number, number>> {
  return UNSCALED[name] ?? {};
}

export function quantizedBias({ name }: Pick<Operator, 'name'>): QuantizedBias | null {
  return BIASES[name] ?? null;
}

/** The output's parameters come first, then every value with its own. */
function concatenated({ inputs }: Operator): readonly QuantizedOperand[] {
  const values = Array.from({ length: Math.floor((inputs.length - 2) / 3) }, (_, place) => 2 + 3 * place);
  return [
    { value: 'output', scale: 0, zeroPoint: 1 },
    ...values.map((value) => ({ value, scale: value + 1, zeroPoint: value + 2 })),
  ];
}
