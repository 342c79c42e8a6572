import { listed } from '../../wording';
import type { FindingRule, LintContext } from '../findingRule';
import { recipeOf } from '../recipeFragment';

export const floatBoundary: FindingRule = {
  rule: 'float-boundary',
  severity: 'info',
  title: 'Float inputs or outputs around an integer model',
  explanation:
    'The first and last operators convert between float and integers. That is convenient on a phone; accelerators leave both to the CPU, and a microcontroller needs float buffers four times as large.',
  fix: 'Quantize with integer inputs and outputs, and convert where the data come from.',
  reference: 'TensorFlow Lite converter: inference_input_type, inference_output_type; Coral Edge TPU documentation',
  check: (context) => {
    const { graph } = context;
    if (graph.index !== 0) return [];
    const inputs = graph.inputs.filter((index) => isFloat(context, index) && leadsInto(context, index));
    const outputs = graph.outputs.filter((index) => isFloat(context, index) && comesFrom(context, index));
    const sides = [
      ...(inputs.length === 0
        ? []
        : [`${inputs.length === 1 ? 'an input is' : `${inputs.length} inputs are`} float and quantized first`]),
      ...(outputs.length === 0
        ? []
        : [`${outputs.length === 1 ? 'an output is' : `${outputs.length} outputs are`} float and dequantized last`]),
    ];
    if (sides.length === 0) return [];
    const recipe = recipeOf({
      ...(inputs.length === 0 ? {} : { inputs: 'int8' as const }),
      ...(outputs.length === 0 ? {} : { outputs: 'int8' as const }),
    });
    const [first] = [...inputs, ...outputs].flatMap((index) => graph.tensors[index] ?? []);
    const message = `${listed(sides)}.`.replace(/^./, (letter) => letter.toUpperCase());
    return [{ message, recipe, ...(first === undefined ? {} : { tensor: first }) }];
  },
};

function isFloat({ graph }: LintContext, tensor: number): boolean {
  return graph.tensors[tensor]?.dtype === 'float32';
}

function leadsInto({ readersOf }: LintContext, tensor: number): boolean {
  const readers = readersOf(tensor);
  return readers.length > 0 && readers.every(({ name }) => name === 'QUANTIZE');
}

function comesFrom({ producerOf }: LintContext, tensor: number): boolean {
  return producerOf(tensor)?.name === 'DEQUANTIZE';
}
