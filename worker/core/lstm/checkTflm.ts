import { LSTM_OPERANDS, ONNX_LSTM_OPTIONS } from '../model/lstmOperands';
import { otherActivations, type LstmCell } from './lstmCell';
import type { OperandReader } from './operandReader';

/**
 * What TensorFlow Lite Micro's UNIDIRECTIONAL_SEQUENCE_LSTM takes: the plain LSTM only.
 * Source: tflite-micro 90b983c, micro/kernels/lstm_eval.cc (ValidateTensorStatus), unidirectional_sequence_lstm.cc.
 * @throws UnsupportedOperatorError with the runtime's own condition
 */
export function checkTflm(cell: LstmCell, reader: OperandReader): void {
  const { operator } = reader;
  const reject = (reason: string) => reader.refusal(`TFLM rejects it: ${reason}`);
  if (operator.name !== 'UNIDIRECTIONAL_SEQUENCE_LSTM') throw reject(`it has no kernel for ${operator.name}`);
  // States that a graph computes can be put into the variable tensors before a run; the rest of ONNX's operands has no counterpart.
  if (operator.inputs.length !== 24 && operator.inputs.length !== 27)
    throw reject(`24 operands are needed, there are ${operator.inputs.length}`);
  if (reader.optional(LSTM_OPERANDS.sequenceLengths) !== null) throw reject('it has no sequence lengths');
  if (reader.option(ONNX_LSTM_OPTIONS.reverse) === true) throw reject('it walks forward only');
  if (cell.gateClip > 0) throw reject('it does not clip the gates');
  if (cell.cifg) throw reject('input-to-input weights are missing (CIFG)');
  if (cell.peephole) throw reject('peephole weights must be absent');
  if (cell.projection) throw reject('a projection must be absent');
  if (cell.layerNorm) throw reject('layer-norm coefficients must be absent');
  if (!cell.outputState.isVariable || !cell.cellState.isVariable) throw reject('both states must be variable tensors');
  const activations = cell.input.dtype;
  if (cell.outputState.dtype !== activations || cell.output.dtype !== activations) {
    throw reject(
      `input, output and output state must have one type; they are ${activations}, ${cell.output.dtype}, ${cell.outputState.dtype}`,
    );
  }
  const weights = cell.inputToGate.forget?.tensor.dtype ?? 'unknown';
  const expected = {
    float32: ['float32', 'float32', 'float32'],
    int8: ['int8', 'int16', 'int32'],
    int16: ['int8', 'int16', 'int64'],
  }[activations as string];
  if (expected === undefined) throw reject(`input type ${activations} is not supported`);
  const [weightType, cellType, biasType] = expected;
  if (weights !== weightType && activations === 'float32') {
    throw reader.refusal(
      `TFLM has no hybrid LSTM: it loads the model, but takes ${weights} weights for float32 and its results mean nothing`,
    );
  }
  if (weights !== weightType) throw reject(`filter type ${weights} is not supported with ${activations} activations`);
  if (cell.cellState.dtype !== cellType) throw reject(`cell state type ${cell.cellState.dtype} is not supported`);
  for (const gate of ['input', 'forget', 'cell', 'output'] as const) {
    const types = [cell.inputToGate[gate]?.tensor.dtype, cell.recurrentToGate[gate]?.tensor.dtype];
    if (types.some((type) => type !== weights)) throw reject(`all weights must be ${weights}`);
    const bias = cell.gateBias[gate]?.tensor.dtype;
    if (bias !== biasType) throw reject(`gate biases must be ${biasType}, not ${bias}`);
  }
  const activation = otherActivations(cell);
  if (activation !== null) {
    throw reader.refusal(
      `TFLM has no activation ${activation} for the cell gate: it loads the model and leaves the gate as it is`,
    );
  }
}
