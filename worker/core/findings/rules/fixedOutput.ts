import type { DType } from '../../model/dtype';
import type { FindingRule } from '../findingRule';
import { codeText, scaleText } from '../wording';

interface Fixed {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Output parameters that kernels have built in, by operator and type. */
const FIXED: Readonly<Record<string, Partial<Record<DType, Fixed>>>> = {
  LOGISTIC: {
    int8: { scale: 2 ** -8, zeroPoint: -128 },
    uint8: { scale: 2 ** -8, zeroPoint: 0 },
    int16: { scale: 2 ** -15, zeroPoint: 0 },
  },
  TANH: {
    int8: { scale: 2 ** -7, zeroPoint: 0 },
    uint8: { scale: 2 ** -7, zeroPoint: 128 },
    int16: { scale: 2 ** -15, zeroPoint: 0 },
  },
  SOFTMAX: { int8: { scale: 2 ** -8, zeroPoint: -128 }, uint8: { scale: 2 ** -8, zeroPoint: 0 } },
  L2_NORMALIZATION: { int8: { scale: 2 ** -7, zeroPoint: 0 }, uint8: { scale: 2 ** -7, zeroPoint: 128 } },
  LOG_SOFTMAX: { int8: { scale: 2 ** -4, zeroPoint: 127 }, uint8: { scale: 2 ** -4, zeroPoint: 255 } },
};

/** TFLite compares SOFTMAX's scale with this slack. */
const TOLERANCE = 1e-3;

export const fixedOutput: FindingRule = {
  rule: 'fixed-output-parameters',
  severity: 'error',
  title: "Output parameters other than the kernel's",
  explanation:
    'The results of these operators lie between known ends, and their integer kernels have the scale and zero point built in. Some kernels take others, some refuse them, the rest write codes that are then misread.',
  fix: 'Give the output the built-in parameters, with a QUANTIZE behind it where others are needed.',
  reference:
    'TensorFlow Lite 8-bit quantization specification, restrictions per operator; LiteRT 2.3.0 and tflite-micro 8f6596d, measured: a TANH of this kind runs on both',
  check: ({ graph }) =>
    graph.operators.flatMap((operator) => {
      const input = graph.tensors[operator.inputs[0] ?? -1];
      const output = graph.tensors[operator.outputs[0] ?? -1];
      const fixed = output === undefined ? undefined : FIXED[operator.name]?.[output.dtype];
      const [scale, zeroPoint] = [output?.quantization?.scales[0], output?.quantization?.zeroPoints[0]];
      if (fixed === undefined || input?.dtype !== output?.dtype || scale === undefined || output === undefined) return [];
      if (Math.abs(scale / fixed.scale - 1) <= TOLERANCE && zeroPoint === fixed.zeroPoint) return [];
      const own = (own: Fixed) => `scale ${scaleText(own.scale)}, zero point ${codeText(own.zeroPoint)}`;
      const message = `${operator.name} ${operator.index} writes ${own({ scale, zeroPoint: zeroPoint ?? 0 })}; the kernel computes ${own(fixed)}.`;
      return [{ message, op: operator, tensor: output }];
    }),
};
