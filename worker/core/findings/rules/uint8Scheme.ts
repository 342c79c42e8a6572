import { QUANTIZE_AGAIN } from '../recipeFragment';
import { counted } from '../../wording';
import type { FindingRule } from '../findingRule';
import { weightedOperators } from '../weightedOperators';

export const uint8Scheme: FindingRule = {
  rule: 'uint8-scheme',
  severity: 'info',
  title: 'Quantized in the old uint8 scheme',
  explanation:
    'Before 2019 models were quantized to uint8, with a zero point for weights too. It still runs on CPUs; its only integer LSTM is the old basic kernel, weights have no scale per channel, and newer compilers and microcontroller kernels take int8 only.',
  fix: 'Convert the float model again, to int8.',
  reference: 'TensorFlow Lite 8-bit quantization specification: int8 replaces uint8; tflite-micro 8f6596d: kernels without uint8',
  recipe: QUANTIZE_AGAIN,
  check: ({ graph }) => {
    const old = weightedOperators(graph).filter(({ data }) => data?.dtype === 'uint8' && data.quantization !== null);
    const [first] = old;
    return first === undefined
      ? []
      : [{ message: `${counted(old.length, 'operator')} with uint8 data and weights.`, op: first.operator }];
  },
};
