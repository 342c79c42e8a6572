import { QUANTIZE_AGAIN } from '../recipeFragment';
import type { Tensor } from '../../model/model';
import { grouped } from '../../wording';
import type { FindingRule } from '../findingRule';
import { isIntegerOperator, weightedOperators } from '../weightedOperators';
import { share, tensorName } from '../wording';

/** -128 as it is stored. */
const LOWEST = 0x80;

export const weightsAtMinus128: FindingRule = {
  rule: 'weights-at-minus-128',
  severity: 'warning',
  title: 'Weights at −128',
  explanation:
    'Symmetric int8 weights keep to −127 to 127. SIMD kernels add two products in 16 bits before they widen them, which only overflows when a weight of −128 meets data of −128: on those processors results are then wrong, on others they are not.',
  fix: 'Quantize the weights with the range −127 to 127 (narrow range).',
  reference: 'arXiv 2101.05453: weights in [−127, 127]; TensorFlow Lite 8-bit quantization specification, restricted range',
  recipe: QUANTIZE_AGAIN,
  check: ({ graph }) =>
    weightedOperators(graph).flatMap((weighted) => {
      if (!isIntegerOperator(weighted)) return [];
      return weighted.weights.flatMap((tensor) => {
        const count = countLowest(tensor);
        if (count === 0) return [];
        const all = tensor.data?.length ?? 0;
        const message = `${tensorName(tensor)}: ${count === 1 ? '1 weight is' : `${grouped(count)} weights are`} −128 (${share(count, all)} of ${grouped(all)}).`;
        return [{ message, op: weighted.operator, tensor }];
      });
    }),
};

/** `indexOf` is a search by the machine's own means: tensors without the code cost next to nothing. */
function countLowest({ data, dtype }: Tensor): number {
  if (data === null || dtype !== 'int8') return 0;
  let count = 0;
  for (let at = data.indexOf(LOWEST); at >= 0; at = data.indexOf(LOWEST, at + 1)) count++;
  return count;
}
