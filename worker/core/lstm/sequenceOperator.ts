import { constantValues } from '../model/constants';
import { keepsStates, LSTM_OPERANDS, ONNX_LSTM_OPTIONS } from '../model/lstmOperands';
import type { GraphOptions } from '../run/graphRunner';
import { InputShapeError } from '../run/inputShapeError';
import type { PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { CellInstance, type StateOperands } from './cellInstance';
import { describeCell } from './describeCell';
import { fromTimeMajor, outputShape, sequenceShape, signalArray, signalDtype, stateShape, toTimeMajor } from './layout';
import type { LstmCell } from './lstmCell';
import type { OperandReader } from './operandReader';
import { preparingCell } from './prepareCell';
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
      const lengths = sequenceLengths(reader, inputs, steps, batch);
      const x = toTimeMajor(signalArray(input, reader), shape, runner.inputSize);
      const { y, state } = instance.run(x, steps, batch, inputs, probes?.[0], { reverse, lengths });
      const data = fromTimeMajor(y, shape, runner.outputSize);
      const sequence = valueOf(data, outputShape(shape, runner.outputSize, hasDirectionAxis));
      if (outputCount === 1) return [sequence];
      const last = (values: SignalArray, size: number) =>
        valueOf(values.slice(), stateShape(batch, size, hasDirectionAxis, isTimeMajor));
      return [sequence, last(state.output, runner.outputSize), last(state.cell, runner.cellSize)].slice(0, outputCount);
    },
    resetState: () => instance.resetState(),
  };
}

function valueOf(data: SignalArray, shape: readonly number[]): Value {
  return { dtype: signalDtype(data), shape, data };
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

/** Null where every row has all steps. @throws InputShapeError */
function sequenceLengths(
  reader: OperandReader,
  inputs: readonly (Value | null)[],
  steps: number,
  batch: number,
): ArrayLike<number> | null {
  const tensor = reader.optional(LSTM_OPERANDS.sequenceLengths);
  if (tensor === null) return null;
  const given = inputs[LSTM_OPERANDS.sequenceLengths]?.data ?? (tensor.data === null ? null : constantValues(tensor));
  if (given === null) throw reader.refusal(`${tensor.name}, the sequence lengths, has no value`);
  const lengths = Array.from(given as ArrayLike<number | bigint>, Number);
  const isGood =
    lengths.length === batch && lengths.every((length) => Number.isInteger(length) && length >= 0 && length <= steps);
  if (isGood) return lengths;
  const { index, name } = reader.operator;
  const message = `op ${index} ${name}: sequence lengths [${lengths.slice(0, 8).join(', ')}]; ${batch} from 0 to ${steps} are needed`;
  throw new InputShapeError(message, index);
}
