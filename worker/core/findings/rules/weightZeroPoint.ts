import { QUANTIZE_AGAIN } from '../recipeFragment';
import { lstmOperatorOf } from '../../model/lstmOperands';
import type { FindingRule } from '../findingRule';
import { isIntegerOperator, weightedOperators } from '../weightedOperators';
import { codeText, tensorName } from '../wording';

export const weightZeroPoint: FindingRule = {
  rule: 'asymmetric-weights',
  severity: 'error',
  title: 'Weights with a zero point',
  explanation:
    'Signed weights are symmetric: their zero point is 0, so that no product with it has to be computed at run time. Kernels do not read it, and compute with weights that are all off by one amount; biases likewise.',
  fix: 'Quantize weights and biases symmetrically.',
  reference: 'arXiv 2101.05453; TensorFlow Lite 8-bit quantization specification: weights and biases have zero point 0',
  recipe: QUANTIZE_AGAIN,
  check: ({ graph }) =>
    weightedOperators(graph).flatMap((weighted) => {
      const { operator, weights, biases } = weighted;
      if (!isIntegerOperator(weighted)) return [];
      const odd = [...weights, ...biases].find(
        ({ dtype, quantization }) =>
          /^int(4|8|32|64)$/.test(dtype) && quantization?.zeroPoints.some((zero) => zero !== 0) === true,
      );
      const zeroPoint = odd?.quantization?.zeroPoints.find((zero) => zero !== 0);
      if (odd === undefined || zeroPoint === undefined) return [];
      // The int8 kernel of FULLY_CONNECTED does take one; delegates and microcontroller libraries leave it.
      const taken = operator.name === 'FULLY_CONNECTED' && odd.dtype === 'int8' && lstmOperatorOf(operator) === null;
      const effect = taken ? 'TFLite computes with it, XNNPACK leaves the operator to the CPU' : 'kernels take it for 0';
      return [
        {
          message: `${tensorName(odd)} has zero point ${codeText(zeroPoint)}; ${effect}.`,
          op: operator,
          tensor: odd,
          ...(taken ? { severity: 'warning' as const } : {}),
        },
      ];
    }),
};
