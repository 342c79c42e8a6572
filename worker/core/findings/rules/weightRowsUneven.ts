import { recipeOf } from '../recipeFragment';
import type { FindingRule } from '../findingRule';
import { weakSlices } from '../weightRows';
import { isIntegerOperator, weightedOperators } from '../weightedOperators';
import { share, tensorName } from '../wording';
import { grouped } from '../../wording';

const SIX_BITS = 32;
/** Below this share of the channels a scale each gains little. */
const NOTABLE_SHARE = 0.25;

/** Where the output channels of each operator's weights are; for these the kernels take one scale per channel. */
const CHANNELS: Readonly<Record<string, 'first' | 'last'>> = {
  FULLY_CONNECTED: 'first',
  CONV_2D: 'first',
  DEPTHWISE_CONV_2D: 'last',
};

export const weightRowsUneven: FindingRule = {
  rule: 'weight-channels-uneven',
  severity: 'info',
  title: 'One scale for channels of unlike size',
  explanation:
    'With one scale for the whole tensor, the channel with the largest weight decides how coarse all others are. Channels whose weights are far smaller are left with few codes.',
  fix: 'Quantize this operator with one scale per output channel.',
  reference:
    'TensorFlow Lite 8-bit quantization specification: per-axis scales for CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED',
  recipe: recipeOf({ denseWeights: 'per-channel' }),
  check: ({ graph }) =>
    weightedOperators(graph).flatMap((weighted) => {
      const axis = CHANNELS[weighted.operator.name];
      if (axis === undefined || !isIntegerOperator(weighted)) return [];
      return weighted.weights.flatMap((tensor) => {
        const { dtype, quantization, sparsity } = tensor;
        if (dtype !== 'int8' || quantization?.scales.length !== 1 || quantization.zeroPoints[0] !== 0 || sparsity !== null)
          return [];
        const { weak, slices } = weakSlices(tensor, axis, SIX_BITS);
        // Where all are weak, another finding tells of the tensor as a whole.
        if (slices < 2 || weak < NOTABLE_SHARE * slices || weak === slices) return [];
        const message = `${tensorName(tensor)}: ${grouped(weak)} of ${grouped(slices)} channels (${share(weak, slices)}) use fewer than 6 of 8 bits.`;
        return [{ message, op: weighted.operator, tensor }];
      });
    }),
};
