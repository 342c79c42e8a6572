import type { Operator, OptionValue } from '../../core/model/model';

/** The operator that computes with reals what a quantized one computes with integers. */
export interface FloatOperator {
  readonly name: string;
  /** ONNX's own where absent. */
  readonly domain?: string;
  /** Its operands, as positions among those of the quantized one. */
  readonly operands: readonly number[];
  /** Attributes of the quantized one that it does not have. */
  readonly without?: readonly string[];
  /** Version of ONNX's operator set that it is meant in; the model's own where absent. */
  readonly opset?: number;
  /** Operand of the quantized one that is added to the result along its last axis. */
  readonly added?: number;
}

const BINARY = [0, 3];
const POOL = ['channels_last'];

const OPERATORS: Readonly<Record<string, FloatOperator>> = {
  ConvInteger: { name: 'Conv', operands: [0, 1] },
  MatMulInteger: { name: 'MatMul', operands: [0, 1] },
  QLinearConv: { name: 'Conv', operands: [0, 3, 8], without: POOL },
  QLinearMatMul: { name: 'MatMul', operands: BINARY },
  QLinearAdd: { name: 'Add', operands: BINARY },
  QLinearMul: { name: 'Mul', operands: BINARY },
  QLinearSigmoid: { name: 'Sigmoid', operands: [0] },
  QLinearLeakyRelu: { name: 'LeakyRelu', operands: [0] },
  QLinearSoftmax: { name: 'Softmax', operands: [0], without: ['opset'] },
  QLinearAveragePool: { name: 'AveragePool', operands: [0], without: POOL },
  QLinearGlobalAveragePool: { name: 'GlobalAveragePool', operands: [0], without: POOL },
  // Later versions have the axes as an operand.
  QLinearReduceMean: { name: 'ReduceMean', operands: [0], opset: 13 },
  QLinearWhere: { name: 'Where', operands: [0, 1, 4] },
  QGemm: { name: 'Gemm', operands: [0, 3, 6] },
  DynamicQuantizeMatMul: { name: 'MatMul', operands: [0, 1], added: 4 },
  MatMulIntegerToFloat: { name: 'MatMul', operands: [0, 1], added: 6 },
  QAttention: { name: 'Attention', domain: 'com.microsoft', operands: [0, 1, 2, 5, 8] },
};

/** Null for operators that compute with reals already, or that have no counterpart. */
export function floatOperator({ name, inputs, options }: Operator): FloatOperator | null {
  if (name === 'QLinearConcat') {
    const operands = Array.from({ length: Math.floor((inputs.length - 2) / 3) }, (_, place) => 2 + 3 * place);
    return { name: 'Concat', operands };
  }
  const found = OPERATORS[name];
  if (found === undefined || name !== 'QLinearSoftmax') return found ?? null;
  return { ...found, ...versionOf(options.opset) };
}

function versionOf(opset: OptionValue | undefined): Pick<FloatOperator, 'opset'> {
  return typeof opset === 'number' ? { opset } : {};
}
