import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { inputOf, labelOf } from '../operands';
import type { OperatorContext, Violation } from '../target';
import { supported } from './velaRule';

const { inputToGate, recurrentToGate, cellToGate, layerNormCoefficients, projectionWeights, projectionBias } = LSTM_OPERANDS;

function firstPresent(context: OperatorContext, operands: readonly number[]): Violation | null {
  const [tensor] = operands.map((operand) => inputOf(context, operand)).filter((found) => found !== null);
  return tensor === undefined ? null : { seen: `${labelOf(tensor)} is there` };
}

export const lstmGatesComplete = supported('Implicit gate calculation is not supported.', (context) => {
  const operands = [...Object.values(inputToGate), ...Object.values(recurrentToGate)];
  const missing = operands.find((operand) => inputOf(context, operand) === null);
  if (missing === undefined) return null;
  const message = 'The operator stays on the CPU: with coupled gates (CIFG) the input gate has no weights of its own.';
  return { seen: `operand ${missing} is absent`, message };
});

export const lstmPeephole = supported('Peephole variant is not supported.', (context) =>
  firstPresent(context, Object.values(cellToGate)),
);

export const lstmProjection = supported('Projection is not supported.', (context) =>
  firstPresent(context, [projectionWeights, projectionBias]),
);

export const lstmGateNorm = supported('Gate normalization is not supported.', (context) =>
  firstPresent(context, Object.values(layerNormCoefficients)),
);
