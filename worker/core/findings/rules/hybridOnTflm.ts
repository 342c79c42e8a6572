import { placeModel } from '../../targets/placeModel';
import { tflm } from '../../targets/tflm';
import type { FindingRule } from '../findingRule';
import { QUANTIZE_AGAIN } from '../recipeFragment';

/** Only where TFLite Micro would load the model: what it refuses cannot mislead. */
export const hybridOnTflm: FindingRule = {
  rule: 'hybrid-lstm-on-tflm',
  severity: 'warning',
  title: 'NaN on TFLite Micro',
  explanation: "The interpreter chooses its float kernel by the input's type and then reads int8 weights as if they were floats.",
  fix: 'Quantize the LSTM to int8, or keep its weights in float, if the model is meant for TFLite Micro.',
  reference: 'tensorflow/tflite-micro 8f6596d (wheel 0.dev20261023), measured',
  recipe: QUANTIZE_AGAIN,
  check: ({ model, lstms }) => {
    const hybrid = lstms.filter(({ info }) => info.scheme === 'hybrid');
    if (hybrid.length === 0 || placeModel(model, tflm).result !== 'runs') return [];
    return hybrid.map(({ info, operator }) => ({
      message: `${info.name} is hybrid (float input, int8 weights). TFLite Micro loads it without a complaint and computes NaN.`,
      op: operator,
    }));
  },
};
