import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { lstmRecipe } from '../recipeFragment';
import { everyLstm, type FindingRule } from '../findingRule';
import { real, scaleText } from '../wording';

/** Q0.15 to Q6.9: the tanh of the cell is computed for these. */
const [LEAST, MOST] = [-15, -9];
/** As CheckedLog2 has it. */
const LOG2_TOLERANCE = 1e-3;

/** The rescale of the cell is a shift, and its range may not pass Q6.9. */
export const cellScale: FindingRule = {
  rule: 'cell-scale',
  severity: 'error',
  title: 'Cell scale is not usable',
  explanation:
    'The cell is rescaled by a shift, and its tanh is computed for Q0.15 to Q6.9 only. Another scale is not refused: the shift is rounded or the tanh left out.',
  fix: 'Quantize the cell with a power of two between 2^−15 and 2^−9.',
  reference: 'arXiv 2101.05453; TensorFlow Lite 2.21, measured: such models load and compute wrong values',
  check: (context) =>
    everyLstm(({ info, isInteger, operand, operator }) => {
      const cell = operand(LSTM_OPERANDS.cellState);
      const scale = cell?.quantization?.scales[0];
      if (!isInteger || cell === null || scale === undefined || !(scale > 0)) return null;
      const exponent = Math.log2(scale);
      const nearest = Math.round(exponent);
      const isPower = Math.abs(exponent - nearest) < LOG2_TOLERANCE;
      if (isPower && nearest >= LEAST && nearest <= MOST) return null;
      const use = Math.min(MOST, Math.max(LEAST, isPower ? nearest : Math.ceil(exponent)));
      return {
        message: `${info.name}: scale ${scaleText(scale)} ${isPower ? outside(nearest) : 'is no power of two. Runtimes do not check it, and compute wrong values'}.`,
        fix: `Use ${scaleText(2 ** use)}, which covers ±${real(2 ** (use + 15))}.`,
        tensor: cell,
        recipe: lstmRecipe(context.graph, operator, { cellExponent: use + 15 }),
      };
    })(context),
};

function outside(exponent: number): string {
  return exponent > MOST
    ? `is above ${scaleText(2 ** MOST)}, the largest that the kernels shift by`
    : `is below ${scaleText(2 ** LEAST)}, the smallest for which the kernels have a tanh`;
}
