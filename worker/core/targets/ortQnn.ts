import { known } from './onnx/onnxRules';
import { inputOf, isConstant, nameOption, numberOption } from './operands';
import type { Rule, Target } from './target';

const SOURCE = 'microsoft/onnxruntime 00cd7c6, core/providers/qnn/builder/op_builder_factory.cc';
const LSTM_SOURCE = 'microsoft/onnxruntime cee6c0d, core/providers/qnn/builder/opbuilder/lstm_op_builder.cc';
const ON_CPU = 'The operator stays on the CPU provider.';

/** Operators that the provider translates, by ONNX name. */
const NAMES: readonly string[] = [
  [
    'Abs',
    'Add',
    'And',
    'ArgMax',
    'ArgMin',
    'Asin',
    'Atan',
    'AveragePool',
    'BatchNormalization',
    'Cast',
    'Ceil',
    'Clip',
    'Concat',
  ],
  [
    'Conv',
    'ConvTranspose',
    'Cos',
    'CumSum',
    'DepthToSpace',
    'DequantizeLinear',
    'Div',
    'Einsum',
    'Elu',
    'Equal',
    'Exp',
    'Expand',
  ],
  [
    'Flatten',
    'Floor',
    'FusedMatMul',
    'Gather',
    'GatherElements',
    'GatherND',
    'Gelu',
    'Gemm',
    'GlobalAveragePool',
    'GlobalMaxPool',
  ],
  ['Greater', 'GreaterOrEqual', 'GridSample', 'HardSigmoid', 'HardSwish', 'InstanceNormalization', 'Inverse', 'LRN', 'LSTM'],
  ['LayerNormalization', 'LeakyRelu', 'Less', 'LessOrEqual', 'Log', 'LogSoftmax', 'LpNormalization', 'MatMul', 'Max', 'MaxPool'],
  [
    'Mean',
    'Min',
    'Mod',
    'Mul',
    'Neg',
    'Not',
    'Or',
    'PRelu',
    'Pad',
    'Pow',
    'QuantizeLinear',
    'RMSNormalization',
    'RandomUniformLike',
  ],
  [
    'Reciprocal',
    'ReduceL2',
    'ReduceMax',
    'ReduceMean',
    'ReduceMin',
    'ReduceProd',
    'ReduceSum',
    'Relu',
    'Reshape',
    'Resize',
    'Round',
  ],
  [
    'STFT',
    'ScatterElements',
    'ScatterND',
    'Sigmoid',
    'Sign',
    'Sin',
    'Slice',
    'Softmax',
    'SpaceToDepth',
    'Split',
    'Sqrt',
    'Squeeze',
  ],
  ['Sub', 'Sum', 'Tanh', 'ThresholdedRelu', 'Tile', 'TopK', 'Transpose', 'Unsqueeze', 'Upsample', 'Where'],
].flat();

const lstm = (rule: string, broken: Rule['broken']): Rule => ({
  rule,
  verdict: 'fallback',
  message: ON_CPU,
  source: LSTM_SOURCE,
  broken,
});

const LSTM: readonly Rule[] = [
  lstm('sequence_lens is constant', (context) => {
    const lengths = inputOf(context, 4);
    return lengths === null || isConstant(lengths) ? null : { seen: 'computed at run time' };
  }),
  lstm('no clip', (context) => {
    const clip = numberOption(context, 'clip', 0);
    return clip === 0 ? null : { seen: `clip ${clip}` };
  }),
  lstm('default activations', ({ operator }) => {
    const { activations } = operator.options;
    return activations === undefined || String(activations) === '' ? null : { seen: String(activations) };
  }),
  lstm('input and forget gate are not coupled', (context) =>
    numberOption(context, 'input_forget', 0) === 0 ? null : { seen: 'input_forget 1' },
  ),
  {
    rule: 'the LSTM keeps its integer types',
    verdict: 'conditional',
    message: 'The provider unrolls it over time and computes in float16, whatever the types around it.',
    source: LSTM_SOURCE,
    broken: (context) => ({ seen: `direction ${nameOption(context, 'direction', 'forward')}` }),
  },
];

const OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map(
  NAMES.map((name) => [name, name === 'LSTM' ? LSTM : []] as const),
);

const registered = known(OPERATORS, 'fallback', ON_CPU, SOURCE);

const backend: Rule = {
  rule: "the SDK's backend accepts the operator's types and shapes",
  verdict: 'conditional',
  message:
    "The provider translates the operator. Qualcomm's SDK then checks it for the chip, by tables that are not in the open.",
  source: SOURCE,
  broken: ({ operator }) => ({ seen: operator.name }),
};

export const ortQnn: Target = {
  name: 'ort-qnn',
  label: 'ONNX Runtime QNN',
  version: '00cd7c6',
  source: SOURCE,
  reads: 'onnx',
  modelRules: [],
  execution: { kind: 'partitions', most: null, least: 1, source: SOURCE },
  notes: ['What the provider does not take runs on the CPU provider (unless session.disable_cpu_ep_fallback is set).'],
  rulesFor: ({ operator }) => [registered, ...(OPERATORS.get(operator.name) ?? []), backend],
};
