import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { tensorName } from '../wording';

export const stateNotVariable: FindingRule = {
  rule: 'state-not-variable',
  severity: 'error',
  title: 'State is no variable tensor',
  explanation:
    'Output and cell state have to keep their values from one call to the next, which only tensors marked as variable do. The kernels write to them in place.',
  fix: 'Set is_variable on operands 18 and 19.',
  reference:
    'TensorFlow Lite kernels/unidirectional_sequence_lstm.cc and tflite-micro 8f6596d: refused; Vela 5.2.0, measured: refuses the model',
  check: everyLstm(({ info, operand }) => {
    const states = [LSTM_OPERANDS.outputState, LSTM_OPERANDS.cellState].flatMap((position) => operand(position) ?? []);
    const odd = states.find(({ isVariable }) => !isVariable);
    if (odd === undefined) return null;
    return {
      message: `${info.name}: ${tensorName(odd)} is not variable. TFLite, TFLite Micro and Vela refuse the model.`,
      tensor: odd,
    };
  }),
};
