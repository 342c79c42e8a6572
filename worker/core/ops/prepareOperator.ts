import { HIDDEN_OPERATORS, preparingHiddenOperator } from '../gru/hiddenOperator';
import { preparingLstmOperator } from '../lstm/prepareLstmOperator';
import type { Graph, Operator } from '../model/model';
import { atOnce } from '../run/atOnce';
import type { GraphOptions } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import { ACTIVATION_OPERATORS } from './activation';
import { ARITHMETIC_OPERATORS } from './arithmetic';
import { CAST_OPERATORS } from './cast';
import { CHOICE_OPERATORS } from './choice';
import { CONVOLUTION_OPERATORS } from './convolution';
import { ELEMENTWISE_OPERATORS } from './elementwise';
import { FULLY_CONNECTED_OPERATORS } from './fullyConnected';
import { JOINING_OPERATORS } from './joining';
import { LAYOUT_OPERATORS } from './layout';
import { OperatorContext, type KernelPreparer, type StatefulKernel } from './operatorContext';
import { POOLING_OPERATORS } from './pooling';
import { QUANTIZE_OPERATORS } from './quantize';
import { RECTIFIER_OPERATORS } from './rectifier';
import { REDUCE_OPERATORS } from './reduce';
import { REORDER_OPERATORS } from './reorder';
import { REPEAT_OPERATORS } from './repeat';
import { ROW_OPERATORS } from './rowFunctions';
import { SLICING_OPERATORS } from './slicing';
import { SOFTMAX_OPERATORS } from './softmax';
import { prepareSvdf } from './svdf';

/** Operators that hold LSTM cells. */
export const LSTM_OPERATORS: ReadonlySet<string> = new Set([
  'UNIDIRECTIONAL_SEQUENCE_LSTM',
  'BIDIRECTIONAL_SEQUENCE_LSTM',
  'LSTM',
]);

const PREPARERS: ReadonlyMap<string, KernelPreparer> = new Map(
  [
    ACTIVATION_OPERATORS,
    ARITHMETIC_OPERATORS,
    CAST_OPERATORS,
    CHOICE_OPERATORS,
    CONVOLUTION_OPERATORS,
    ELEMENTWISE_OPERATORS,
    FULLY_CONNECTED_OPERATORS,
    JOINING_OPERATORS,
    LAYOUT_OPERATORS,
    POOLING_OPERATORS,
    QUANTIZE_OPERATORS,
    RECTIFIER_OPERATORS,
    REDUCE_OPERATORS,
    REORDER_OPERATORS,
    REPEAT_OPERATORS,
    ROW_OPERATORS,
    SLICING_OPERATORS,
    SOFTMAX_OPERATORS,
  ].flatMap((family) => Object.entries(family)),
);

/**
 * Checks one operator and prepares it for a path and a persona.
 * @throws UnsupportedOperatorError when this engine does not compute it, or the persona's runtime refuses it
 * @throws ModelFormatError when its operands contradict each other
 */
export function prepareOperator(graph: Graph, operator: Operator, options: GraphOptions): PreparedOp {
  return atOnce(preparingOperator(graph, operator, options));
}

/** The same; an LSTM pauses after every matrix, since packing a large one takes a while. */
export function* preparingOperator(graph: Graph, operator: Operator, options: GraphOptions): Generator<void, PreparedOp> {
  if (LSTM_OPERATORS.has(operator.name)) return yield* preparingLstmOperator(graph, operator, options);
  if (HIDDEN_OPERATORS.has(operator.name)) return yield* preparingHiddenOperator(graph, operator, options);
  const context = new OperatorContext(graph, operator, options);
  const { compute, ...states } = kernelOf(context);
  const constants = operator.inputs.map((_, position) => context.constant(position));
  return {
    operator,
    cells: [],
    run: (inputs) => compute(constants.map((constant, position) => constant ?? inputs[position] ?? null)),
    ...states,
  };
}

function kernelOf(context: OperatorContext): StatefulKernel {
  if (context.operator.name === 'SVDF') return prepareSvdf(context);
  const prepare = PREPARERS.get(context.operator.name);
  if (prepare === undefined) throw context.unsupported('this engine does not compute it');
  return { compute: prepare(context), resetState: () => undefined };
}
