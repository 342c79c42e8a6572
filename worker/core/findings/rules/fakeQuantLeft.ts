import { QUANTIZE_AGAIN } from '../recipeFragment';
import { counted } from '../../wording';
import type { FindingRule } from '../findingRule';

export const fakeQuantLeft: FindingRule = {
  rule: 'fake-quant-left',
  severity: 'warning',
  title: 'Fake-quant nodes left in the model',
  explanation:
    'Quantization-aware training marks ranges with FAKE_QUANT, which a converter turns into scales. Left in the model they compute in float, round as if quantized, and make it slower than either.',
  fix: 'Convert with the optimization that quantizes, so that their ranges become scales.',
  reference: 'TensorFlow Lite kernels/fake_quant.cc; TensorFlow Model Optimization, quantization-aware training',
  recipe: QUANTIZE_AGAIN,
  check: ({ graph }) => {
    const left = graph.operators.filter(({ name }) => name === 'FAKE_QUANT');
    const [first] = left;
    return first === undefined ? [] : [{ message: `${counted(left.length, 'FAKE_QUANT operator')}.`, op: first }];
  },
};
