import { BASIC_LSTM_OPERANDS } from '../model/lstmOperands';
import { atOnce } from '../run/atOnce';
import type { GraphOptions } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { CellInstance } from './cellInstance';
import { FloatRunner } from './float/floatRunner';
import type { FloatGate } from './float/floatParameters';
import { floatMatrix } from './float/realMatrix';
import { sequenceShape, signalArray } from './layout';
import { realValues } from './lstmCell';
import type { OperandReader } from './operandReader';
import type { Gate } from './signals';
import { FLOAT_FORMATS, signalSpecs } from './signalSpecs';

/** Order of the gates in the packed matrix. */
const PACKED_ORDER: readonly Gate[] = ['input', 'cell', 'forget', 'output'];

/**
 * LSTM with the basic kernel: one step, one packed matrix over [x, h], no peephole, projection, layer norm or clip. Outputs
 * are h and c; those that the runtime uses as scratch are left out.
 * @throws UnsupportedOperatorError for its quantized (uint8) form
 */
export function prepareBasicOperator(reader: OperandReader, options: GraphOptions): PreparedOp {
  const weightsTensor = reader.required(BASIC_LSTM_OPERANDS.weights, 'the packed weights');
  const [rows = 0, columns = 0] = weightsTensor.shape;
  const cellSize = rows / 4;
  const inputSize = columns - cellSize;
  if (weightsTensor.shape.length !== 2 || !Number.isInteger(cellSize) || cellSize < 1 || inputSize < 1) {
    throw reader.refusal(`packed weights of shape [${weightsTensor.shape.join(', ')}] make no basic LSTM`);
  }
  if (weightsTensor.dtype !== 'float32')
    throw reader.refusal(`the basic kernel with ${weightsTensor.dtype} weights is not supported`);
  const packed = realValues(reader.weights(BASIC_LSTM_OPERANDS.weights, [rows, columns], 'the packed weights'));
  const bias = realValues(reader.weights(BASIC_LSTM_OPERANDS.bias, [rows], 'the bias'));
  const inputWeights = new Float32Array(rows * inputSize);
  const recurrentWeights = new Float32Array(rows * cellSize);
  for (let row = 0; row < rows; row++) {
    const line = packed.subarray(row * columns, (row + 1) * columns);
    inputWeights.set(line.subarray(0, inputSize), row * inputSize);
    recurrentWeights.set(line.subarray(inputSize), row * cellSize);
  }
  const sizes = { input: inputSize, auxInput: 0, cell: cellSize, output: cellSize };
  const plain: FloatGate = { peephole: null, layerNorm: null };
  const everyGate = { input: plain, forget: plain, cell: plain, output: plain } satisfies Record<Gate, FloatGate>;
  const runner = new FloatRunner({
    path: 'float',
    sizes,
    gates: PACKED_ORDER,
    inputMatrix: atOnce(floatMatrix([() => inputWeights], rows, inputSize, options.floatSums)),
    auxInputMatrix: null,
    recurrentMatrix: atOnce(floatMatrix([() => recurrentWeights], rows, cellSize, options.floatSums)),
    matmulBase: bias,
    lateBias: null,
    gate: everyGate,
    activations: { gates: 'sigmoid', cell: 'tanh', hidden: 'tanh' },
    gateClip: 0,
    cellClip: 0,
    projection: null,
    signals: signalSpecs({ sizes, cifg: false, layerNorm: false }, FLOAT_FORMATS),
  });
  const instance = new CellInstance(
    runner,
    {
      output: {
        position: BASIC_LSTM_OPERANDS.previousOutput,
        tensor: reader.required(BASIC_LSTM_OPERANDS.previousOutput, 'the previous output'),
      },
      cell: {
        position: BASIC_LSTM_OPERANDS.previousState,
        tensor: reader.required(BASIC_LSTM_OPERANDS.previousState, 'the previous state'),
      },
    },
    reader,
    options,
  );
  return {
    operator: reader.operator,
    cells: [{ direction: 'forward', runner }],
    run: (inputs, probes): Value[] => {
      const input = reader.value(inputs, BASIC_LSTM_OPERANDS.input);
      const { batch, steps } = sequenceShape(input.shape, inputSize, true, reader);
      const { y, state } = instance.run(signalArray(input, reader), steps, batch, inputs, probes?.[0]);
      const shape = [batch, cellSize];
      return [
        { dtype: 'float32', shape, data: y },
        { dtype: 'float32', shape, data: state.cell.slice() },
      ];
    },
    resetState: () => instance.resetState(),
    exchangeState: CellInstance.exchanging([instance]),
  };
}
