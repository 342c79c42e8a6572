import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { GATES, GATE_LETTERS } from '../../lstm/signals';
import { everyLstm, type FindingRule } from '../findingRule';

export const biasMissing: FindingRule = {
  rule: 'lstm-bias-missing',
  severity: 'error',
  title: 'Gate biases are missing',
  explanation: 'Converters always write biases, and kernels read them without a look whether they are there.',
  fix: 'Add biases of zeros.',
  reference: 'LiteRT 2.3.0, tflite-micro 8f6596d and Vela 5.2.0, measured: crashes and refusals',
  check: everyLstm(({ info, operand }) => {
    const missing = GATES.filter((gate) => (gate !== 'input' || !info.cifg) && operand(LSTM_OPERANDS.gateBias[gate]) === null);
    if (missing.length === 0) return null;
    const gates = missing.map((gate) => GATE_LETTERS[gate]).join(', ');
    return { message: `${info.name}: no bias for ${gates}. TFLite, TFLite Micro and Vela crash on such models or refuse them.` };
  }),
};
