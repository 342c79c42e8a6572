import type { DType } from '../model/dtype';
import { dataType, known } from './onnx/onnxRules';
import type { Rule, Target } from './target';

const SOURCE = 'onnxruntime 1.32.0, kernels that its CPU provider registers';
const REFUSED = 'The session is not created: the model does not load.';

const FLOAT: readonly DType[] = ['float32', 'float64'];
const HALF: readonly DType[] = [...FLOAT, 'float16'];
const WIDE: readonly DType[] = ['int32', 'int64'];
const BITS8: readonly DType[] = ['int8', 'uint8'];
const INTEGERS: readonly DType[] = [...BITS8, 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'];
const ALL: readonly DType[] = [...HALF, 'bfloat16', ...INTEGERS, 'bool', 'string'];

/** Types of the data input by operator, in the newest operator set; those left out of a list have no kernel. */
const BY_TYPES: readonly (readonly [types: readonly DType[], operators: readonly string[]])[] = [
  [
    ['float32'],
    [
      [
        'AveragePool',
        'Conv',
        'ConvTranspose',
        'DynamicQuantizeLinear',
        'Elu',
        'Erf',
        'Gelu',
        'GlobalAveragePool',
        'GlobalMaxPool',
      ],
      [
        'HardSigmoid',
        'InstanceNormalization',
        'LeakyRelu',
        'Mean',
        'PRelu',
        'RNN',
        'Selu',
        'Softplus',
        'Softsign',
        'ThresholdedRelu',
      ],
      ['DynamicQuantizeLSTM', 'DynamicQuantizeMatMul', 'FusedConv', 'FusedGemm'].map(microsoft),
    ].flat(),
  ],
  [
    FLOAT,
    [
      ['BatchNormalization', 'Ceil', 'Cos', 'Exp', 'Floor', 'GRU', 'Gemm', 'LSTM', 'Log', 'LogSoftmax', 'Reciprocal', 'STFT'],
      ['Sigmoid', 'Sin', 'Softmax', 'Sqrt', 'Sum', 'Tanh', microsoft('FusedMatMul')],
    ].flat(),
  ],
  [
    ALL,
    [
      [
        'Cast',
        'Concat',
        'Equal',
        'Expand',
        'Flatten',
        'Gather',
        'GatherElements',
        'GatherND',
        'Identity',
        'If',
        'Loop',
        'Reshape',
      ],
      [
        'ReverseSequence',
        'Scan',
        'ScatterElements',
        'ScatterND',
        'Shape',
        'Slice',
        'Split',
        'Squeeze',
        'Tile',
        'Transpose',
        'Unsqueeze',
      ],
    ].flat(),
  ],
  [
    BITS8,
    [
      ['ConvInteger', 'MatMulInteger', 'QLinearConv', 'QLinearMatMul'],
      ['MatMulIntegerToFloat', 'QGemm', 'QLinearAdd', 'QLinearAveragePool', 'QLinearConcat', 'QLinearConv'].map(microsoft),
      ['QLinearGlobalAveragePool', 'QLinearLeakyRelu', 'QLinearMul', 'QLinearSigmoid', 'QLinearSoftmax'].map(microsoft),
    ].flat(),
  ],
  [
    [...FLOAT, ...WIDE],
    [
      [
        'CumSum',
        'Einsum',
        'MatMul',
        'Pow',
        'ReduceL1',
        'ReduceL2',
        'ReduceLogSum',
        'ReduceLogSumExp',
        'ReduceMean',
        'ReduceProd',
      ],
      ['ReduceSum', 'ReduceSumSquare', 'Trilu'],
    ].flat(),
  ],
  [
    [...FLOAT, ...INTEGERS],
    ['Abs', 'Add', 'Div', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Mul', 'Sub'],
  ],
  [['bool'], ['And', 'Not', 'Or', 'Xor']],
  [
    [...HALF, ...BITS8, 'int32', 'uint32', 'int64', 'uint64'],
    ['Clip', 'Max', 'Min'],
  ],
  [
    [...HALF, ...INTEGERS],
    ['Mod', 'Sign'],
  ],
  [
    [...FLOAT, ...BITS8],
    ['DepthToSpace', 'MaxPool', 'SpaceToDepth'],
  ],
  [
    [...FLOAT, ...BITS8, ...WIDE],
    ['ArgMax', 'ArgMin', 'Pad', 'ReduceMax', 'ReduceMin', 'TopK'],
  ],
  [
    [...HALF, 'bfloat16'],
    ['LayerNormalization', 'Round', microsoft('SkipLayerNormalization')],
  ],
  [
    ['float32', 'float16'],
    ['QuantizeLinear', microsoft('MatMulNBits')],
  ],
  [[...BITS8, 'int16', 'uint16', 'int32', 'int4', 'uint4'], ['DequantizeLinear']],
  [[...FLOAT, 'int8', 'int16', ...WIDE], ['Neg']],
  [['float32', ...WIDE], ['OneHot']],
  [[...FLOAT, 'int16', ...WIDE], ['Range']],
  [[...FLOAT, 'int8', 'int32'], ['Relu']],
  [['float32', ...BITS8, 'int32'], ['Resize']],
  [['bool'], ['Where']],
];

function microsoft(name: string): string {
  return `com.microsoft.${name}`;
}

const OPERATORS: ReadonlyMap<string, readonly Rule[]> = new Map(
  BY_TYPES.flatMap(([types, names]) => names.map((name) => [name, [dataType(types, 'rejected', REFUSED, SOURCE)]] as const)),
);

const integerRecurrent: Rule = {
  rule: 'recurrent operators compute in float',
  verdict: 'conditional',
  message:
    'There is no integer LSTM or GRU: between DequantizeLinear and QuantizeLinear it runs in float32. quantize_dynamic gives DynamicQuantizeLSTM: 8-bit weights, float states.',
  source: `${SOURCE}; microsoft/onnxruntime issue 9796`,
  broken: ({ operator: { name } }) => (name === 'LSTM' || name === 'GRU' ? { seen: name } : null),
};

const registered = known(OPERATORS, 'unverified', 'Not among the operators that the rules know; the runtime has more.', SOURCE);

export const ortCpu: Target = {
  name: 'ort-cpu',
  label: 'ONNX Runtime CPU',
  version: '1.32.0',
  source: SOURCE,
  reads: 'onnx',
  modelRules: [],
  execution: { kind: 'interpreter' },
  rulesFor: ({ operator }) => [registered, ...(OPERATORS.get(operator.name) ?? []), integerRecurrent],
};
