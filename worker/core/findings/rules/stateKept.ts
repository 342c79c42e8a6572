import { keepsStates, LSTM_OPERANDS } from '../../model/lstmOperands';
import { listed } from '../../wording';
import type { FindingRule, LintedLstm } from '../findingRule';

export const stateKept: FindingRule = {
  rule: 'state-kept-between-calls',
  severity: 'info',
  title: 'State survives from call to call',
  explanation:
    'The states of an LSTM are variables of the interpreter. Unless they are reset, a sample starts where the one before it ended, and nothing tells: mnist_lstm falls from 99.2 to 91 % without the reset.',
  fix: 'Between samples that do not belong together, call reset_all_variables() (Python), ResetVariableTensors() (C++) or Reset() (TFLite Micro).',
  reference: 'tensorflow/tensorflow issue 47813; TensorFlow Lite 2.21, measured on mnist_lstm',
  check: ({ lstms }) => {
    const kept = lstms.filter(isKept);
    const [first] = kept;
    if (first === undefined) return [];
    return [
      {
        message: `${listed(kept.map(({ info }) => info.name))}: output and cell state are variable tensors, and a call takes a whole sequence.`,
        op: first.operator,
      },
    ];
  },
};

/** A sequence of more than one step: streaming models are meant to keep their state. */
function isKept({ info, operator, operand }: LintedLstm): boolean {
  if (!keepsStates(operator)) return false;
  const shape = operand(LSTM_OPERANDS.input)?.shapeSignature ?? [];
  const steps = shape.length === 3 ? shape[info.timeMajor ? 0 : 1] : 1;
  return steps !== 1 && operand(LSTM_OPERANDS.cellState)?.isVariable === true;
}
