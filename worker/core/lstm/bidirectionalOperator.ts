import { BIDIRECTIONAL_OPERANDS } from '../model/lstmOperands';
import type { GraphOptions } from '../run/graphRunner';
import { InputShapeError } from '../run/inputShapeError';
import type { PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { CellInstance } from './cellInstance';
import { describeBidirectionalCell, hasAuxWeights } from './describeCell';
import { concatenateRows, fromTimeMajor, outputShape, sequenceShape, signalArray, signalDtype, toTimeMajor } from './layout';
import type { LstmCell } from './lstmCell';
import type { OperandReader } from './operandReader';
import { preparingCell } from './prepareCell';
import type { SignalArray } from './signals';

type Direction = 'forward' | 'backward';

/**
 * BIDIRECTIONAL_SEQUENCE_LSTM: two cells, the backward one walking time in reverse. An auxiliary input has weights of its own
 * in both cells, or, without weights, is the backward cell's input (stacked layers). Prepared with pauses.
 */
export function* preparingBidirectionalOperator(reader: OperandReader, options: GraphOptions): Generator<void, PreparedOp> {
  const operandCount = reader.operator.inputs.length;
  if (operandCount !== 48) throw reader.refusal(`a bidirectional LSTM has 48 operands, not ${operandCount}`);
  const isMerged = reader.option('merge_outputs') === true;
  const usesAuxWeights = hasAuxWeights(reader);
  const forward = yield* preparingDirection(reader, options, 'forward');
  const backward = yield* preparingDirection(reader, options, 'backward');

  const stepsOf = (position: number, inputs: readonly (Value | null)[], size: number) => {
    const value = reader.value(inputs, position);
    const shape = sequenceShape(value.shape, size, forward.cell.rowsTogether, reader);
    return { shape, x: toTimeMajor(signalArray(value, reader), shape, size) };
  };
  /** A cell's input with the auxiliary one behind it, time-major. */
  const inputOf = ({ cell }: PreparedDirection, inputs: readonly (Value | null)[], isStacked: boolean) => {
    const own = stepsOf(isStacked ? BIDIRECTIONAL_OPERANDS.auxInput : BIDIRECTIONAL_OPERANDS.input, inputs, cell.sizes.input);
    if (cell.sizes.auxInput === 0) return own;
    const aux = stepsOf(BIDIRECTIONAL_OPERANDS.auxInput, inputs, cell.sizes.auxInput);
    if (aux.shape.steps !== own.shape.steps || aux.shape.batch !== own.shape.batch) {
      const { index, name } = reader.operator;
      throw new InputShapeError(`op ${index} ${name}: input and auxiliary input have different numbers of steps or rows`, index);
    }
    return { shape: own.shape, x: concatenateRows(own.x, cell.sizes.input, aux.x, cell.sizes.auxInput) };
  };

  return {
    operator: reader.operator,
    cells: [
      { direction: 'forward', runner: forward.instance.runner },
      { direction: 'backward', runner: backward.instance.runner },
    ],
    run: (inputs, probes): Value[] => {
      const isStacked = !usesAuxWeights && reader.optional(BIDIRECTIONAL_OPERANDS.auxInput) !== null;
      const ahead = inputOf(forward, inputs, false);
      const back = inputOf(backward, inputs, isStacked);
      const { y: yForward } = forward.instance.run(ahead.x, ahead.shape.steps, ahead.shape.batch, inputs, probes?.[0]);
      const { steps, batch } = back.shape;
      const { y: yBackward } = backward.instance.run(back.x, steps, batch, inputs, probes?.[1], { reverse: true, lengths: null });
      const forwardSize = forward.instance.runner.outputSize;
      const backwardSize = backward.instance.runner.outputSize;
      const toValue = (y: SignalArray, size: number): Value => {
        const data = fromTimeMajor(y, ahead.shape, size);
        return { dtype: signalDtype(data), shape: outputShape(ahead.shape, size), data };
      };
      return isMerged
        ? [toValue(concatenateRows(yForward, forwardSize, yBackward, backwardSize), forwardSize + backwardSize)]
        : [toValue(yForward, forwardSize), toValue(yBackward, backwardSize)];
    },
    resetState: () => {
      forward.instance.resetState();
      backward.instance.resetState();
    },
    exchangeState: CellInstance.exchanging([forward.instance, backward.instance]),
  };
}

interface PreparedDirection {
  readonly cell: LstmCell;
  readonly instance: CellInstance;
}

function* preparingDirection(
  reader: OperandReader,
  options: GraphOptions,
  direction: Direction,
): Generator<void, PreparedDirection> {
  const cell = describeBidirectionalCell(reader, direction);
  if (options.path !== 'float' && cell.input.dtype !== 'float32') {
    throw reader.refusal('no runtime has an integer BIDIRECTIONAL_SEQUENCE_LSTM');
  }
  const positions = BIDIRECTIONAL_OPERANDS[direction];
  const states = {
    output: { position: positions.outputState, tensor: cell.outputState },
    cell: { position: positions.cellState, tensor: cell.cellState },
  };
  return { cell, instance: new CellInstance(yield* preparingCell(cell, reader, options), states, reader, options) };
}
