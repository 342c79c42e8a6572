import {
  BIDIRECTIONAL_OPERANDS,
  LSTM_INTERMEDIATES,
  LSTM_OPERANDS,
  ONNX_LSTM_OPTIONS,
  type CellOperands,
} from '../model/lstmOperands';
import type { Tensor } from '../model/model';
import type { LstmActivations, LstmCell, LstmSizes, PerGate, Weights } from './lstmCell';
import type { OperandReader } from './operandReader';

const NONE: PerGate<null> = { input: null, forget: null, cell: null, output: null };

/** Without and with layer norm, and with ONNX's states and lengths. */
const OPERAND_COUNTS: ReadonlySet<number> = new Set([20, 24, 27]);

/**
 * The cell of UNIDIRECTIONAL_SEQUENCE_LSTM, or of LSTM with the full kernel.
 * @throws UnsupportedOperatorError when operands are missing or contradict each other
 */
export function describeCell(reader: OperandReader): LstmCell {
  const operandCount = reader.operator.inputs.length;
  if (!OPERAND_COUNTS.has(operandCount)) throw reader.refusal(`an LSTM has 20 or 24 operands, not ${operandCount}`);
  const operands: CellOperands = { ...LSTM_OPERANDS, auxInputToGate: null };
  const isSequence = reader.operator.name !== 'LSTM';
  const input = reader.required(LSTM_OPERANDS.input, 'the input');
  if (isSequence && input.hasRank && input.shape.length !== 3) {
    throw reader.refusal(`the input is [${input.shape.join(', ')}]; a sequence has 3 axes`);
  }
  return {
    ...describeDirection(reader, operands, LSTM_OPERANDS.layerNormCoefficients),
    input,
    output: reader.output(0),
    gateIntermediate: {
      input: reader.intermediate(LSTM_INTERMEDIATES.gate.input),
      forget: reader.intermediate(LSTM_INTERMEDIATES.gate.forget),
      cell: reader.intermediate(LSTM_INTERMEDIATES.gate.cell),
      output: reader.intermediate(LSTM_INTERMEDIATES.gate.output),
    },
    hiddenIntermediate: reader.intermediate(LSTM_INTERMEDIATES.hidden),
    rowsTogether: !isSequence || reader.option('time_major') === true,
  };
}

/** Whether a bidirectional operator's auxiliary input has weights of its own; without, it is the backward cell's input. */
export function hasAuxWeights(reader: OperandReader): boolean {
  return reader.optional(BIDIRECTIONAL_OPERANDS.forward.auxInputToGate.forget) !== null;
}

/**
 * One of the two cells of BIDIRECTIONAL_SEQUENCE_LSTM.
 * @throws UnsupportedOperatorError as `describeCell`
 */
export function describeBidirectionalCell(reader: OperandReader, direction: 'forward' | 'backward'): LstmCell {
  const isMerged = reader.option('merge_outputs') === true;
  const auxInput = reader.optional(BIDIRECTIONAL_OPERANDS.auxInput);
  const isStacked = direction === 'backward' && auxInput !== null && !hasAuxWeights(reader);
  return {
    ...describeDirection(reader, BIDIRECTIONAL_OPERANDS[direction], null),
    input: isStacked ? auxInput : reader.required(BIDIRECTIONAL_OPERANDS.input, 'the input'),
    output: reader.output(direction === 'backward' && !isMerged ? 1 : 0),
    gateIntermediate: NONE,
    hiddenIntermediate: null,
    rowsTogether: reader.option('time_major') === true,
  };
}

type Direction = Omit<LstmCell, 'input' | 'output' | 'gateIntermediate' | 'hiddenIntermediate' | 'rowsTogether'>;

