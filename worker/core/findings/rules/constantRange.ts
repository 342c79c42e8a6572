import type { FindingRule, LintContext } from '../findingRule';
import type { Tensor } from '../../model/model';
import { isActivationType } from '../weightedOperators';
import { real, tensorName } from '../wording';

/** A range as narrow as this is what float32 leaves of a constant. */
const NARROWEST = 1e-6;

export const constantRange: FindingRule = {
  rule: 'constant-range',
  severity: 'warning',
  title: 'Range of a value that never changed',
  explanation:
    'During calibration the value was constant, mostly 0: a dead branch, silent data, or an output that nothing feeds. Its range is empty, and the scale stands for nothing. Any other value ends at the rails.',
  fix: 'Look why the value was constant in calibration, and calibrate with data in which it is not.',
  reference:
    'TensorFlow compiler/mlir/lite, FakeQuantSupport: scale 1 for an empty range; lite/tools/optimize/quantization_utils.cc: scale 0',
  check: (context) =>
    context.graph.tensors.flatMap((tensor) => {
      const span = spanOf(context, tensor);
      if (span === null) return [];
      const producer = context.producerOf(tensor.index);
      return [{ message: `${tensorName(tensor)}: ${span}.`, tensor, ...(producer === null ? {} : { op: producer }) }];
    }),
};

function spanOf({ producerOf }: LintContext, tensor: Tensor): string | null {
  if (tensor.data !== null || tensor.isVariable) return null;
  const { range, quantization } = tensor;
  const [min, max] = [range?.min[0], range?.max[0]];
  if (
    range?.min.length === 1 &&
    min !== undefined &&
    max !== undefined &&
    max - min < NARROWEST &&
    producerOf(tensor.index) !== null
  ) {
    return `calibration saw ${real(min)} only`;
  }
  const scale = quantization?.scales[0] ?? 0;
  if (!isActivationType(tensor) || !(scale > 0) || 255 * scale >= NARROWEST) return null;
  return `a range of ${real(255 * scale)} for all codes`;
}
