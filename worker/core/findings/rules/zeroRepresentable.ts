import { INTEGER_RAILS } from '../../model/dtype';
import type { FindingRule } from '../findingRule';
import { codeText, real, tensorName } from '../wording';

export const zeroRepresentable: FindingRule = {
  rule: 'zero-not-representable',
  severity: 'warning',
  title: 'Zero lies outside the range',
  explanation: 'Padding, initial states and the zeros of pruned weights have to be exact, so 0 needs a code of its own.',
  fix: 'Extend the range to include 0 before the scale is computed.',
  reference: 'TensorFlow Lite 8-bit quantization specification: the zero point lies within the type',
  check: ({ graph }) =>
    graph.tensors.flatMap((tensor) => {
      const rails = INTEGER_RAILS[tensor.dtype];
      const zeroPoints = tensor.quantization?.zeroPoints ?? new Float64Array();
      const at = rails === undefined ? -1 : zeroPoints.findIndex((zero) => zero < rails[0] || zero > rails[1]);
      const zero = zeroPoints[at];
      if (rails === undefined || zero === undefined) return [];
      const scale = tensor.quantization?.scales[at] ?? 0;
      const [low, high] = rails.map((rail) => real((rail - zero) * scale));
      const message = `${tensorName(tensor)}: zero point ${codeText(zero)} lies outside ${tensor.dtype}; the range ${low ?? ''} to ${high ?? ''} does not hold 0, which padding and initial states need.`;
      return [{ message, tensor }];
    }),
};
