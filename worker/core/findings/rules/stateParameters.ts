import { LSTM_OPERANDS } from '../../model/lstmOperands';
import type { Tensor } from '../../model/model';
import { everyLstm, type FindingRule } from '../findingRule';
import { codeText, scaleText } from '../wording';
import { QUANTIZE_AGAIN } from '../recipeFragment';

export const stateParameters: FindingRule = {
  rule: 'state-parameters',
  severity: 'error',
  title: 'Output state and output differ in scale',
  explanation: 'What a step writes as its output, the next step reads as its state, code by code.',
  fix: 'Give the output state the scale and zero point of the output.',
  reference: 'arXiv 2101.05453; TensorFlow Lite 2.21, measured: not checked',
  recipe: QUANTIZE_AGAIN,
  check: (context) =>
    everyLstm(({ info, isInteger, operand, operator }) => {
      const state = operand(LSTM_OPERANDS.outputState);
      const output = context.graph.tensors[operator.outputs[0] ?? -1];
      if (!isInteger || state === null || output === undefined) return null;
      const [own, shared] = [parameters(state), parameters(output)];
      if (own === null || shared === null || own === shared) return null;
      return {
        message: `${info.name}: the state has ${own}, the output ${shared}. The same integers are written to both, so the next step reads other values.`,
        tensor: state,
      };
    })(context),
};

function parameters({ quantization }: Tensor): string | null {
  const [scale, zeroPoint] = [quantization?.scales[0], quantization?.zeroPoints[0]];
  return scale === undefined ? null : `scale ${scaleText(scale)}, zero point ${codeText(zeroPoint ?? 0)}`;
}
