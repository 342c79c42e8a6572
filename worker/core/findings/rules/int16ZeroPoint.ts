import { QUANTIZE_AGAIN } from '../recipeFragment';
import type { FindingRule } from '../findingRule';
import { codeText, tensorName } from '../wording';

export const int16ZeroPoint: FindingRule = {
  rule: 'int16-zero-point',
  severity: 'error',
  title: '16-bit tensor with a zero point',
  explanation:
    '16-bit activations, cell states and coefficients are symmetric: kernels take their zero point to be 0 without reading it, or refuse the model.',
  fix: 'Quantize 16-bit tensors symmetrically.',
  reference: 'arXiv 2101.05453, table of the recipe; TensorFlow Lite kernels: zero point 0 for kTfLiteInt16',
  recipe: QUANTIZE_AGAIN,
  check: ({ graph, producerOf }) =>
    graph.tensors.flatMap((tensor) => {
      // SOFTMAX from int8 to int16 has its result from the lowest code on.
      if (producerOf(tensor.index)?.name === 'SOFTMAX') return [];
      const zeroPoint = tensor.dtype === 'int16' ? tensor.quantization?.zeroPoints.find((zero) => zero !== 0) : undefined;
      if (zeroPoint === undefined) return [];
      return [{ message: `${tensorName(tensor)} is int16 with zero point ${codeText(zeroPoint)}.`, tensor }];
    }),
};
