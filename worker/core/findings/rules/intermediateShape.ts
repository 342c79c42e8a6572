import { QUANTIZE_AGAIN } from '../recipeFragment';
import { everyLstm, type FindingRule } from '../findingRule';

export const intermediateShape: FindingRule = {
  rule: 'intermediate-shape',
  severity: 'warning',
  title: 'Intermediate tensors have a size',
  explanation: 'Intermediates are no tensors with values: they carry scales only. Some runtimes check that they take no memory.',
  fix: 'Store the intermediates with shape [0].',
  reference: 'tensorflow/tflite-micro 8f6596d (wheel 0.dev20261023); Vela 5.2.0',
  recipe: QUANTIZE_AGAIN,
  check: (context) =>
    everyLstm(({ info, isInteger, operator }) => {
      if (!isInteger) return null;
      const odd = operator.intermediates
        .map((index) => context.graph.tensors[index])
        .find((tensor) => tensor !== undefined && tensor.shape.reduce((product, size) => product * size, 1) !== 0);
      if (odd === undefined) return null;
      const refuses =
        odd.shape.length === 0
          ? 'TFLite Micro refuses the model, Ethos-U leaves the LSTM on the CPU'
          : 'TFLite Micro refuses the model';
      return {
        message: `${info.name}: ${odd.name} has shape [${odd.shape.join(', ')}] where runtimes expect [0]. ${refuses}.`,
        tensor: odd,
      };
    })(context),
};
