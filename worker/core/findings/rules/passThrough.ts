import type { FindingRule } from '../findingRule';
import { isActivationType } from '../weightedOperators';
import { scaleText } from '../wording';

/** Operators that move codes and compute nothing, with the operand that holds the data. Silent: kernels do not compare parameters. */
const MOVES: Readonly<Record<string, number>> = {
  RESHAPE: 0,
  SQUEEZE: 0,
  EXPAND_DIMS: 0,
  TRANSPOSE: 0,
  SLICE: 0,
  STRIDED_SLICE: 0,
  GATHER: 0,
  GATHER_ND: 0,
  TILE: 0,
  REVERSE_V2: 0,
  REVERSE_SEQUENCE: 0,
  SPACE_TO_DEPTH: 0,
  DEPTH_TO_SPACE: 0,
  SPLIT: 1,
  SPLIT_V: 0,
  UNPACK: 0,
  BROADCAST_TO: 0,
  RESIZE_NEAREST_NEIGHBOR: 0,
};

export const passThrough: FindingRule = {
  rule: 'pass-through-parameters',
  severity: 'error',
  title: 'Moved codes get another meaning',
  explanation:
    'The operator copies codes as they are. Where its output has another scale or zero point than its input, the same codes stand for other values from there on, and no kernel says so.',
  fix: 'Give the output the parameters of the input, with a QUANTIZE behind it where others are needed.',
  reference:
    'TensorFlow Lite 8-bit quantization specification: input and output share scale and zero point; Vela 5.2.0, measured: refuses a RESHAPE of this kind',
  check: ({ graph }) =>
    graph.operators.flatMap((operator) => {
      const operand = MOVES[operator.name];
      const input = operand === undefined ? undefined : graph.tensors[operator.inputs[operand] ?? -1];
      if (input === undefined || input.quantization === null || !isActivationType(input)) return [];
      const [scale, zeroPoint] = [input.quantization.scales[0] ?? 0, input.quantization.zeroPoints[0] ?? 0];
      return operator.outputs
        .flatMap((index) => {
          const output = graph.tensors[index];
          const [other, otherZero] = [output?.quantization?.scales[0], output?.quantization?.zeroPoints[0]];
          if (output === undefined || other === undefined || otherZero === undefined || output.dtype !== input.dtype) return [];
          if (Math.abs(other / scale - 1) <= 1e-6 && otherZero === zeroPoint) return [];
          const message = `${operator.name} ${operator.index}: from scale ${scaleText(scale)}, zero point ${zeroPoint} to ${scaleText(other)}, ${otherZero}.`;
          return [{ message: message.replaceAll('-', '−'), op: operator, tensor: output }];
        })
        .slice(0, 1);
    }),
};
