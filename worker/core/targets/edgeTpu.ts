import { LSTM_OPERANDS } from '../model/lstmOperands';
import { FIX } from './fix';
import { kernelRules } from './kernelRules';
import {
  constantIntegers,
  inputOf,
  isConstant,
  labelOf,
  nameOption,
  numberOption,
  outputOf,
  presentInputs,
  presentOutputs,
  shapeText,
} from './operands';
import type { ModelRule, OperatorContext, Rule, Target, Violation } from './target';

const SOURCE = 'coral.ai, models-intro (supported operations, compiler 16); the same table at developer.axis.com, ARTPEC-7';
const LOGS = 'edgetpu_compiler 14 to 16, logs in google-coral/edgetpu issues 313, 342, 598, 654, 659';

const rules = kernelRules(SOURCE, 'The operator stays on the CPU.', 'fallback');

const quantized: ModelRule = {
  rule: 'the model is quantized to 8 bits',
  message: 'The compiler refuses the model: Model not quantized.',
  source: LOGS,
  fix: FIX.quantizeInt8,
  broken: ({ graphs }) => {
    const computed = graphs.flatMap(({ operators, tensors }) =>
      operators.flatMap(({ outputs }) => outputs.map((index) => tensors[index])),
    );
    const is8Bit = computed.some(
      (tensor) => tensor !== undefined && tensor.quantization !== null && (tensor.dtype === 'int8' || tensor.dtype === 'uint8'),
    );
    return is8Bit || computed.length === 0 ? null : { seen: 'no operator has an 8-bit output' };
  },
};

const types = {
  ...rules.dataTypes('int8', 'uint8'),
  message: 'Operation is working on an unsupported data type: it stays on the CPU.',
};

const dynamicAxis = (context: OperatorContext, isOpen: (axis: number) => boolean): Violation | null => {
  const tensors = [...presentInputs(context), ...presentOutputs(context)];
  const odd = tensors.find(({ shapeSignature }) => shapeSignature.some((size, axis) => size === -1 && isOpen(axis)));
  return odd === undefined ? null : { seen: `${labelOf(odd)} is ${shapeText(odd.shapeSignature)}`, fix: FIX.staticShape };
};

const staticShape = rules.custom('tensor sizes are constant', (context) => dynamicAxis(context, (axis) => axis > 0));

const staticBatch: Rule = {
  rule: 'the batch size is constant',
  verdict: 'unverified',
  message: 'Compilers differ with an open batch axis: some take it as 1, some refuse the model (only static-sized tensors).',
  source: LOGS,
  broken: (context) => dynamicAxis(context, (axis) => axis === 0),
};

const threeDimensions = rules.custom('only the three innermost dimensions are larger than 1', (context) => {
  const tensors = [...presentInputs(context).filter((tensor) => !isConstant(tensor)), ...presentOutputs(context)];
  const odd = tensors.find(({ shape }) => shape.slice(0, -3).some((size) => size > 1));
  return odd === undefined ? null : { seen: `${labelOf(odd)} is ${shapeText(odd.shape)}`, fix: FIX.lowerRank };
});

const noActivation = rules.activation('NONE');

const sameDilation = rules.custom('the same dilation in both directions', (context) => {
  const [w, h] = [numberOption(context, 'dilation_w_factor', 1), numberOption(context, 'dilation_h_factor', 1)];
  return w === h ? null : { seen: `dilation ${w} x ${h}`, fix: FIX.noDilation };
});

const zeroPadding = rules.custom('a constant input: two inputs, and the constant is all zeros', (context) => {
  const constants = presentInputs(context).filter(isConstant);
  const [first] = constants;
  if (first === undefined) return null;
  if (context.operator.inputs.length !== 2) return { seen: `${context.operator.inputs.length} inputs, one of them constant` };
  return first.data?.every((byte) => byte === 0) === true ? null : { seen: `${labelOf(first)} holds other values` };
});

