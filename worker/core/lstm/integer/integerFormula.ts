import type { Graph, Operator } from '../../model/model';
import type { QuantizedMultiplier } from '../../quantization/quantizeMultiplier';
import { atOnce } from '../../run/atOnce';
import { UnsupportedOperatorError } from '../../run/preparedOp';
import { describeCell } from '../describeCell';
import type { LstmCell, Weights } from '../lstmCell';
import { OperandReader } from '../operandReader';
import { integerPersona, type PersonaName, type PersonaOverrides } from '../persona';
import type { Gate } from '../signals';
import { INT16_ARITHMETIC, INT8_ARITHMETIC, type Accumulators } from './codeArithmetic';
import type { IntegerGate, IntegerParameters } from './integerParameters';
import { ACTIVATION_OUTPUT_SCALE, readIntegerScales, type IntegerScales } from './integerScales';
import { preparingWithoutWeights } from './prepareInteger';

/**
 * The integer arithmetic of one LSTM with its own numbers, as the persona's runtime has it: what the file's scales became. Plain
 * data, for people to check against another implementation.
 */
export interface LstmFormula {
  /** Of the gates' matmuls and of the projection. */
  readonly accumulator: 'int32' | 'int64';
  /** The recurrent matmul saturates at int16 on its own before it is added. */
  readonly recurrentSaturatesAlone: boolean;
  /** Gates with weights, in the order of the operands; with CIFG the input gate is not among them. */
  readonly gates: readonly GateFormula[];
  readonly cell: CellFormula;
  /** o * tanh(c) to m (to h without a projection). */
  readonly hidden: ProductFormula & { readonly zeroPoint: number };
  readonly projection: ProjectionFormula | null;
  /** Where the arithmetic is written down. */
  readonly source: string;
}

/** A product of integers taken to another scale: multiplier * 2^(shift - 31) stands for first * second / result. */
export interface ProductFormula extends QuantizedMultiplier {
  /** Real values of one code of the factors and of the result. */
  readonly scales: readonly [first: number, second: number, result: number];
}

/** A matmul: its factors are weights and values. */
export interface MatmulFormula extends ProductFormula {
  /** Products in one sum. */
  readonly depth: number;
  /** Code of real 0 in the values; the effective bias takes zeroPoint * rowSum(weights) off. */
  readonly zeroPoint: number;
  /** A stored bias is part of the effective one. */
  readonly hasBias: boolean;
  /** Lowest and highest effective bias of the rows. */
  readonly bias: readonly [low: number, high: number];
}

export interface GateFormula {
  readonly gate: Gate;
  readonly input: MatmulFormula;
  readonly recurrent: MatmulFormula;
  /** Coefficients and cell state; null without a peephole. */
  readonly peephole: ProductFormula | null;
  readonly layerNorm: LayerNormFormula | null;
}

export interface LayerNormFormula extends QuantizedMultiplier {
  /** Of the coefficients; the bias has 2^-10 of it. */
  readonly scale: number;
  /** Taken as variance where it comes out below 1. */
  readonly varianceGuard: number;
}

export interface CellFormula {
  /** log2 of the cell's scale. */
  readonly exponent: number;
  readonly products: IntegerParameters['cellProducts'];
  /** Codes, symmetric about 0; null = off. */
  readonly clip: number | null;
}

export interface ProjectionFormula extends MatmulFormula {
  /** Code of real 0 in h. */
  readonly outputZeroPoint: number;
  /** Codes that h is clamped to; null = off. */
  readonly clip: readonly [low: number, high: number] | null;
}

const SOURCES: Readonly<Record<PersonaName, string>> = {
  tflite: 'arXiv 2101.05453; TensorFlow Lite 2.21, kernels/lstm_eval.cc',
  'tflite-old': 'arXiv 2101.05453; @tensorflow/tfjs-tflite 0.0.1-alpha.10',
  tflm: 'arXiv 2101.05453; TFLM, micro/kernels/lstm_eval.h',
};

