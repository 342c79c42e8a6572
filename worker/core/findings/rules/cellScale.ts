import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { real, scaleText } from '../wording';

/** The rescale of the cell is a shift, and its range may not pass Q6.9. */
export const cellScale: FindingRule = {
  rule: 'cell-scale',
  severity: 'error',
  title: 'Cell scale is not usable',
  explanation:
    'The cell is rescaled by a shift, and its tanh is computed for Q0.15 to Q6.9 only. Another scale is not refused: the shift is rounded or the tanh left out.',
  fix: 'Quantize the cell with a power of two between 2^−15 and 2^−9.',
  reference: 'arXiv 2101.05453; TensorFlow Lite 2.21, measured: such models load and compute wrong values',
  check: everyLstm(({ info, isInteger, operand }) => {
    const cell = operand(LSTM_OPERANDS.cellState);
    const scale = cell?.quantization?.scales[0];
    if (!isInteger || cell === null || scale === undefined || !(scale > 0)) return null;
    const exponent = Math.log2(scale);
    const nearest = Math.round(exponent);
    if (Math.abs(exponent - nearest) >= 1e-3) {
      const next = Math.ceil(exponent);
      return {
        message: `${info.name}: scale ${scaleText(scale)} is no power of two. Runtimes do not check it, and compute wrong values.`,
        fix: `Use 2^${String(next).replace('-', '−')}, which covers ±${real(2 ** (next + 15))}.`,
        tensor: cell,
      };
    }
    if (nearest <= -9) return null;
    return {
      message: `${info.name}: scale ${scaleText(scale)} is above 2^−9, the largest that the kernels shift by.`,
      tensor: cell,
    };
  }),
};
