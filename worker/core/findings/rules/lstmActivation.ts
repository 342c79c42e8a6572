import { everyLstm, type FindingRule } from '../findingRule';

export const lstmActivation: FindingRule = {
  rule: 'lstm-activation',
  severity: 'warning',
  title: 'Integer LSTM computes tanh anyway',
  explanation:
    'The float kernel applies the fused activation of the file to the cell input and the cell. The integer kernels have tanh in its place and do not read it, so the two compute different functions.',
  fix: 'Train and export the LSTM with tanh.',
  reference: 'TensorFlow Lite kernels/lstm_eval.cc, LstmStepInteger8x8_16: kTfLiteActTanh; Vela 5.2.0: not read',
  check: everyLstm(({ info, isInteger, operator }) => {
    const activation = operator.options['fused_activation_function'];
    if (!isInteger || typeof activation !== 'string' || activation === 'TANH') return null;
    return { message: `${info.name}: the file asks for ${activation}.` };
  }),
};
