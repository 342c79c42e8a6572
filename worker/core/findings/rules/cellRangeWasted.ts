import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { real } from '../wording';

/** For models that carry calibrated ranges; a run shows the same for others. */
export const cellRangeWasted: FindingRule = {
  rule: 'cell-range-wasted',
  severity: 'info',
  title: 'Cell uses few of its bits',
  explanation:
    'The cell has a power-of-two range, and the quantizer never goes below ±1. A cell that stays far below leaves its high bits at 0, and every step of it is coarser than need be.',
  fix: 'No kernel takes a cell scale below 2^−15. Where a run shows that it matters, keep the LSTM in float.',
  reference: "arXiv 2101.05453; TensorFlow Lite's quantizer never goes below 2^0",
  check: everyLstm(({ info, operand }) => {
    const cell = operand(LSTM_OPERANDS.cellState);
    if (cell === null || cell.range === null) return null;
    const largest = Math.max(...cell.range.min.map(Math.abs), ...cell.range.max.map(Math.abs));
    if (!(largest > 0) || largest >= 0.25) return null;
    const bits = Math.floor(-Math.log2(largest));
    return {
      message: `${info.name}: calibration saw cell values up to ±${real(largest)}. The recipe ends at ±1, so ${bits} of 15 bits stay unused.`,
      tensor: cell,
    };
  }),
};
