import type { FindingRule } from '../findingRule';
import { grouped } from '../../wording';
import { tensorName } from '../wording';

export const quantizedDimension: FindingRule = {
  rule: 'quantized-dimension',
  severity: 'error',
  title: 'Scales run along a wrong axis',
  explanation:
    'Several scales belong to the slices along one axis. Where their number and the size of that axis differ, no reading of them is right.',
  fix: 'Set quantized_dimension to the axis of the output channels, or to 0 for a single scale.',
  reference: 'LiteRT 2.3.0, measured: such models do not load',
  check: ({ graph }) =>
    graph.tensors.flatMap((tensor) => {
      const { shape, quantization } = tensor;
      if (quantization === null || quantization.scales.length === 0 || shape.length === 0) return [];
      const { axis, scales } = quantization;
      const size = shape[axis];
      if (size === undefined) {
        return [
          { message: `${tensorName(tensor)}: quantized_dimension ${axis} in a tensor of ${shape.length} dimensions.`, tensor },
        ];
      }
      if (scales.length === 1 || scales.length === size) return [];
      return [{ message: `${tensorName(tensor)}: ${grouped(scales.length)} scales along an axis of ${grouped(size)}.`, tensor }];
    }),
};