function describeDirection(reader: OperandReader, operands: CellOperands, layerNorm: PerGate<number> | null): Direction {
  const cifg = reader.optional(operands.inputToGate.input) === null;
  const projectionWeights = reader.optional(operands.projectionWeights);
  const auxPositions = operands.auxInputToGate;
  const auxShape = auxPositions === null ? undefined : reader.optional(auxPositions.forget)?.shape;
  const sizes = readSizes(reader, operands, auxShape?.[1] ?? 0);
  const { cell, output } = sizes;
  if (projectionWeights === null && cell !== output) {
    throw reader.refusal(`without a projection the output has the cell's size, but it is ${output} and the cell ${cell}`);
  }
  const perCell = [cell];
  const hasLayerNorm = layerNorm !== null && reader.optional(layerNorm.forget) !== null;
  const projectionBias = reader.optionalWeights(operands.projectionBias, [output], 'the projection bias');
  if (projectionWeights === null && projectionBias !== null)
    throw reader.refusal('there is a projection bias, but no projection');
  const cellToGate = describePeephole(reader, operands, perCell, cifg);
  return {
    sizes,
    cifg,
    peephole: cellToGate.output !== null,
    projection: projectionWeights !== null,
    layerNorm: hasLayerNorm,
    inputToGate: reader.perGate(operands.inputToGate, [cell, sizes.input], 'weights', cifg),
    auxInputToGate:
      auxPositions !== null && sizes.auxInput > 0
        ? reader.perGate(auxPositions, [cell, sizes.auxInput], 'weights of the auxiliary input', cifg)
        : NONE,
    recurrentToGate: reader.perGate(operands.recurrentToGate, [cell, output], 'recurrent weights', cifg),
    cellToGate,
    gateBias: reader.perGate(operands.gateBias, perCell, 'gate bias', cifg),
    layerNormCoefficients: hasLayerNorm ? reader.perGate(layerNorm, perCell, 'layer-norm coefficients', cifg) : NONE,
    projectionWeights: reader.optionalWeights(operands.projectionWeights, [output, cell], 'the projection'),
    projectionBias,
    outputState: stateTensor(reader, operands.outputState, 'the output state', output),
    cellState: stateTensor(reader, operands.cellState, 'the cell state', cell),
    cellClip: reader.clip('cell_clip'),
    projectionClip: reader.clip('proj_clip'),
    gateClip: reader.clip(ONNX_LSTM_OPTIONS.gateClip),
    activations: readActivations(reader),
    asymmetricQuantizeInputs: reader.option('asymmetric_quantize_inputs') === true,
    dynamicQuantize: reader.option(ONNX_LSTM_OPTIONS.dynamicQuantize) === true,
  };
}

function readActivations(reader: OperandReader): LstmActivations {
  const cell = String(reader.option('fused_activation_function') ?? 'TANH');
  return {
    gates: String(reader.option(ONNX_LSTM_OPTIONS.gateActivation) ?? 'SIGMOID'),
    cell,
    hidden: String(reader.option(ONNX_LSTM_OPTIONS.hiddenActivation) ?? cell),
  };
}

/** Sizes follow from the output gate's matrices, which every topology has. */
function readSizes(reader: OperandReader, operands: CellOperands, auxInput: number): LstmSizes {
  const inputMatrix = reader.required(operands.inputToGate.output, 'input-to-output weights').shape;
  const recurrentMatrix = reader.required(operands.recurrentToGate.output, 'recurrent-to-output weights').shape;
  if (recurrentMatrix.length === 1) throw reader.refusal('diagonal recurrent weights are not supported');
  const [cell = 0, input = 0] = inputMatrix;
  const output = recurrentMatrix[1] ?? 0;
  if (inputMatrix.length !== 2 || recurrentMatrix.length !== 2 || cell < 1 || input < 1 || output < 1) {
    throw reader.refusal(`weights of shape [${inputMatrix.join(', ')}] and [${recurrentMatrix.join(', ')}] make no LSTM`);
  }
  return { input, auxInput, cell, output };
}

/** All peepholes or none. */
function describePeephole(
  reader: OperandReader,
  operands: CellOperands,
  shape: readonly number[],
  cifg: boolean,
): PerGate<Weights | null> {
  const read = (position: number) => reader.optionalWeights(position, shape, 'a peephole');
  const input = read(operands.cellToGate.input);
  const forget = read(operands.cellToGate.forget);
  const output = read(operands.cellToGate.output);
  const found = [cifg ? forget : input, forget, output].filter((weights) => weights !== null).length;
  if (found !== 0 && found !== 3) throw reader.refusal('peephole weights must be there for all gates or for none');
  return { input: cifg ? null : input, forget, cell: null, output };
}

/** [batch, size], or all in one axis. */
function stateTensor(reader: OperandReader, position: number, role: string, size: number): Tensor {
  const tensor = reader.required(position, role);
  const values = tensor.shape.reduce((product, axis) => product * axis, 1);
  if (values % size !== 0) throw reader.refusal(`${role} has [${tensor.shape.join(', ')}] values; a row has ${size}`);
  return tensor;
}
