import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { inputOf } from '../operands';
import type { OperatorContext } from '../target';

const { inputToGate, recurrentToGate, cellToGate, gateBias, layerNormCoefficients } = LSTM_OPERANDS;

/** Operand indices by what they are, in file order. */
export const GATE_WEIGHTS: readonly number[] = [...Object.values(inputToGate), ...Object.values(recurrentToGate)];
export const PEEPHOLES: readonly number[] = Object.values(cellToGate);
export const BIASES: readonly number[] = Object.values(gateBias);
export const PROJECTION: readonly number[] = [LSTM_OPERANDS.projectionWeights, LSTM_OPERANDS.projectionBias];
export const NORM_COEFFICIENTS: readonly number[] = Object.values(layerNormCoefficients);

export function firstMissing(context: OperatorContext, operands: readonly number[]): number | undefined {
  return operands.find((operand) => inputOf(context, operand) === null);
}

export function firstThere(context: OperatorContext, operands: readonly number[]): number | undefined {
  return operands.find((operand) => inputOf(context, operand) !== null);
}

/** Coupled input and forget gate: no input gate weights of its own. */
export function isCifg(context: OperatorContext): boolean {
  return inputOf(context, inputToGate.input) === null;
}

export function isHybridLstm(context: OperatorContext): boolean {
  const [input, weights] = [inputOf(context, LSTM_OPERANDS.input), inputOf(context, inputToGate.forget)];
  return input?.dtype === 'float32' && (weights?.dtype === 'int8' || weights?.dtype === 'uint8');
}
