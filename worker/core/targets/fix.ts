import type { DType } from '../model/dtype';
import type { Recipe } from '../recipe/recipe';

/** The smallest change to a model that makes a broken rule hold. */
export interface Fix {
  readonly change: Change;
  /** What to do, for people. */
  readonly text: string;
  /** What the quantizer has to be told, where it can make the change; null where the model itself must change. */
  readonly byRecipe: RecipeFragment | null;
}

export type RecipeFragment = Omit<Recipe, 'schema'>;

export const CHANGES = [
  'add-biases',
  'add-intermediates',
  'constant-parameters',
  'constant-weights',
  'delegate-option',
  'empty-intermediates',
  'full-precision-weights',
  'int16-cell',
  'int8-activations',
  'int8-io',
  'keep-quantization',
  'lower-rank',
  'no-cifg',
  'no-broadcast',
  'no-dilation',
  'no-fused-activation',
  'operator-version',
  'other-format',
  'per-tensor-weights',
  'plain-slice',
  'power-of-two-cell',
  'quantize-int8',
  'remove-layer-norm',
  'remove-peephole',
  'remove-projection',
  'replace-operator',
  'smaller-stride',
  'static-shape',
  'symmetric-weights',
  'use-24-operands',
  'variable-states',
] as const;

export type Change = (typeof CHANGES)[number];

const fix = (change: Change, text: string, byRecipe: RecipeFragment | null = null): Fix => ({ change, text, byRecipe });

/** Changes that several targets ask for. */
export const FIX = {
  use24Operands: fix('use-24-operands', 'Store the LSTM with 24 operands: four absent layer norm operands after the 20.'),
  removeLayerNorm: fix('remove-layer-norm', 'Train the LSTM without layer norm; it cannot be folded into the weights.'),
  removePeephole: fix('remove-peephole', 'Train the LSTM without peephole connections.'),
  removeProjection: fix('remove-projection', 'Train the LSTM without a projection: the hidden value is its output.'),
  noCifg: fix('no-cifg', 'Train the LSTM with an input gate of its own instead of 1 - forget (CIFG).'),
  perTensorWeights: fix('per-tensor-weights', 'Quantize the weights with one scale per tensor.', { scheme: 'int8' }),
  quantizeInt8: fix('quantize-int8', 'Quantize the float model to int8, with calibration data.', { scheme: 'int8' }),
  int8Activations: fix('int8-activations', 'Quantize the activations to 8 bits instead of 16.', { scheme: 'int8' }),
  int8Io: fix('int8-io', "Give the model's inputs and outputs the type int8.", { inputs: 'int8', outputs: 'int8' }),
  fullPrecisionWeights: fix(
    'full-precision-weights',
    'Quantize the activations too (int8), or keep the weights float: hybrid arithmetic is not there.',
    { scheme: 'int8' },
  ),
  staticShape: fix('static-shape', 'Convert the model with fixed sizes on every axis.'),
  constantWeights: fix('constant-weights', 'Store the weights as constants of the file.'),
  constantParameters: fix('constant-parameters', 'Store axes, sizes, shapes and paddings as constants of the file.'),
  addBiases: fix('add-biases', 'Give every gate a bias, of zeros where there is none.'),
  variableStates: fix('variable-states', 'Mark the LSTM states (operands 18 and 19) as variable tensors.'),
  addIntermediates: fix('add-intermediates', 'Write the five intermediates with their scales, as the converter does.', {
    scheme: 'int8',
  }),
  emptyIntermediates: fix('empty-intermediates', 'Write the intermediates with the shape [0].'),
  int16Cell: fix('int16-cell', 'Store the cell state as int16.', { scheme: 'int8' }),
  powerOfTwoCell: fix('power-of-two-cell', 'Give the cell state a power of two as its scale.', { scheme: 'int8' }),
  symmetricWeights: fix('symmetric-weights', 'Quantize the weights symmetrically: zero point 0.', { scheme: 'int8' }),
  keepQuantization: fix('keep-quantization', 'Give inputs and output the same scale and zero point.'),
  lowerRank: fix('lower-rank', 'Reshape the tensors to fewer dimensions.'),
  noDilation: fix('no-dilation', 'Train the convolution without dilation.'),
  smallerStride: fix('smaller-stride', 'Use a smaller stride, or VALID padding where the target allows it.'),
  noFusedActivation: fix('no-fused-activation', 'Write the fused activation as an operator of its own.'),
  replaceOperator: fix('replace-operator', 'Express the operator through others that the target has.'),
  noBroadcast: fix('no-broadcast', 'Give both inputs the same shape.'),
  plainSlice: fix('plain-slice', 'Slice without masks, and reshape the result.'),
  operatorVersion: fix('operator-version', 'Convert with a release or options of the converter that write this version.'),
  delegateOption: fix('delegate-option', 'Raise the limit in the options of the delegate; every partition costs a hand-over.'),
  otherFormat: fix('other-format', 'Export the model from its framework to ONNX.'),
} as const satisfies Readonly<Record<string, Fix>>;

/** What brings a value of a type that a target does not take to one that it does; nothing where quantizing does not help. */
export function dtypeFix(seen: DType, wanted: readonly DType[]): { readonly fix?: Fix } {
  if (!wanted.includes('int8')) return {};
  if (seen === 'float32' || seen === 'float16' || seen === 'uint8') return { fix: FIX.quantizeInt8 };
  return seen === 'int16' ? { fix: FIX.int8Activations } : {};
}
