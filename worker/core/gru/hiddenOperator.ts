import { CellInstance } from '../lstm/cellInstance';
import { fromTimeMajor, outputShape, sequenceShape, signalArray, signalValue, stateShape, toTimeMajor } from '../lstm/layout';
import type { LstmRunner } from '../lstm/lstmRunner';
import { OperandReader } from '../lstm/operandReader';
import { sequenceLengths } from '../lstm/sequenceLengths';
import { GRU_OPERANDS, HIDDEN_OUTPUTS, RNN_OPERANDS } from '../model/gruOperands';
import { ONNX_LSTM_OPTIONS } from '../model/lstmOperands';
import type { Graph, Operator } from '../model/model';
import type { GraphOptions } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { describeGru, describeRnn } from './gruCell';
import { preparingGru, preparingRnn } from './prepareHidden';

/** Operators whose only state is h. */
export const HIDDEN_OPERATORS: ReadonlySet<string> = new Set(['GRU', 'VANILLA_RNN']);

/**
 * Prepares GRU or VANILLA_RNN for a path and a persona, with a pause after every matrix.
 * @throws UnsupportedOperatorError when its operands contradict each other
 */
export function* preparingHiddenOperator(graph: Graph, operator: Operator, options: GraphOptions): Generator<void, PreparedOp> {
  const reader = new OperandReader(graph, operator);
  return operator.name === 'GRU'
    ? overSequences(yield* preparingGru(describeGru(reader), reader, options), GRU_OPERANDS, reader, options)
    : overSequences(yield* preparingRnn(describeRnn(reader), reader, options), RNN_OPERANDS, reader, options);
}

interface SequenceOperands {
  readonly input: number;
  readonly initialHidden: number;
  readonly sequenceLengths: number;
}

function overSequences(runner: LstmRunner, operands: SequenceOperands, reader: OperandReader, options: GraphOptions): PreparedOp {
  const { operator } = reader;
  const reverse = reader.option(ONNX_LSTM_OPTIONS.reverse) === true;
  const hasDirectionAxis = reader.option(ONNX_LSTM_OPTIONS.directionAxis) === true;
  const initial = reader.optional(operands.initialHidden);
  const output = initial === null ? null : { position: operands.initialHidden, tensor: initial };
  const startsAnew = initial?.isVariable !== true;
  const instance = new CellInstance(runner, { output, cell: null, startsAnew }, reader, options);
  return {
    operator,
    cells: [{ direction: reverse ? 'backward' : 'forward', runner }],
    run: (inputs, probes): Value[] => {
      const input = reader.value(inputs, operands.input);
      const shape = sequenceShape(input.shape, runner.inputSize, reader.option('time_major') === true, reader);
      const { steps, batch, isTimeMajor } = shape;
      const lengths = sequenceLengths(reader, operands.sequenceLengths, inputs, steps, batch);
      const x = toTimeMajor(signalArray(input, reader), shape, runner.inputSize);
      const { y, state } = instance.run(x, steps, batch, inputs, probes?.[0], { reverse, lengths });
      const sequence = fromTimeMajor(y, shape, runner.outputSize);
      const outputs = [signalValue(sequence, outputShape(shape, runner.outputSize, hasDirectionAxis))];
      if (operator.outputs.length <= HIDDEN_OUTPUTS.last) return outputs;
      const last = stateShape(batch, runner.outputSize, hasDirectionAxis, isTimeMajor);
      return [...outputs, signalValue(state.output.slice(), last)];
    },
    resetState: () => instance.resetState(),
    exchangeState: CellInstance.exchanging([instance]),
  };
}
