import type { Operator, Tensor } from '../../model/model';
import type { FindingRule, LintContext } from '../findingRule';

export const quantizePingPong: FindingRule = {
  rule: 'quantize-ping-pong',
  severity: 'warning',
  title: 'Conversions that undo each other',
  explanation:
    'Each conversion rounds once more and takes time and memory. DEQUANTIZE before QUANTIZE, or QUANTIZE there and back, computes nothing but that rounding.',
  fix: 'Connect the operators directly; a single QUANTIZE is needed only where parameters differ.',
  reference:
    'TensorFlow Lite kernels/quantize.cc, AffineQuantize and Requantize; TensorFlow Model Optimization, left-over fake-quant nodes',
  check: (context) =>
    context.graph.operators.flatMap((operator) => {
      const message = pingPong(context, operator);
      return message === null ? [] : [{ message, op: operator }];
    }),
};

function pingPong({ graph, producerOf }: LintContext, operator: Operator): string | null {
  if (operator.name !== 'QUANTIZE') return null;
  const [input, output] = [graph.tensors[operator.inputs[0] ?? -1], graph.tensors[operator.outputs[0] ?? -1]];
  if (input === undefined || output === undefined) return null;
  const here = `QUANTIZE ${operator.index}`;
  if (isSame(input, output)) return `${here} turns ${input.dtype} into the same ${output.dtype}, scale and zero point.`;
  const before = producerOf(input.index);
  const origin = before === null ? undefined : graph.tensors[before.inputs[0] ?? -1];
  if (before === null || origin === undefined) return null;
  if (before.name === 'DEQUANTIZE' && origin.data === null) {
    return `DEQUANTIZE ${before.index} and ${here} turn ${origin.dtype} into ${isSame(origin, output) ? 'the same' : 'another'} ${output.dtype}.`;
  }
  if (before.name === 'QUANTIZE' && isSame(origin, output))
    return `QUANTIZE ${before.index} and ${here} turn ${origin.dtype} into ${input.dtype} and back.`;
  return null;
}

function isSame(a: Tensor, b: Tensor): boolean {
  const [p, q] = [a.quantization, b.quantization];
  if (a.dtype !== b.dtype || p === null || q === null || p.scales.length !== q.scales.length) return false;
  return p.scales.every((scale, k) => scale === q.scales[k] && p.zeroPoints[k] === q.zeroPoints[k]);
}
