import { LSTM_OPERANDS } from '../model/lstmOperands';
import type { GraphOptions } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { CellInstance } from './cellInstance';
import { describeCell } from './describeCell';
import { fromTimeMajor, outputShape, sequenceShape, signalArray, signalDtype, toTimeMajor } from './layout';
import type { OperandReader } from './operandReader';
import { preparingCell } from './prepareCell';

/** UNIDIRECTIONAL_SEQUENCE_LSTM, and LSTM with the full kernel, which takes one step; prepared with pauses. */
export function* preparingSequenceOperator(reader: OperandReader, options: GraphOptions): Generator<void, PreparedOp> {
  const cell = describeCell(reader);
  const instance = new CellInstance(
    yield* preparingCell(cell, reader, options),
    {
      output: { position: LSTM_OPERANDS.outputState, tensor: cell.outputState },
      cell: { position: LSTM_OPERANDS.cellState, tensor: cell.cellState },
    },
    reader,
    options,
  );
  const { runner } = instance;
  return {
    operator: reader.operator,
    cells: [{ direction: 'forward', runner }],
    run: (inputs, probes): Value[] => {
      const input = reader.value(inputs, LSTM_OPERANDS.input);
      const shape = sequenceShape(input.shape, runner.inputSize, cell.rowsTogether, reader);
      const x = toTimeMajor(signalArray(input, reader), shape, runner.inputSize);
      const { y } = instance.run(x, shape.steps, shape.batch, inputs, probes?.[0]);
      const data = fromTimeMajor(y, shape, runner.outputSize);
      return [{ dtype: signalDtype(data), shape: outputShape(shape, runner.outputSize), data }];
    },
    resetState: () => instance.resetState(),
  };
}
