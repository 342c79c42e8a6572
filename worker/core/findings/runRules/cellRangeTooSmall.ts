import { lstmRecipeOf } from '../recipeFragment';
import { lostOf, type RunOccurrence, type RunRule } from '../runRule';
import { grouped } from '../../wording';
import { cellFormat, real } from '../wording';

/** The largest power of two that the kernels take for the cell. */
const MOST_INTEGER_BITS = 6;

const WIDEST =
  'Keep the cell smaller in training (cell clip, regularisation), scale the inputs down, or keep this LSTM in float.';

export const cellRangeTooSmall: RunRule = {
  rule: 'cell-range-too-small',
  severity: 'warning',
  title: 'Cell range too small',
  explanation: 'The cell carries values from step to step. Values at its rails are lost for all steps that follow.',
  fix: 'Quantize again with a larger cell scale, or calibrate with data that reaches as far.',
  reference: 'arXiv 2101.05453: the cell has a power-of-two range that covers its values; counts of this run',
  onRandomData: 'note',
  check: (_, lstms) =>
    lstms.flatMap(({ info, layer, signal }): readonly RunOccurrence[] => {
      const cell = signal('c');
      const lost = cell === null ? 0 : lostOf(cell);
      if (cell === null || cell.rails === null || lost === 0) return [];
      const farthest = Math.abs(cell.floatMin) > cell.floatMax ? cell.floatMin : cell.floatMax;
      const bits = Math.max(0, Math.min(MOST_INTEGER_BITS, Math.ceil(Math.log2(Math.abs(farthest)))));
      const values = lost === 1 ? '1 value' : `${grouped(lost)} values`;
      const seen = `${info.name}: ${values} at the ±${real(-cell.rails.lowReal)} rails; float reaches ${real(farthest)}.`;
      if (-cell.rails.lowReal >= 2 ** bits) {
        const message = `${seen} ${cellFormat(bits)} is the widest that the kernels take.`;
        return [{ message, fix: WIDEST, layer, subgraph: layer.subgraph }];
      }
      const message = `${seen} Use ${cellFormat(bits)}.`;
      return [{ message, layer, subgraph: layer.subgraph, recipe: lstmRecipeOf(layer, { cellExponent: bits }) }];
    }),
};
