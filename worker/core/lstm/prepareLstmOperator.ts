import type { Graph, Operator } from '../model/model';
import { atOnce } from '../run/atOnce';
import type { GraphOptions } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import { prepareBasicOperator } from './basicOperator';
import { preparingBidirectionalOperator } from './bidirectionalOperator';
import { OperandReader } from './operandReader';
import { preparingSequenceOperator } from './sequenceOperator';

/**
 * Prepares UNIDIRECTIONAL_SEQUENCE_LSTM, LSTM (full or basic kernel) or BIDIRECTIONAL_SEQUENCE_LSTM for a path and a persona.
 * @throws UnsupportedOperatorError when the operator's operands contradict each other, or the persona's runtime refuses it
 * @throws ModelFormatError when a constant's bytes do not fill its shape
 */
export function prepareLstmOperator(graph: Graph, operator: Operator, options: GraphOptions): PreparedOp {
  return atOnce(preparingLstmOperator(graph, operator, options));
}

/** The same with pauses between its matrices. */
export function* preparingLstmOperator(graph: Graph, operator: Operator, options: GraphOptions): Generator<void, PreparedOp> {
  const reader = new OperandReader(graph, operator);
  switch (operator.name) {
    case 'BIDIRECTIONAL_SEQUENCE_LSTM':
      return yield* preparingBidirectionalOperator(reader, options);
    case 'LSTM':
      return operator.options.kernel_type === 'BASIC'
        ? prepareBasicOperator(reader, options)
        : yield* preparingSequenceOperator(reader, options);
    case 'UNIDIRECTIONAL_SEQUENCE_LSTM':
      return yield* preparingSequenceOperator(reader, options);
    default:
      throw reader.refusal('it is no LSTM');
  }
}
