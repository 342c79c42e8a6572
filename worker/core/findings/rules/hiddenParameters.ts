import { QUANTIZE_AGAIN } from '../recipeFragment';
import { LSTM_INTERMEDIATES, LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { codeText, scaleText } from '../wording';

export const hiddenParameters: FindingRule = {
  rule: 'hidden-parameters',
  severity: 'warning',
  title: 'Hidden value and output differ in scale',
  explanation:
    'Without a projection the hidden value is the output. The file has its parameters twice, and each runtime reads another copy.',
  fix: 'Give intermediate 4 the scale and zero point of the output: without a projection they are one value.',
  reference: 'TensorFlow Lite 2.21 reads intermediate 4, tflite-micro 8f6596d the output state; measured: up to 29 codes apart',
  recipe: QUANTIZE_AGAIN,
  check: everyLstm(({ info, isInteger, operand, intermediate }) => {
    const hidden = intermediate(LSTM_INTERMEDIATES.hidden);
    const state = operand(LSTM_OPERANDS.outputState);
    const [own, shared] = [hidden?.quantization?.scales[0], state?.quantization?.scales[0]];
    if (!isInteger || info.projection || hidden === null || own === undefined || shared === undefined) return null;
    const [ownZero, sharedZero] = [hidden.quantization?.zeroPoints[0] ?? 0, state?.quantization?.zeroPoints[0] ?? 0];
    if (own === shared && ownZero === sharedZero) return null;
    return {
      message: `${info.name}: intermediate 4 has scale ${scaleText(own)}, zero point ${codeText(ownZero)}; the output state ${scaleText(shared)}, ${codeText(sharedZero)}. TFLite uses the first, TFLite Micro the second.`,
      tensor: hidden,
    };
  }),
};
