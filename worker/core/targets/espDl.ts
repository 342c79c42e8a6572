import type { DType } from '../model/dtype';
import { dataType, known, ranksUpTo } from './onnx/onnxRules';
import { inputOf, numberOption, nameOption } from './operands';
import type { Rule, Target } from './target';

const SOURCE = 'espressif/esp-dl 12c0616, operator_support_state.md (2026-06-17)';
const REFUSED = 'The model does not load.';

const own = (rule: string, broken: Rule['broken']): Rule => ({
  rule,
  verdict: 'rejected',
  message: REFUSED,
  source: SOURCE,
  broken,
});
const types = (...allowed: readonly DType[]): Rule => dataType(allowed, 'rejected', REFUSED, SOURCE);

const ALL = types('int8', 'int16', 'float32');
const INTEGER = types('int8', 'int16');
const upTo4 = ranksUpTo(4, REFUSED, SOURCE);

const groups = own('groups are 1, or as many as input channels', (context) => {
  const group = numberOption(context, 'group', 1);
  const channels = inputOf(context, 0)?.shape[1] ?? 1;
  return group === 1 || group === channels ? null : { seen: `${group} groups of ${channels} channels` };
});

const noDilation = own('no dilation', ({ operator }) => {
  const { dilations } = operator.options;
  return Array.isArray(dilations) && (dilations as number[]).some((size) => size !== 1) ? { seen: dilations.join(', ') } : null;
});

const noWrap = own('padding is not of mode wrap', (context) =>
  nameOption(context, 'mode', 'constant') === 'wrap' ? { seen: 'wrap' } : null,
);

const recurrent = [
  ALL,
  own('batch 1', (context) => {
    const batch = inputOf(context, 0)?.shape[1] ?? 1;
    return batch === 1 ? null : { seen: `batch ${batch}` };
  }),
  own('direction is forward', (context) => {
    const direction = nameOption(context, 'direction', 'forward');
    return direction === 'forward' ? null : { seen: direction };
  }),
];

const OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ...['Add', 'Div', 'Mod', 'Mul', 'Pow', 'Sub', 'ReduceL1', 'ReduceL2', 'ReduceLogSum', 'ReduceLogSumExp', 'ReduceMax'].map(
    (name) => [name, [ALL, upTo4]] as const,
  ),
  ...['ReduceMean', 'ReduceMin', 'ReduceProd', 'ReduceSum', 'ReduceSumSquare'].map((name) => [name, [ALL, upTo4]] as const),
  ...['Clip', 'Concat', 'DepthToSpace', 'Elu', 'Exp', 'Flatten', 'Gather', 'GlobalAveragePool', 'HardSigmoid', 'HardSwish'].map(
    (name) => [name, [ALL]] as const,
  ),
  ...[
    'Identity',
    'LayerNormalization',
    'LeakyRelu',
    'Log',
    'LogSoftmax',
    'LpNormalization',
    'Neg',
    'PRelu',
    'RMSNormalization',
  ].map((name) => [name, [ALL]] as const),
  ...['Relu', 'Reshape', 'ScatterND', 'Sigmoid', 'Slice', 'Softmax', 'SpaceToDepth', 'Split', 'Sqrt', 'Squeeze', 'Swish'].map(
    (name) => [name, [ALL]] as const,
  ),
  ...['Tanh', 'Transpose', 'Unsqueeze'].map((name) => [name, [ALL]] as const),
  ...['Equal', 'Gemm', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'ReverseSequence'].map(
    (name) => [name, [INTEGER]] as const,
  ),
  ...['QuantizeLinear', 'DequantizeLinear', 'Gelu'].map((name) => [name, []] as const),
  ['AveragePool', [ALL, noDilation]],
  ['Conv', [INTEGER, groups]],
  ['ConvTranspose', [INTEGER]],
  ['GRU', recurrent],
  ['LSTM', recurrent],
  ['MatMul', [INTEGER, upTo4]],
  ['MaxPool', [INTEGER, noDilation]],
  ['Pad', [ALL, noWrap]],
  ['Resize', [types('int8')]],
]);

const registered = known(OPERATORS, 'rejected', REFUSED, SOURCE);

export const espDl: Target = {
  name: 'esp-dl',
  label: 'ESP-DL',
  version: '12c0616',
  source: SOURCE,
  reads: 'onnx',
  modelRules: [],
  execution: { kind: 'interpreter' },
  notes: [
    'Reads .espdl files that ESP-PPQ makes from ONNX: symmetric quantization with scales that are powers of two. ESP32-S3 rounds half up, ESP32-P4 half to even.',
  ],
  rulesFor: ({ operator }) => [registered, ...(OPERATORS.get(operator.name) ?? [])],
};
