import type { FindingRule } from '../findingRule';
import { grouped } from '../../wording';
import { isActivationType } from '../weightedOperators';
import { tensorName } from '../wording';

/** Operators whose kernels take several scales, this engine's own GRU and RNN among them; LSTMs have a rule of their own. */
const TAKEN: ReadonlySet<string> = new Set([
  'FULLY_CONNECTED',
  'CONV_2D',
  'DEPTHWISE_CONV_2D',
  'TRANSPOSE_CONV',
  'CONV_3D',
  'EMBEDDING_LOOKUP',
  'GATHER',
  'QUANTIZE',
  'DEQUANTIZE',
  'STABLEHLO_COMPOSITE',
  'GRU',
  'VANILLA_RNN',
  'CUSTOM',
]);

export const perChannelElsewhere: FindingRule = {
  rule: 'per-channel-elsewhere',
  severity: 'error',
  title: 'Several scales where one is read',
  explanation:
    'Only weights of matrix products and convolutions can have one scale per channel. Kernels of other operators read a single scale, which TensorFlow Lite leaves at 0 for a tensor that has several.',
  fix: 'Quantize the tensor with one scale.',
  reference: 'TensorFlow Lite 8-bit quantization specification; core/interpreter_builder.cc, legacy parameters of one scale',
  check: ({ graph, readersOf }) =>
    graph.tensors.flatMap((tensor) => {
      const scales = tensor.quantization?.scales.length ?? 0;
      if (scales < 2 || !isActivationType(tensor)) return [];
      const reader = readersOf(tensor.index).find(({ name }) => !TAKEN.has(name) && !name.includes('LSTM'));
      if (reader === undefined) return [];
      return [
        {
          message: `${tensorName(tensor)} has ${grouped(scales)} scales; ${reader.name} ${reader.index} reads one.`,
          op: reader,
          tensor,
        },
      ];
    }),
};
