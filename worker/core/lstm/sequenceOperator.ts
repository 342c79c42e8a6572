import { keepsStates, LSTM_OPERANDS, ONNX_LSTM_OPTIONS } from '../model/lstmOperands';
import type { GraphOptions } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { CellInstance, type StateOperands } from './cellInstance';
import { describeCell } from './describeCell';
import { fromTimeMajor, outputShape, sequenceShape, signalArray, signalValue, stateShape, toTimeMajor } from './layout';
import type { LstmCell } from './lstmCell';
import type { OperandReader } from './operandReader';
import { preparingCell } from './prepareCell';
import { sequenceLengths } from './sequenceLengths';
import type { SignalArray } from './signals';

/**
 * UNIDIRECTIONAL_SEQUENCE_LSTM, and LSTM with the full kernel, which takes one step; prepared with pauses. The first may be made from an
 * LSTM of ONNX, with that one's operands, outputs and options.
 */
export function* preparingSequenceOperator(reader: OperandReader, options: GraphOptions): Generator<void, PreparedOp> {
  const cell = describeCell(reader);
  const reverse = reader.option(ONNX_LSTM_OPTIONS.reverse) === true;
  const hasDirectionAxis = reader.option(ONNX_LSTM_OPTIONS.directionAxis) === true;
  const outputCount = Math.max(1, reader.operator.outputs.length);
  const instance = new CellInstance(yield* preparingCell(cell, reader, options), stateOperands(cell, reader), reader, options);
  const { runner } = instance;
  return {
    operator: reader.operator,
    cells: [{ direction: reverse ? 'backward' : 'forward', runner }],
    run: (inputs, probes): Value[] => {
      const input = reader.value(inputs, LSTM_OPERANDS.input);
      const shape = sequenceShape(input.shape, runner.inputSize, cell.rowsTogether, reader);
      const { steps, batch, isTimeMajor } = shape;
      const lengths = sequenceLengths(reader, LSTM_OPERANDS.sequenceLengths, inputs, steps, batch);
      const x = toTimeMajor(signalArray(input, reader), shape, runner.inputSize);
      const { y, state } = instance.run(x, steps, batch, inputs, probes?.[0], { reverse, lengths });
      const data = fromTimeMajor(y, shape, runner.outputSize);
      const sequence = signalValue(data, outputShape(shape, runner.outputSize, hasDirectionAxis));
      if (outputCount === 1) return [sequence];
      const last = (values: SignalArray, size: number) =>
        signalValue(values.slice(), stateShape(batch, size, hasDirectionAxis, isTimeMajor));
      return [sequence, last(state.output, runner.outputSize), last(state.cell, runner.cellSize)].slice(0, outputCount);
    },
    resetState: () => instance.resetState(),
    exchangeState: CellInstance.exchanging([instance]),
  };
}

/** TensorFlow Lite's own variables, or what is given for every run. */
function stateOperands(cell: LstmCell, reader: OperandReader): StateOperands {
  if (keepsStates(reader.operator)) {
    return {
      output: { position: LSTM_OPERANDS.outputState, tensor: cell.outputState },
      cell: { position: LSTM_OPERANDS.cellState, tensor: cell.cellState },
    };
  }
  const given = (position: number) => {
    const tensor = reader.optional(position);
    return tensor === null ? null : { position, tensor };
  };
  return { output: given(LSTM_OPERANDS.initialOutput), cell: given(LSTM_OPERANDS.initialCell), startsAnew: true };
}
