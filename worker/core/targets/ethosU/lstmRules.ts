import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { FIX, type Fix } from '../fix';
import { inputOf, labelOf } from '../operands';
import type { OperatorContext, Violation } from '../target';
import { supported } from './velaRule';

const { inputToGate, recurrentToGate, cellToGate, layerNormCoefficients, projectionWeights, projectionBias } = LSTM_OPERANDS;

function firstPresent(context: OperatorContext, operands: readonly number[], fix: Fix): Violation | null {
  const [tensor] = operands.map((operand) => inputOf(context, operand)).filter((found) => found !== null);
  return tensor === undefined ? null : { seen: `${labelOf(tensor)} is there`, fix };
}

export const lstmGatesComplete = supported('Implicit gate calculation is not supported.', (context) => {
  const operands = [...Object.values(inputToGate), ...Object.values(recurrentToGate)];
  const missing = operands.find((operand) => inputOf(context, operand) === null);
  if (missing === undefined) return null;
  const message = 'The operator stays on the CPU: with coupled gates (CIFG) the input gate has no weights of its own.';
  return { seen: `operand ${missing} is absent`, message, fix: FIX.noCifg };
});

export const lstmPeephole = supported('Peephole variant is not supported.', (context) =>
  firstPresent(context, Object.values(cellToGate), FIX.removePeephole),
);

export const lstmProjection = supported('Projection is not supported.', (context) =>
  firstPresent(context, [projectionWeights, projectionBias], FIX.removeProjection),
);

export const lstmGateNorm = supported('Gate normalization is not supported.', (context) =>
  firstPresent(context, Object.values(layerNormCoefficients), FIX.removeLayerNorm),
);
