import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { grouped } from '../../wording';
import { tensorName } from '../wording';
import { QUANTIZE_AGAIN } from '../recipeFragment';

export const perChannelLstm: FindingRule = {
  rule: 'per-channel-lstm',
  severity: 'error',
  title: 'LSTM weights have one scale per channel',
  explanation:
    'The LSTM kernels read one scale for a whole matrix. TFLite takes the scale of a tensor that has several for 0, so that every output is one constant; TFLite Micro takes the first for all rows.',
  fix: 'Quantize the matrices of LSTMs with one scale each.',
  reference: 'LiteRT, measured: not checked, the same outputs as with scale 0; tflite-micro 8f6596d, measured: other outputs',
  recipe: QUANTIZE_AGAIN,
  check: everyLstm(({ info, isInteger, operand }) => {
    const { inputToGate, recurrentToGate, projectionWeights } = LSTM_OPERANDS;
    const positions = [...Object.values(inputToGate), ...Object.values(recurrentToGate), projectionWeights];
    const odd = positions.map(operand).find((tensor) => (tensor?.quantization?.scales.length ?? 0) > 1);
    if (!isInteger || odd === undefined || odd === null) return null;
    const scales = grouped(odd.quantization?.scales.length ?? 0);
    return {
      message: `${info.name}: ${tensorName(odd)} has ${scales} scales. TFLite computes with 0 instead, TFLite Micro with the first; Ethos-U leaves the LSTM on the CPU.`,
      tensor: odd,
    };
  }),
};
