import type { Graph, Operator } from '../model/model';
import type { GraphOptions } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import { prepareBasicOperator } from './basicOperator';
import { prepareBidirectionalOperator } from './bidirectionalOperator';
import { OperandReader } from './operandReader';
import { prepareSequenceOperator } from './sequenceOperator';

/**
 * Prepares UNIDIRECTIONAL_SEQUENCE_LSTM, LSTM (full or basic kernel) or BIDIRECTIONAL_SEQUENCE_LSTM for a path and a persona.
 * @throws UnsupportedOperatorError when the operator's operands contradict each other, or the persona's runtime refuses it
 * @throws ModelFormatError when a constant's bytes do not fill its shape
 */
export function prepareLstmOperator(graph: Graph, operator: Operator, options: GraphOptions): PreparedOp {
  const reader = new OperandReader(graph, operator);
  switch (operator.name) {
    case 'BIDIRECTIONAL_SEQUENCE_LSTM':
      return prepareBidirectionalOperator(reader, options);
    case 'LSTM':
      return operator.options.kernel_type === 'BASIC'
        ? prepareBasicOperator(reader, options)
        : prepareSequenceOperator(reader, options);
    case 'UNIDIRECTIONAL_SEQUENCE_LSTM':
      return prepareSequenceOperator(reader, options);
    default:
      throw reader.refusal('it is no LSTM');
  }
}
