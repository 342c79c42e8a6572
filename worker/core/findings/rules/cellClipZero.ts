import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { real, scaleText } from '../wording';

export const cellClipZero: FindingRule = {
  rule: 'cell-clip-zero',
  severity: 'error',
  title: 'Cell clip is less than one code',
  explanation:
    'The clip is stored in real units and becomes a whole number of codes. Below one code it becomes 0: TFLite takes that for no clip, TFLite Micro clips every cell to 0.',
  fix: 'Remove the clip, or train with one above the scale of the cell.',
  reference: 'TensorFlow Lite 2.21 kernels/lstm_eval.cc; tflite-micro 8f6596d micro/kernels/lstm_eval.cc',
  check: everyLstm(({ info, isInteger, operand }) => {
    const cell = operand(LSTM_OPERANDS.cellState);
    const scale = cell?.quantization?.scales[0] ?? 0;
    if (!isInteger || cell === null || info.cellClip <= 0 || info.cellClip >= scale) return null;
    return { message: `${info.name}: clip ±${real(info.cellClip)}, one code is ${scaleText(scale)}.`, tensor: cell };
  }),
};
