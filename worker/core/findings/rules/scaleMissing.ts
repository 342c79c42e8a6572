import { parameterOperands } from '../../model/onnxOperands';
import type { FindingRule } from '../findingRule';
import { tensorName } from '../wording';
import { isActivationType, weightedOperators } from '../weightedOperators';

export const scaleMissing: FindingRule = {
  rule: 'scale-missing',
  severity: 'error',
  title: 'Quantization parameters are missing',
  explanation:
    'Without scale and zero point the codes of an integer tensor stand for nothing, and kernels that rescale them divide by 0 or refuse the model.',
  fix: 'Convert again with a representative data set, so that every tensor gets a range.',
  reference:
    'TensorFlow Lite 8-bit quantization specification; LiteRT 2.3.0 and tflite-micro 8f6596d, measured: refused; Vela 5.2.0: left on the CPU',
  check: ({ graph }) =>
    weightedOperators(graph).flatMap(({ operator, data, weights }) => {
      // ONNX's integer operators have them as operands, which may be computed.
      if (data === null || !isActivationType(data) || parameterOperands(operator).length > 0) return [];
      const output = graph.tensors[operator.outputs[0] ?? -1];
      const tensors = [data, ...weights, ...(output === undefined ? [] : [output])].filter(isActivationType);
      const bare = tensors.find(({ quantization, shape }) => quantization === null && shape[0] !== 0);
      if (bare === undefined) return [];
      return [{ message: `${tensorName(bare)} (${bare.dtype}) has neither scale nor zero point.`, op: operator, tensor: bare }];
    }),
};
