import { everyLstm, type FindingRule } from '../findingRule';
import { codeText, real } from '../wording';

export const projectionClipZeroPoint: FindingRule = {
  rule: 'projection-clip-zero-point',
  severity: 'warning',
  title: 'Projection clips off centre',
  explanation:
    'The integer kernel clips the codes of the projection around code 0. Real 0 has the code of the zero point, so the clip acts too early on one side and too late on the other.',
  fix: 'Calibrate the output with a range whose zero point is 0, or drop the projection clip where the range already ends there.',
  reference: 'TensorFlow Lite 2.21 kernels/lstm_eval.cc, CwiseClipping of int8 codes; measured',
  check: (context) =>
    everyLstm(({ info, isInteger, operator }) => {
      const { scales, zeroPoints } = context.graph.tensors[operator.outputs[0] ?? -1]?.quantization ?? {};
      const [scale, zeroPoint] = [scales?.[0] ?? 0, zeroPoints?.[0] ?? 0];
      if (!isInteger || info.projectionClip <= 0 || !(scale > 0) || zeroPoint === 0) return null;
      const codes = Math.trunc(Math.min(127, info.projectionClip / scale));
      // All codes from -codes to codes pass.
      if (codes >= 127) return null;
      const [low, high] = [-codes - zeroPoint, codes - zeroPoint].map((code) => real(code * scale));
      return {
        message: `${info.name}: clip ±${real(info.projectionClip)}, zero point ${codeText(zeroPoint)}: values clip at ${low ?? ''} and ${high ?? ''}.`,
      };
    })(context),
};
