import type { LstmCell, Weights } from '../lstmCell';
import type { OperandReader } from '../operandReader';

/**
 * What TensorFlow Lite's integer LSTM asks of an operator beyond the shapes ("8x8_16": int8 activations, 5 intermediates).
 * @throws UnsupportedOperatorError naming what it does not take
 */
export function checkTfliteInteger(cell: LstmCell, reader: OperandReader): void {
  const expectType = (weights: Weights | null, dtype: string, role: string) => {
    if (weights !== null && weights.tensor.dtype !== dtype)
      throw reader.refusal(`${role} is ${weights.tensor.dtype}, not ${dtype}`);
  };
  if (cell.input.dtype !== 'int8')
    throw reader.refusal(`TensorFlow Lite has no integer LSTM for ${cell.input.dtype} activations (16x8 runs in TFLM)`);
  const intermediates = reader.operator.intermediates.length;
  if (intermediates === 12) throw reader.refusal('the 8x8->8 integer LSTM (12 intermediate tensors) is not supported');
  if (intermediates !== 5) throw reader.refusal(`an integer LSTM has 5 intermediate tensors, not ${intermediates}`);
  if (cell.cellState.dtype !== 'int16') throw reader.refusal(`the cell state is ${cell.cellState.dtype}, not int16`);
  if (cell.outputState.dtype !== 'int8') throw reader.refusal(`the output state is ${cell.outputState.dtype}, not int8`);
  for (const gate of ['input', 'forget', 'cell', 'output'] as const) {
    expectType(cell.inputToGate[gate], 'int8', `input-to-${gate} weights`);
    expectType(cell.recurrentToGate[gate], 'int8', `recurrent-to-${gate} weights`);
    expectType(cell.cellToGate[gate], 'int16', `the ${gate} peephole`);
    expectType(cell.layerNormCoefficients[gate], 'int16', `${gate} layer-norm coefficients`);
    expectType(cell.gateBias[gate], 'int32', `the ${gate} gate bias`);
  }
  expectType(cell.projectionWeights, 'int8', 'the projection');
  expectType(cell.projectionBias, 'int32', 'the projection bias');
}
