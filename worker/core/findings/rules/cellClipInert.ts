import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { cellFormat, real } from '../wording';

/** A clip at or beyond the rails of the int16 cell: the type clamps before the clip can. */
export const cellClipInert: FindingRule = {
  rule: 'cell-clip-inert',
  severity: 'warning',
  title: 'Cell clip never acts',
  fix: 'Lower the clip below the end of the range, or remove it. The rails of the cell clamp instead.',
  source: 'arXiv 2101.05453; TensorFlow Lite kernels/lstm_eval.cc, CwiseClipping',
  check: everyLstm(({ info, isInteger, operand }) => {
    const cell = operand(LSTM_OPERANDS.cellState);
    const scale = cell?.dtype === 'int16' ? (cell.quantization?.scales[0] ?? 0) : 0;
    const end = scale * 32768;
    if (!isInteger || cell === null || !(end > 0) || info.cellClip <= 0 || info.cellClip < end) return null;
    const format = info.cellIntegerBits === null ? 'the cell range' : cellFormat(info.cellIntegerBits);
    return {
      message: `${info.name}: clip ${real(info.cellClip)} lies outside ${format}, which ends at ±${real(end)}.`,
      tensor: cell,
    };
  }),
};
