import { INTEGER_RAILS } from '../../model/dtype';
import type { Operator, Tensor } from '../../model/model';
import type { FindingRule } from '../findingRule';
import { lstmOperatorOf } from '../../model/lstmOperands';
import { real, tensorName } from '../wording';

export const oneSidedRange: FindingRule = {
  rule: 'one-sided-range',
  severity: 'warning',
  title: 'Range of a signed value has one sign',
  explanation:
    'The value takes both signs by what computes it, yet its range ends at 0: calibration saw one side only, as it does with constant, silent or too few samples. Everything on the other side becomes 0.',
  fix: 'Calibrate with data of the kind and variety that the model will meet.',
  reference: 'arXiv 2101.05453: ranges from about 100 representative samples; TensorFlow Lite post-training quantization guide',
  check: ({ graph }) =>
    graph.operators.flatMap((operator) =>
      signedResults(graph.tensors, operator).flatMap((tensor) => {
        const rails = INTEGER_RAILS[tensor.dtype];
        const [scale, zeroPoint] = [tensor.quantization?.scales[0], tensor.quantization?.zeroPoints[0]];
        if (rails === undefined || scale === undefined || zeroPoint === undefined) return [];
        if (zeroPoint !== rails[0] && zeroPoint !== rails[1]) return [];
        const [low, high] = rails.map((rail) => real((rail - zeroPoint) * scale));
        return [
          {
            message: `${tensorName(tensor)} (${operator.name} ${operator.index}): ${low ?? ''} to ${high ?? ''}.`,
            op: operator,
            tensor,
          },
        ];
      }),
    ),
};

/** Output and hidden value of an LSTM, which are products with a tanh; of others only what is symmetric by itself. */
function signedResults(tensors: readonly Tensor[], operator: Operator): Tensor[] {
  const results = operator.outputs.flatMap((index) => tensors[index] ?? []);
  if (lstmOperatorOf(operator) !== null) {
    const hidden = tensors[operator.intermediates[4] ?? -1];
    return [...results.slice(0, 1), ...(hidden === undefined ? [] : [hidden])].filter(({ dtype }) => dtype === 'int8');
  }
  return operator.name === 'TANH' || operator.name === 'SIN' ? results : [];
}
