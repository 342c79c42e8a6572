import type { FindingRule } from '../findingRule';
import { scaleText, tensorName } from '../wording';

/** Smallest normal float32; processors that flush denormals take anything below for 0. */
const SMALLEST_NORMAL = 2 ** -126;

export const scaleUnusable: FindingRule = {
  rule: 'scale-unusable',
  severity: 'error',
  title: 'Scale is not a positive number',
  explanation:
    'A scale says how much one code is worth. At 0 or below, and where it is not finite, no code stands for anything; a denormal one becomes 0 on processors that flush such numbers.',
  fix: 'Calibrate the tensor with data in which it is not constantly 0, and quantize again.',
  reference:
    'TensorFlow Lite 8-bit quantization specification; LiteRT 2.3.0 and tflite-micro 8f6596d, measured: refuse a negative scale, which Vela 5.2.0 compiles',
  check: ({ graph }) =>
    graph.tensors.flatMap((tensor) => {
      if (tensor.quantization === null || !/^u?int(4|8|16|32)$/.test(tensor.dtype)) return [];
      const { scales } = tensor.quantization;
      const at = scales.findIndex((scale) => !(scale >= SMALLEST_NORMAL && scale < Infinity));
      const scale = scales[at];
      if (scale === undefined) return [];
      const where = scales.length === 1 ? '' : ` in channel ${at}`;
      const isDenormal = scale > 0 && scale < SMALLEST_NORMAL;
      return [
        {
          message: `${tensorName(tensor)} has the scale ${scaleText(scale)}${where}${isDenormal ? ', a denormal number' : ''}.`,
          tensor,
          ...(isDenormal ? { severity: 'warning' as const } : {}),
        },
      ];
    }),
};
