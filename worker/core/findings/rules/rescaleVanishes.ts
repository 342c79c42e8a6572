import type { FindingRule } from '../findingRule';
import { isIntegerOperator, weightedOperators } from '../weightedOperators';
import { real, tensorName } from '../wording';

/** `quantizeMultiplier` turns factors with a shift below -31 into 0. */
const SMALLEST = 2 ** -32;
/** Sums of any depth fill the output's rails from here on. */
const LARGEST = 2 ** 16;

const ROUNDED: ReadonlySet<string> = new Set(['FULLY_CONNECTED', 'CONV_2D', 'DEPTHWISE_CONV_2D']);

export const rescaleVanishes: FindingRule = {
  rule: 'rescale-out-of-range',
  severity: 'error',
  title: 'Results cannot be rescaled',
  explanation:
    'An int32 sum becomes an output code through the factor input scale · weight scale / output scale. Below 2^−32 the integer kernel has 0 for it, and every output is the bias or a constant; far above 1, every output is at a rail.',
  fix: 'Look for the scale that is far off: a range calibrated on constant or broken data, or a channel of weights near 0.',
  reference: 'TensorFlow Lite kernels/internal/quantization_util.cc, QuantizeMultiplier: shifts below −31 give 0',
  check: ({ graph }) =>
    weightedOperators(graph).flatMap((weighted) => {
      const { operator, data, weights } = weighted;
      const output = graph.tensors[operator.outputs[0] ?? -1];
      const [input, result] = [data?.quantization?.scales[0] ?? 0, output?.quantization?.scales[0] ?? 0];
      if (
        !ROUNDED.has(operator.name) ||
        !isIntegerOperator(weighted) ||
        output?.dtype === 'int32' ||
        !(input > 0) ||
        !(result > 0)
      )
        return [];
      return weights.flatMap((tensor) => {
        const scales = tensor.quantization?.scales ?? new Float32Array();
        const factorOf = (scale: number) => (input * scale) / result;
        const at = scales.findIndex((scale) => scale > 0 && (factorOf(scale) < SMALLEST || factorOf(scale) > LARGEST));
        const scale = scales[at];
        if (scale === undefined) return [];
        const where = scales.length === 1 ? '' : `, channel ${at}`;
        return [{ message: `${tensorName(tensor)}${where}: the factor is ${real(factorOf(scale))}.`, op: operator, tensor }];
      });
    }),
};