const fullyConnected = [
  rules.custom('weights in the default format', (context) => {
    const format = nameOption(context, 'weights_format', 'DEFAULT');
    return format === 'DEFAULT' ? null : { seen: format };
  }),
  rules.custom('the output is one-dimensional', (context) => {
    const shape = outputOf(context)?.shape ?? [];
    return shape.filter((size) => size > 1).length <= 1 ? null : { seen: shapeText(shape) };
  }),
];

/** Axes that operand `position` names, none of them the batch axis. */
const notAlongBatch = (position: number): Rule =>
  rules.custom('no reduction over the batch axis', (context) => {
    const data = inputOf(context, 0);
    const axes = constantIntegers(inputOf(context, position));
    if (axes === null) return { seen: 'axes computed at run time', fix: FIX.constantParameters };
    return batchAxis(axes, data?.shape ?? []);
  });

function batchAxis(axes: readonly number[], shape: readonly number[]): Violation | null {
  // With fewer than four dimensions the compiler sees no batch axis in front.
  if (shape.length < 4) return null;
  return axes.some((axis) => axis === 0 || axis === -shape.length) ? { seen: `axis 0 of ${shapeText(shape)}` } : null;
}

const meanDepth = rules.custom('a mean over depth: the depth is a multiple of 4', (context) => {
  const shape = inputOf(context, 0)?.shape ?? [];
  const axes = constantIntegers(inputOf(context, 1)) ?? [];
  const depth = shape.at(-1) ?? 0;
  return axes.some((axis) => axis === -1 || axis === shape.length - 1) && depth % 4 !== 0 ? { seen: `depth ${depth}` } : null;
});

const noBatchPadding = rules.custom('no padding of the batch axis', (context) => {
  const pads = constantIntegers(inputOf(context, 1));
  const rank = inputOf(context, 0)?.shape.length ?? 0;
  if (pads === null) return { seen: 'paddings computed at run time', fix: FIX.constantParameters };
  return rank === 4 && pads.slice(0, 2).some((size) => size > 0)
    ? { seen: `${pads[0] ?? 0} and ${pads[1] ?? 0} rows of batch` }
    : null;
});

const vectorAlpha = rules.custom('alpha is one-dimensional: only the innermost dimension is larger than 1', (context) => {
  const shape = inputOf(context, 1)?.shape ?? [];
  return shape.slice(0, -1).every((size) => size === 1) ? null : { seen: shapeText(shape) };
});

const softmaxSize = rules.custom('a one-dimensional input of at most 16,000 elements', (context) => {
  const shape = inputOf(context, 0)?.shape ?? [];
  const large = shape.filter((size) => size > 1);
  return large.length <= 1 && (large[0] ?? 1) <= 16_000 ? null : { seen: shapeText(shape) };
});

const unitStrides = rules.custom('strides of 1, no ellipsis and no new axis', (context) => {
  const odd = constantIntegers(inputOf(context, 3))?.find((stride) => stride !== 1);
  if (odd !== undefined) return { seen: `stride ${odd}` };
  const mask = ['ellipsis_mask', 'new_axis_mask'].find((name) => numberOption(context, name, 0) !== 0);
  return mask === undefined ? null : { seen: `${mask} is set` };
});

const notAlongBatchAxis = rules.custom('not along the batch axis', (context) => {
  const isSplit = context.operator.name === 'SPLIT';
  const axis = isSplit ? (constantIntegers(inputOf(context, 0))?.[0] ?? 0) : numberOption(context, 'axis', 0);
  return batchAxis([axis], (isSplit ? inputOf(context, 1) : outputOf(context))?.shape ?? []);
});

const perhaps = (rule: string, message: string, source: string): Rule => ({
  rule,
  verdict: 'conditional',
  message,
  source,
  broken: ({ operator }: OperatorContext) => ({ seen: operator.name }),
});

