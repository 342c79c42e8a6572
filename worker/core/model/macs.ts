import { elementCount } from '../run/arrays';
import { lstmOperatorOf } from './lstmOperands';
import type { Graph, Operator, Tensor } from './model';
import { countedShape, operandTensor } from './operands';
import { weightOperands } from './parameters';

type Counter = (graph: Graph, operator: Operator) => number;

/**
 * Multiply-accumulates of one run of an operator: products of data with matrices or filters. What is computed value by value
 * (biases, activations, an LSTM's cell update, layer norm) is not counted. Dynamic axes count as 1, so that a recurrent
 * model with an open time axis has its count per step. 0 for operators without such products.
 */
export function macsOf(graph: Graph, operator: Operator): number {
  if (lstmOperatorOf(operator) !== null) return lstmMacs(graph, operator);
  const count = COUNTERS[operator.name]?.(graph, operator) ?? 0;
  return Number.isFinite(count) ? count : 0;
}

/** Every matrix element is used once per row of the input: per step, or per step and batch row. */
const matrixPerRow: Counter = (graph, operator) => {
  const operands = weightOperands(operator);
  if (operands === null) return 0;
  const data = operandTensor(graph, operator, operands.data);
  return rows(data) * sum(operands.weights.map((operand) => elements(operandTensor(graph, operator, operand))));
};

function lstmMacs(graph: Graph, operator: Operator): number {
  const operands = weightOperands(operator);
  if (operands === null) return 0;
  const data = operandTensor(graph, operator, operands.data);
  const tensors = operands.weights.map((operand) => operandTensor(graph, operator, operand));
  // Peepholes and layer norm multiply value by value.
  const matrices = tensors.filter((tensor) => tensor !== null && tensor.shape.length === 2);
  return rows(data) * sum(matrices.map(elements));
}

/** One filter of `axes` per output value. */
const filterPerOutput =
  (...axes: readonly number[]): Counter =>
  (graph, operator) => {
    const filter = operandTensor(graph, operator, 1);
    return elements(output(graph, operator)) * sizes(filter, axes);
  };

/** One filter of `axes` per input value: what a transposed convolution scatters. */
const filterPerInput =
  (...axes: readonly number[]): Counter =>
  (graph, operator) =>
    elements(operandTensor(graph, operator, 2)) * sizes(operandTensor(graph, operator, 1), axes);

/** ONNX's filters are [outputs, inputs per group, ...]: all of it but the outputs, per output value. */
const filterOf =
  (operand: number): Counter =>
  (graph, operator) =>
    elements(output(graph, operator)) * elementCount(operandTensor(graph, operator, operand)?.shape.slice(1) ?? [0]);

/** ONNX's product of matrices: the left one's row per output value. */
const rowPerOutput: Counter = (graph, operator) => {
  const left = operandTensor(graph, operator, 0);
  const depth = left === null ? 0 : (countedShape(left).at(operator.options.transA === 1 ? -2 : -1) ?? 0);
  return elements(output(graph, operator)) * depth;
};

const batchMatmul: Counter = (graph, operator) => {
  const left = operandTensor(graph, operator, 0);
  const depth = left?.shape.at(operator.options.adj_x === true ? -2 : -1) ?? 0;
  return elements(output(graph, operator)) * depth;
};

const dotGeneral: Counter = (graph, operator) => {
  const axes = operator.options.lhs_contracting_dimensions;
  return (
    elements(output(graph, operator)) * sizes(operandTensor(graph, operator, 0), Array.isArray(axes) ? (axes as number[]) : [])
  );
};

const convolution: Counter = (graph, operator) => {
  const filter = operandTensor(graph, operator, 1);
  const featureAxis = operator.options.kernel_output_feature_dimension;
  const perOutput = elements(filter) / (typeof featureAxis === 'number' ? (filter?.shape[featureAxis] ?? 1) : 1);
  return elements(output(graph, operator)) * perOutput;
};

const COUNTERS: Readonly<Record<string, Counter>> = {
  // [outputs, depth]
  FULLY_CONNECTED: (graph, operator) => {
    const weights = operandTensor(graph, operator, 1);
    return elements(output(graph, operator)) * (weights?.shape[1] ?? 0);
  },
  // [output channels, height, width, input channels]
  CONV_2D: filterPerOutput(1, 2, 3),
  // [1, height, width, channels]
  DEPTHWISE_CONV_2D: filterPerOutput(1, 2),
  // [depth, height, width, input channels, output channels]
  CONV_3D: filterPerOutput(0, 1, 2, 3),
  // [output channels, height, width, input channels]
  TRANSPOSE_CONV: filterPerInput(0, 1, 2),
  // [depth, height, width, output channels, input channels]
  CONV_3D_TRANSPOSE: filterPerInput(0, 1, 2, 3),
  BATCH_MATMUL: batchMatmul,
  STABLEHLO_DOT_GENERAL: dotGeneral,
  STABLEHLO_CONVOLUTION: convolution,
  SVDF: matrixPerRow,
  RNN: matrixPerRow,
  UNIDIRECTIONAL_SEQUENCE_RNN: matrixPerRow,
  BIDIRECTIONAL_SEQUENCE_RNN: matrixPerRow,
  GRU: matrixPerRow,
  VANILLA_RNN: matrixPerRow,
  Conv: filterOf(1),
  FusedConv: filterOf(1),
  ConvInteger: filterOf(1),
  QLinearConv: filterOf(3),
  // [input channels, output channels per group, ...]
  ConvTranspose: (graph, operator) =>
    elements(operandTensor(graph, operator, 0)) * elementCount(operandTensor(graph, operator, 1)?.shape.slice(1) ?? [0]),
  Gemm: rowPerOutput,
  FusedGemm: rowPerOutput,
  QGemm: rowPerOutput,
  MatMul: rowPerOutput,
  FusedMatMul: rowPerOutput,
  MatMulInteger: rowPerOutput,
  QLinearMatMul: rowPerOutput,
  DynamicQuantizeMatMul: rowPerOutput,
  MatMulIntegerToFloat: rowPerOutput,
  OnnxLSTM: matrixPerRow,
  OnnxGRU: matrixPerRow,
  OnnxRNN: matrixPerRow,
  DynamicQuantizeLSTM: matrixPerRow,
};

function output(graph: Graph, operator: Operator): Tensor | null {
  return graph.tensors[operator.outputs[0] ?? -1] ?? null;
}

function elements(tensor: Tensor | null): number {
  return tensor === null ? 0 : elementCount(countedShape(tensor));
}

function rows(tensor: Tensor | null): number {
  return tensor === null ? 0 : elementCount(countedShape(tensor).slice(0, -1));
}

function sizes(tensor: Tensor | null, axes: readonly number[]): number {
  return tensor === null ? 0 : axes.reduce((product, axis) => product * (tensor.shape[axis] ?? 1), 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