/** Null where the operator's arithmetic is not integer, or the persona's runtime refuses it. */
export function lstmFormula(
  graph: Graph,
  operator: Operator,
  name: PersonaName,
  overrides: PersonaOverrides = {},
): LstmFormula | null {
  const isSequence = operator.name === 'UNIDIRECTIONAL_SEQUENCE_LSTM';
  if (!isSequence && (operator.name !== 'LSTM' || operator.options.kernel_type === 'BASIC')) return null;
  const reader = new OperandReader(graph, operator);
  const persona = integerPersona(name, overrides);
  try {
    const cell = describeCell(reader);
    const activations = cell.input.dtype;
    if (cell.inputToGate.output?.tensor.dtype !== 'int8' || (activations !== 'int8' && activations !== 'int16')) return null;
    const parameters =
      activations === 'int8'
        ? atOnce(preparingWithoutWeights(cell, persona, reader, INT8_ARITHMETIC))
        : atOnce(preparingWithoutWeights(cell, persona, reader, INT16_ARITHMETIC));
    const accumulator = activations === 'int8' ? 'int32' : 'int64';
    const scales = readIntegerScales(cell, persona, reader);
    return writeFormula({ cell, reader, scales, parameters, accumulator }, SOURCES[name]);
  } catch (error) {
    if (error instanceof UnsupportedOperatorError) return null;
    throw error;
  }
}

interface Parts {
  readonly cell: LstmCell;
  readonly reader: OperandReader;
  readonly scales: IntegerScales;
  readonly parameters: Omit<IntegerParameters, 'arithmetic' | 'inputWeights' | 'recurrentWeights'>;
  readonly accumulator: LstmFormula['accumulator'];
}

function writeFormula(parts: Parts, source: string): LstmFormula {
  const { parameters, scales, accumulator } = parts;
  const { multiplier, shift, zeroPoint } = parameters.hidden;
  return {
    accumulator,
    recurrentSaturatesAlone: parameters.recurrentSaturatesAlone,
    gates: parameters.gates.flatMap((gate, position) => {
      const prepared = parameters.gate[gate];
      return prepared === null ? [] : [gateFormula(parts, gate, position, prepared)];
    }),
    cell: { exponent: scales.cellExponent, products: parameters.cellProducts, clip: parameters.cellClip },
    hidden: {
      scales: [ACTIVATION_OUTPUT_SCALE, ACTIVATION_OUTPUT_SCALE, scales.hidden.scale],
      multiplier,
      shift,
      zeroPoint: zeroPoint + 0,
    },
    projection: projectionFormula(parts),
    source,
  };
}

function gateFormula(
  { cell, reader, scales, parameters }: Parts,
  gate: Gate,
  position: number,
  prepared: IntegerGate,
): GateFormula {
  const result = scales.gate[gate];
  const rows = (biases: Accumulators) => rangeOf(biases, position * cell.sizes.cell, cell.sizes.cell);
  const { peephole, layerNorm } = prepared;
  return {
    gate,
    input: {
      scales: [scaleOf(reader, cell.inputToGate[gate]), scales.input.scale, result],
      ...prepared.inputMultiplier,
      depth: cell.sizes.input,
      zeroPoint: scales.input.zeroPoint,
      hasBias: !cell.layerNorm && cell.gateBias[gate] !== null,
      bias: rows(parameters.inputBias),
    },
    recurrent: {
      scales: [scaleOf(reader, cell.recurrentToGate[gate]), scales.output.scale, result],
      ...prepared.recurrentMultiplier,
      depth: cell.sizes.output,
      zeroPoint: scales.output.zeroPoint,
      hasBias: false,
      bias: rows(parameters.recurrentBias),
    },
    peephole:
      peephole === null
        ? null
        : { scales: [scaleOf(reader, cell.cellToGate[gate]), scales.cellScale, result], ...peephole.multiplier },
    layerNorm:
      layerNorm === null
        ? null
        : {
            scale: scaleOf(reader, cell.layerNormCoefficients[gate]),
            ...layerNorm.multiplier,
            varianceGuard: layerNorm.varianceGuard,
          },
  };
}

function projectionFormula({ cell, reader, scales, parameters }: Parts): ProjectionFormula | null {
  if (parameters.projection === null) return null;
  const { bias, multiplier, zeroPoint, clip } = parameters.projection;
  return {
    scales: [scaleOf(reader, cell.projectionWeights), scales.hidden.scale, scales.output.scale],
    ...multiplier,
    depth: cell.sizes.cell,
    zeroPoint: scales.hidden.zeroPoint + 0,
    hasBias: cell.projectionBias !== null,
    bias: rangeOf(bias, 0, bias.length),
    outputZeroPoint: zeroPoint,
    clip,
  };
}

function scaleOf(reader: OperandReader, weights: Weights | null): number {
  return weights === null ? 0 : reader.affine(weights.tensor).scale;
}

function rangeOf(values: Accumulators, from: number, count: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let k = from; k < from + count; k++) {
    low = Math.min(low, values[k]!);
    high = Math.max(high, values[k]!);
  }
  // JSON knows no -0.
  return [low + 0, high + 0];
}
