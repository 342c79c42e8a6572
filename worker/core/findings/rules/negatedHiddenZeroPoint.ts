import { LSTM_INTERMEDIATES } from '../../model/lstmOperands';
import { INTEGER_RAILS } from '../../model/dtype';
import { lstmRecipe, rangeWithZeroPointZero } from '../recipeFragment';
import { everyLstm, type FindingRule } from '../findingRule';
import { codeText, real } from '../wording';

export const negatedHiddenZeroPoint: FindingRule = {
  rule: 'negated-hidden-zero-point',
  severity: 'info',
  title: 'Hidden values clamp at the wrong end',
  explanation:
    'With a projection, the kernel stores the hidden value with the negated zero point and corrects for it later. Nothing is lost by that, except that values clamp at the mirrored ends of the range.',
  fix: 'Quantize with a range of the hidden value whose zero point is 0: from −128 to 127 steps.',
  reference: 'TensorFlow Lite 2.21 kernels/lstm_eval.cc: with a projection the zero point is stored negated',
  check: (context) =>
    everyLstm(({ info, isInteger, intermediate, operator }) => {
      const hidden = intermediate(LSTM_INTERMEDIATES.hidden);
      const [scale, zeroPoint] = [hidden?.quantization?.scales[0] ?? 0, hidden?.quantization?.zeroPoints[0] ?? 0];
      const rails = INTEGER_RAILS[hidden?.dtype ?? 'unknown'];
      if (!isInteger || !info.projection || hidden === null || rails === undefined || zeroPoint === 0) return null;
      const range = (zero: number): string => `${real((rails[0] - zero) * scale)} to ${real((rails[1] - zero) * scale)}`;
      // Codes shift by twice the zero point: a tenth of the range is worth a warning.
      const severity = Math.abs(zeroPoint) >= 13 ? ('warning' as const) : ('info' as const);
      return {
        message: `${info.name}: zero point ${codeText(zeroPoint)} is used as ${codeText(-zeroPoint)}; hidden values clamp at ${range(-zeroPoint)} instead of ${range(zeroPoint)}.`,
        severity,
        tensor: hidden,
        recipe: lstmRecipe(context.graph, operator, {
          hidden: { range: rangeWithZeroPointZero((rails[0] - zeroPoint) * scale, (rails[1] - zeroPoint) * scale) },
        }),
      };
    })(context),
};
