import { GRU_OPERANDS, RNN_OPERANDS } from './gruOperands';
import { BASIC_LSTM_OPERANDS, BIDIRECTIONAL_OPERANDS, type CellOperands, LSTM_OPERANDS, lstmOperatorOf } from './lstmOperands';
import type { Graph, Operator, Tensor } from './model';
import { ONNX_WEIGHTS, parameterOperands } from './onnxOperands';
import { operandTensor } from './operands';

/** Operands of an operator that multiply data by trained matrices, and those that are added as biases. */
export interface WeightOperands {
  /** The data that the weights are multiplied with. */
  readonly data: number;
  readonly weights: readonly number[];
  readonly biases: readonly number[];
}

const DENSE: WeightOperands = { data: 0, weights: [1], biases: [2] };
/** Operand 0 is the wanted output shape. */
const TRANSPOSED: WeightOperands = { data: 2, weights: [1], biases: [3] };

const BY_NAME: Readonly<Record<string, WeightOperands>> = {
  FULLY_CONNECTED: DENSE,
  CONV_2D: DENSE,
  DEPTHWISE_CONV_2D: DENSE,
  CONV_3D: DENSE,
  TRANSPOSE_CONV: TRANSPOSED,
  CONV_3D_TRANSPOSE: TRANSPOSED,
  BATCH_MATMUL: { data: 0, weights: [1], biases: [] },
  STABLEHLO_CONVOLUTION: { data: 0, weights: [1], biases: [] },
  STABLEHLO_DOT_GENERAL: { data: 0, weights: [1], biases: [] },
  SVDF: { data: 0, weights: [1, 2], biases: [3] },
  RNN: { data: 0, weights: [1, 2], biases: [3] },
  UNIDIRECTIONAL_SEQUENCE_RNN: { data: 0, weights: [1, 2], biases: [3] },
  BIDIRECTIONAL_SEQUENCE_RNN: { data: 0, weights: [1, 2, 5, 6, 10, 11], biases: [3, 7] },
  GRU: {
    data: GRU_OPERANDS.input,
    weights: [...Object.values(GRU_OPERANDS.inputToGate), ...Object.values(GRU_OPERANDS.recurrentToGate)],
    biases: [...Object.values(GRU_OPERANDS.gateBias), GRU_OPERANDS.recurrentCandidateBias],
  },
  VANILLA_RNN: {
    data: RNN_OPERANDS.input,
    weights: [RNN_OPERANDS.inputWeights, RNN_OPERANDS.recurrentWeights],
    biases: [RNN_OPERANDS.bias],
  },
  EMBEDDING_LOOKUP: { data: 0, weights: [1], biases: [] },
};

/** Null for operators that have no weights of their own. */
export function weightOperands(operator: Operator): WeightOperands | null {
  switch (lstmOperatorOf(operator)) {
    case 'basic':
      return { data: BASIC_LSTM_OPERANDS.input, weights: [BASIC_LSTM_OPERANDS.weights], biases: [BASIC_LSTM_OPERANDS.bias] };
    case 'bidirectional':
      return {
        data: BIDIRECTIONAL_OPERANDS.input,
        weights: [...matrices(BIDIRECTIONAL_OPERANDS.forward), ...matrices(BIDIRECTIONAL_OPERANDS.backward)],
        biases: [...biases(BIDIRECTIONAL_OPERANDS.forward), ...biases(BIDIRECTIONAL_OPERANDS.backward)],
      };
    case 'sequence':
    case 'step':
      return {
        data: LSTM_OPERANDS.input,
        weights: [...matrices({ ...LSTM_OPERANDS, auxInputToGate: null }), ...Object.values(LSTM_OPERANDS.layerNormCoefficients)],
        biases: biases({ ...LSTM_OPERANDS, auxInputToGate: null }),
      };
    case null:
      return BY_NAME[operator.name] ?? ONNX_WEIGHTS[operator.name] ?? null;
  }
}

function matrices(cell: CellOperands): number[] {
  const groups = [cell.inputToGate, cell.recurrentToGate, cell.cellToGate].flatMap((group) => Object.values(group));
  const aux = cell.auxInputToGate === null ? [] : Object.values(cell.auxInputToGate);
  return [...groups, ...aux, cell.projectionWeights];
}

function biases(cell: CellOperands): number[] {
  return [...Object.values(cell.gateBias), cell.projectionBias];
}

export type ConstantRole = 'weights' | 'biases' | 'other';

/**
 * What each constant of a graph is, by tensor index. Constants of other operators (a bias added by ADD, a factor of MUL) count
 * as weights when they stand for reals, and as `other` when they are shapes, axes, indices.
 */
export function constantRoles(graph: Graph): ReadonlyMap<number, ConstantRole> {
  const roles = new Map<number, ConstantRole>();
  for (const tensor of graph.tensors)
    if (isConstant(tensor)) roles.set(tensor.index, standsForReals(tensor) ? 'weights' : 'other');
  for (const operator of graph.operators) {
    for (const operand of parameterOperands(operator)) setRole(roles, operandTensor(graph, operator, operand), 'other');
    const operands = weightOperands(operator);
    for (const bias of operands?.biases ?? []) setRole(roles, operandTensor(graph, operator, bias), 'biases');
    for (const weight of operands?.weights ?? []) setRole(roles, operandTensor(graph, operator, weight), 'weights');
  }
  return roles;
}

function setRole(roles: Map<number, ConstantRole>, tensor: Tensor | null, role: ConstantRole): void {
  if (tensor !== null && isConstant(tensor)) roles.set(tensor.index, role);
}

function isConstant(tensor: Tensor): boolean {
  return tensor.data !== null && !tensor.isVariable;
}

function standsForReals({ dtype, quantization }: Tensor): boolean {
  if (dtype === 'string') return false;
  return dtype.startsWith('float') || dtype === 'bfloat16' || quantization !== null || dtype === 'int8' || dtype === 'int4';
}