const resize = perhaps(
  'the size keeps the precision',
  'Depending on input and output size, the compiler may leave it on the CPU.',
  SOURCE,
);
const largeReshape = perhaps(
  'the tensor is not too large',
  'The compiler does not map certain reshapes of large tensors.',
  SOURCE,
);
const lstmSize: Rule = {
  ...perhaps(
    'the LSTM is not too large',
    'The compiler fails on large LSTMs, without saying where the limit is (an input of about 1,000 with 32 units).',
    LOGS,
  ),
  broken: (context) => {
    const weights = inputOf(context, LSTM_OPERANDS.inputToGate.forget)?.shape ?? [];
    return { seen: `${weights[1] ?? 0} inputs, ${weights[0] ?? 0} units` };
  },
};
const constantLstm = rules.custom('weights are constant', (context) => {
  const { forget, cell, output } = LSTM_OPERANDS.inputToGate;
  const odd = [forget, cell, output].flatMap((operand) => inputOf(context, operand) ?? []).find((tensor) => !isConstant(tensor));
  return odd === undefined ? null : { seen: `${labelOf(odd)} is computed at run time`, fix: FIX.constantWeights };
});

const OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ...['ADD', 'EXPAND_DIMS', 'LOGISTIC', 'MAXIMUM', 'MINIMUM', 'MUL', 'QUANTIZE', 'RELU', 'RELU6', 'RELU_N1_TO_1', 'RSQRT'].map(
    (name) => [name, []] as const,
  ),
  ...['L2_NORMALIZATION', 'SPACE_TO_DEPTH', 'SQUARED_DIFFERENCE', 'SUB', 'TANH', 'TRANSPOSE'].map((name) => [name, []] as const),
  ['AVERAGE_POOL_2D', [noActivation]],
  ['CONCATENATION', [noActivation, zeroPadding]],
  ['CONV_2D', [rules.constant(1, 2), sameDilation]],
  ['DEPTHWISE_CONV_2D', [rules.constant(1, 2), sameDilation]],
  ['FULLY_CONNECTED', [rules.constant(1, 2), ...fullyConnected]],
  ['MAX_POOL_2D', [noActivation]],
  ['MEAN', [notAlongBatch(1), meanDepth]],
  ['PACK', [notAlongBatchAxis]],
  ['PAD', [noBatchPadding]],
  ['PRELU', [rules.constant(1), vectorAlpha]],
  ['REDUCE_MAX', [notAlongBatch(1)]],
  ['REDUCE_MIN', [notAlongBatch(1)]],
  ['RESHAPE', [largeReshape]],
  ['RESIZE_BILINEAR', [rules.constant(1), resize]],
  ['RESIZE_NEAREST_NEIGHBOR', [rules.constant(1), resize]],
  ['SLICE', [rules.constant(1, 2)]],
  ['SOFTMAX', [softmaxSize]],
  ['SPLIT', [notAlongBatchAxis]],
  ['SQUEEZE', []],
  ['STRIDED_SLICE', [rules.constant(1, 2, 3), unitStrides]],
  ['SUM', [notAlongBatch(1)]],
  ['TRANSPOSE_CONV', [rules.constant(0, 1, 3)]],
  ['UNIDIRECTIONAL_SEQUENCE_LSTM', [constantLstm, lstmSize]],
]);

const known = {
  ...rules.known(new Set([...OPERATORS.keys(), 'edgetpu-custom-op'])),
  message: 'Operation not supported: it stays on the CPU.',
};

export const edgeTpu: Target = {
  name: 'edge-tpu',
  label: 'Edge TPU',
  version: 'compiler 16',
  source: SOURCE,
  modelRules: [quantized],
  execution: { kind: 'single', source: `${SOURCE}; ${LOGS}` },
  notes: [
    'Rules from documentation and from logs of the compiler; the compiler itself has not been run. Its size limits are not public.',
  ],
  rulesFor: ({ operator }) =>
    operator.customCode === 'edgetpu-custom-op'
      ? []
      : [known, types, staticShape, staticBatch, threeDimensions, ...(OPERATORS.get(operator.name) ?? [])],
};
