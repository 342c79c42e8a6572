import { QUANTIZE_AGAIN } from '../recipeFragment';
import { everyLstm, type FindingRule } from '../findingRule';

export const missingIntermediates: FindingRule = {
  rule: 'intermediates-missing',
  severity: 'error',
  title: 'Intermediate tensors are missing',
  explanation:
    "The five intermediates carry the scales of the gates' sums and of the hidden value, without which an integer LSTM cannot be set up.",
  fix: 'Convert the model again; the converter writes five intermediates.',
  reference: 'TensorFlow Lite kernels/unidirectional_sequence_lstm.cc; Vela 5.2.0',
  recipe: QUANTIZE_AGAIN,
  check: everyLstm(({ info, isInteger, operator }) => {
    const found = operator.intermediates.length;
    if (!isInteger || found === 5) return null;
    return { message: `${info.name}: ${found} intermediates where an integer LSTM has 5. TFLite and Ethos-U refuse the model.` };
  }),
};
