import { keepsStates } from '../../model/lstmOperands';
import type { Graph, Operator } from '../../model/model';
import { UnsupportedOperatorError } from '../../run/preparedOp';
import { describeBidirectionalCell, describeCell } from '../describeCell';
import { computedGates, realValues, type LstmActivations, type LstmCell, type Weights } from '../lstmCell';
import { OperandReader } from '../operandReader';
import { arithmeticOf, type CellArithmetic } from '../prepareCell';
import type { Gate } from '../signals';
import { realBias } from './realBias';

/**
 * How one LSTM cell computes in reals with its own numbers: in float throughout, or with integer weights whose inputs become codes on
 * the fly (hybrid, dynamic). Plain data, for people to check against another implementation.
 */
export interface RealLstmFormula {
  readonly arithmetic: Exclude<CellArithmetic, 'int8' | '16x8'>;
  /** Gates with weights, in the order of the operands; with CIFG the input gate is not among them. */
  readonly gates: readonly RealGateFormula[];
  /** Codes of the inputs have a zero point (an option of the operator); dynamic ones always have. */
  readonly asymmetric: boolean;
  /** The bias is added after both matmuls and before the peephole, not first. */
  readonly lateBias: boolean;
  readonly activations: LstmActivations;
  /** Reals, symmetric about 0; 0 = off. */
  readonly gateClip: number;
  readonly cellClip: number;
  readonly projection: (RealProductFormula & { readonly bias: Range | null; readonly clip: number }) | null;
  /** Where the arithmetic is written down. */
  readonly source: string;
}

/** Lowest and highest, in reals. */
type Range = readonly [low: number, high: number];

export interface RealGateFormula {
  readonly gate: Gate;
  readonly input: RealProductFormula;
  readonly recurrent: RealProductFormula;
  /** Of the coefficients, in reals; null without a peephole. */
  readonly peephole: Range | null;
  readonly layerNorm: Range | null;
  /** Null where the operator has none. */
  readonly bias: Range | null;
}

export interface RealProductFormula {
  /** Products in one sum. */
  readonly depth: number;
  /** Null: the weights are reals. */
  readonly codes: WeightCodes | null;
}

export interface WeightCodes {
  readonly dtype: string;
  /** Lowest and highest scale of the rows; one for all where they are equal. */
  readonly scales: Range;
  readonly zeroPoint: number;
}

const SOURCES = {
  float: 'TensorFlow Lite 2.21, kernels/lstm_eval.cc (EvalFloat)',
  hybrid: 'TensorFlow Lite 2.21, kernels/lstm_eval.cc (EvalHybrid), portable_tensor_utils.cc',
  dynamic: 'ONNX Runtime, core/providers/cpu/rnn/rnn_helpers.cc (ComputeGemm), core/util/qmath.h',
  onnx: 'ONNX, LSTM; ONNX Runtime, core/providers/cpu/rnn/uni_directional_lstm.cc',
} as const;

/** One for each cell of an LSTM, forward first; empty where its arithmetic is integer, or no kernel takes it. */
export function realLstmFormulas(graph: Graph, operator: Operator): readonly RealLstmFormula[] {
  const reader = new OperandReader(graph, operator);
  try {
    return cellsOf(reader).flatMap((cell) => {
      const arithmetic = arithmeticOf(cell, reader);
      return arithmetic === 'int8' || arithmetic === '16x8' ? [] : [writeFormula(cell, arithmetic, reader)];
    });
  } catch (error) {
    if (error instanceof UnsupportedOperatorError) return [];
    throw error;
  }
}

function cellsOf(reader: OperandReader): readonly LstmCell[] {
  const { name, options } = reader.operator;
  if (name === 'BIDIRECTIONAL_SEQUENCE_LSTM')
    return [describeBidirectionalCell(reader, 'forward'), describeBidirectionalCell(reader, 'backward')];
  if (name === 'UNIDIRECTIONAL_SEQUENCE_LSTM' || (name === 'LSTM' && options.kernel_type !== 'BASIC'))
    return [describeCell(reader)];
  return [];
}

function writeFormula(cell: LstmCell, arithmetic: RealLstmFormula['arithmetic'], reader: OperandReader): RealLstmFormula {
  const { sizes, projectionWeights } = cell;
  const biases = realBias(cell, reader);
  return {
    arithmetic,
    gates: computedGates(cell).map((gate) => ({
      gate,
      input: product(cell.inputToGate[gate], sizes.input),
      recurrent: product(cell.recurrentToGate[gate], sizes.output),
      peephole: rangeOfWeights(cell.cellToGate[gate]),
      layerNorm: rangeOfWeights(cell.layerNormCoefficients[gate]),
      bias: rangeOf(biases.gate[gate]),
    })),
    asymmetric: arithmetic === 'dynamic' || cell.asymmetricQuantizeInputs,
    lateBias: arithmetic === 'dynamic',
    activations: cell.activations,
    gateClip: cell.gateClip,
    cellClip: cell.cellClip,
    projection: projectionWeights && {
      ...product(projectionWeights, sizes.cell),
      bias: cell.projectionBias === null ? null : rangeOf(biases.projection),
      clip: cell.projectionClip,
    },
    source: arithmetic === 'float' && !keepsStates(reader.operator) ? SOURCES.onnx : SOURCES[arithmetic],
  };
}

function product(weights: Weights | null, depth: number): RealProductFormula {
  const { dtype, quantization } = weights?.tensor ?? {};
  const isInteger = dtype === 'int8' || dtype === 'uint8';
  const scales = isInteger ? rangeOf(quantization?.scales ?? null) : null;
  return {
    depth,
    codes: scales === null || dtype === undefined ? null : { dtype, scales, zeroPoint: quantization?.zeroPoints[0] ?? 0 },
  };
}

const rangeOfWeights = (weights: Weights | null): Range | null => (weights === null ? null : rangeOf(realValues(weights)));

function rangeOf(values: ArrayLike<number> | null): Range | null {
  if (values === null || values.length === 0) return null;
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < values.length; k++) {
    low = Math.min(low, values[k]!);
    high = Math.max(high, values[k]!);
  }
  // JSON knows no -0.
  return [low + 0, high + 0];
}
