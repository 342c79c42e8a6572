import { constantValues } from '../../model/constants';
import type { Tensor } from '../../model/model';
import { grouped } from '../../wording';
import type { FindingRule } from '../findingRule';
import { isIntegerOperator, weightedOperators } from '../weightedOperators';
import { tensorName } from '../wording';

/** Half of int32: what is left holds the products up to a depth of 2^15. */
const HALF = 2 ** 30;

export const biasNearOverflow: FindingRule = {
  rule: 'bias-near-overflow',
  severity: 'warning',
  title: 'Bias fills the accumulator',
  explanation:
    'A bias has the scale of the products it is added to. With small weights and a large bias its code comes near the end of int32, where it is clamped by the quantizer or makes the sum wrap around.',
  fix: 'Scale the weights up (a larger weight scale makes the code of the bias smaller), or keep the operator in float.',
  reference:
    'arXiv 2101.05453: products and |bias| stay in int32; TensorFlow Lite: the quantizer enlarges weight scales where a bias would overflow',
  check: ({ graph }) =>
    weightedOperators(graph).flatMap((weighted) => {
      if (!isIntegerOperator(weighted)) return [];
      return weighted.biases.flatMap((tensor) => {
        const largest = largestMagnitude(tensor);
        if (largest < HALF) return [];
        return [
          {
            message: `${tensorName(tensor)}: a bias has the code ${grouped(largest)}, int32 ends at 2,147,483,647.`,
            op: weighted.operator,
            tensor,
          },
        ];
      });
    }),
};

function largestMagnitude(tensor: Tensor): number {
  if (tensor.dtype !== 'int32' || tensor.sparsity !== null) return 0;
  const values = constantValues(tensor);
  let largest = 0;
  if (values instanceof Int32Array) for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
