import { quantizedOperands } from '../../model/onnxOperands';
import { operandTensor } from '../../model/operands';
import type { FindingRule } from '../findingRule';
import { tensorName } from '../wording';

export const zeroPointType: FindingRule = {
  rule: 'zero-point-type',
  severity: 'error',
  title: 'A zero point has another type than its values',
  explanation:
    'In ONNX a quantized tensor and its zero point are of one type. Where they differ, one reads codes as signed and the other as unsigned, and runtimes refuse the model.',
  fix: 'Write the zero point in the type of the tensor, and shift it by 128 if the tensor was moved between int8 and uint8.',
  reference: 'ONNX operator specification: DequantizeLinear and QLinear operators, type constraints',
  check: ({ graph }) =>
    graph.operators.flatMap((operator) =>
      quantizedOperands(operator).flatMap(({ value, zeroPoint }) => {
        const tensor =
          value === 'output' ? (graph.tensors[operator.outputs[0] ?? -1] ?? null) : operandTensor(graph, operator, value);
        const zero = operandTensor(graph, operator, zeroPoint);
        const isKnown = tensor !== null && zero !== null && tensor.dtype !== 'unknown' && zero.dtype !== 'unknown';
        if (!isKnown || tensor.dtype === zero.dtype) return [];
        const message = `${tensorName(tensor)} is ${tensor.dtype}, its zero point ${tensorName(zero)} is ${zero.dtype}.`;
        return [{ message, op: operator, tensor }];
      }),
    ),
};
