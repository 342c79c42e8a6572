import { LSTM_OPERANDS } from '../../worker/core/model/lstmOperands';
import { constantValues } from '../../worker/core/model/constants';
import type { Graph, Model, Tensor } from '../../worker/core/model/model';
import { roundHalfToEven } from '../../worker/core/quantization/affine';

const { inputToGate, recurrentToGate, cellToGate, projectionWeights } = LSTM_OPERANDS;
const LSTM_WEIGHTS: readonly number[] = [
  ...Object.values(inputToGate),
  ...Object.values(recurrentToGate),
  ...Object.values(cellToGate),
  projectionWeights,
];

/**
 * A float model with every weight matrix and peephole vector as int8, symmetric, one scale each (max|w| / 127), rounded half to
 * even; all else float32. This is how the hybrid models behind wer-tflite.json were made.
 */
export function toHybrid(model: Model): Model {
  return { ...model, graphs: model.graphs.map(graphToHybrid) };
}

function graphToHybrid(graph: Graph): Graph {
  const weights = new Set(
    graph.operators.flatMap(({ name, inputs }) => {
      const operands = name.endsWith('LSTM') ? LSTM_WEIGHTS : name === 'FULLY_CONNECTED' ? [1] : [];
      return operands.map((operand) => inputs[operand] ?? -1);
    }),
  );
  return { ...graph, tensors: graph.tensors.map((tensor) => (weights.has(tensor.index) ? toInt8(tensor) : tensor)) };
}

function toInt8(tensor: Tensor): Tensor {
  const reals = constantValues(tensor) as Float32Array;
  const scale = Math.fround(reals.reduce((most, w) => Math.max(most, Math.abs(w)), 0) / 127);
  const codes = Int8Array.from(reals, (w) => roundHalfToEven(Math.fround(w / scale)));
  const quantization = { scales: Float32Array.of(scale), zeroPoints: Float64Array.of(0), axis: 0, blockwise: null };
  return { ...tensor, dtype: 'int8', data: new Uint8Array(codes.buffer), quantization };
}
