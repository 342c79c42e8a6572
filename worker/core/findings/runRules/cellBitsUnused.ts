import { lstmRecipeOf } from '../recipeFragment';
import type { RunRule } from '../runRule';
import { cellFormat, real } from '../wording';

/** Unused bits from which on a smaller scale is worth the trouble. */
const NOTABLE_BITS = 3;
const LEAST_INTEGER_BITS = 0;

export const cellBitsUnused: RunRule = {
  rule: 'cell-bits-unused',
  severity: 'info',
  title: 'Cell uses few of its bits',
  explanation:
    "The cell's range is a power of two that covers what calibration saw. Where the data stay far below, the high bits of its 16 are never used.",
  fix: 'Override the cell scale with a smaller power of two, if the data is representative.',
  reference: "arXiv 2101.05453; TensorFlow Lite's quantizer never goes below 2^0; ranges of this run",
  onRandomData: 'silent',
  check: (_, lstms) =>
    lstms.flatMap(({ info, layer, signal }) => {
      const cell = signal('c');
      const farthest = Math.max(-(cell?.floatMin ?? 0), cell?.floatMax ?? 0);
      if (cell === null || cell.rails === null || info.cellIntegerBits === null || !(farthest > 0)) return [];
      const needed = Math.ceil(Math.log2(farthest));
      const unused = info.cellIntegerBits - needed;
      if (unused < NOTABLE_BITS) return [];
      const use = Math.max(LEAST_INTEGER_BITS, needed);
      const why = info.cellIntegerBits === LEAST_INTEGER_BITS ? ' The quantizer never goes below ±1.' : '';
      const remedy =
        use === info.cellIntegerBits
          ? { fix: 'No kernel takes a smaller cell scale. Where the costs show that it matters, keep the LSTM in float.' }
          : {
              fix: `Quantize with ${cellFormat(use)} for the cell, if the data is representative.`,
              recipe: lstmRecipeOf(layer, { cellExponent: use }),
            };
      const message = `${info.name}: float reaches ±${real(farthest)}, ${cellFormat(info.cellIntegerBits)} ends at ±${real(-cell.rails.lowReal)}: ${unused} of 15 bits unused.${why}`;
      return [{ message, layer, subgraph: layer.subgraph, ...remedy }];
    }),
};
