import { QUANTIZE_AGAIN } from '../recipeFragment';
import type { FindingRule } from '../findingRule';
import { largestCode } from '../weightRows';
import { isIntegerOperator, weightedOperators } from '../weightedOperators';
import { real, tensorName } from '../wording';

/** 6 of 8 bits: codes beyond ±31. */
const SIX_BITS = 32;

export const weightBitsUnused: FindingRule = {
  rule: 'weight-bits-unused',
  severity: 'warning',
  title: 'Weights use fewer than 6 of 8 bits',
  explanation:
    'The scale of weights follows from the largest of them, so that it gets the code 127. Where no code comes near, the scale was taken from something else (another tensor, fake-quant nodes that never settled), and every weight is coarser than need be.',
  fix: 'Quantize the weights by their own largest magnitude.',
  reference: 'arXiv 2101.05453: weights are quantized by max|w| / 127',
  recipe: QUANTIZE_AGAIN,
  check: ({ graph }) =>
    weightedOperators(graph).flatMap((weighted) =>
      weighted.weights.flatMap((tensor) => {
        const symmetric = tensor.quantization?.zeroPoints.every((zero) => zero === 0) === true;
        if (!isIntegerOperator(weighted) || tensor.dtype !== 'int8' || !symmetric || tensor.sparsity !== null) return [];
        const largest = largestCode(tensor, SIX_BITS);
        if (largest === 0 || largest >= SIX_BITS) return [];
        const bits = real(Math.log2(2 * largest + 1));
        return [
          { message: `${tensorName(tensor)}: no code is beyond ±${largest}, ${bits} of 8 bits.`, op: weighted.operator, tensor },
        ];
      }),
    ),
};
