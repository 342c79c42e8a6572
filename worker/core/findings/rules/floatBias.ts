import type { FindingRule } from '../findingRule';
import { isIntegerOperator, weightedOperators } from '../weightedOperators';
import { tensorName } from '../wording';
import { QUANTIZE_AGAIN } from '../recipeFragment';

export const floatBias: FindingRule = {
  rule: 'float-bias',
  severity: 'error',
  title: 'Float bias in an integer operator',
  explanation:
    'Sums of int8 products are int32, and a bias has to be of that type to be added. Runtimes that check refuse the model; others read the bits of a float as a whole number.',
  fix: 'Quantize the bias to int32 with the product of the input scale and the weight scale.',
  reference: 'arXiv 2101.05453: int32 biases; LiteRT 2.3.0, measured: refused. tflite-micro 8f6596d does not look',
  recipe: QUANTIZE_AGAIN,
  check: ({ graph }) =>
    weightedOperators(graph).flatMap((weighted) => {
      const odd = isIntegerOperator(weighted) ? weighted.biases.find(({ dtype }) => dtype.startsWith('float')) : undefined;
      if (odd === undefined) return [];
      return [
        {
          message: `${tensorName(odd)} is ${odd.dtype}, the data are ${weighted.data?.dtype ?? ''}.`,
          op: weighted.operator,
          tensor: odd,
        },
      ];
    }),
};
