import { lstmOperatorOf } from '../../model/lstmOperands';
import type { Operator, Tensor } from '../../model/model';
import { listed } from '../../wording';
import type { FindingRule, LintContext } from '../findingRule';
import { weightOperands } from '../../model/parameters';

/** Operators whose data all have one type; others convert, compare, or take indices. */
const SAME_TYPE: ReadonlySet<string> = new Set(
  `ADD SUB MUL DIV MAXIMUM MINIMUM SQUARED_DIFFERENCE CONCATENATION PACK AVERAGE_POOL_2D MAX_POOL_2D MEAN SUM REDUCE_MAX REDUCE_MIN
   RESHAPE TRANSPOSE PAD STRIDED_SLICE SLICE SPLIT UNPACK SQUEEZE EXPAND_DIMS SOFTMAX LOGISTIC TANH RELU RELU6 HARD_SWISH LEAKY_RELU PRELU
   FULLY_CONNECTED CONV_2D DEPTHWISE_CONV_2D TRANSPOSE_CONV SVDF UNIDIRECTIONAL_SEQUENCE_LSTM LSTM BATCH_MATMUL`.split(/\s+/),
);

const MIXABLE: ReadonlySet<string> = new Set(['int8', 'uint8', 'int16', 'float32', 'float16']);

export const typeMix: FindingRule = {
  rule: 'type-mix',
  severity: 'warning',
  title: 'Operator mixes types',
  explanation:
    'Kernels are written for one type of data at a time. Where inputs and outputs differ, runtimes do different things: refuse the model, or compute in the type of one of them.',
  fix: 'Put a QUANTIZE between, so that all data of the operator have one type.',
  reference:
    'LiteRT 2.3.0, tflite-micro 8f6596d and Vela 5.2.0, measured: which mixes are refused differs; TensorFlow Lite kernels/add.cc: the output takes the type of an input',
  check: (context) =>
    context.graph.operators.flatMap((operator) => {
      const types = SAME_TYPE.has(operator.name) ? typesOf(context, operator) : [];
      // SOFTMAX from int8 to int16 is a kernel of its own.
      if (types.length < 2 || (operator.name === 'SOFTMAX' && types.join() === 'int8,int16')) return [];
      const severity = types.some((type) => type.startsWith('float')) ? ('error' as const) : ('warning' as const);
      return [{ message: `${operator.name} ${operator.index} has ${listed(types)} data.`, op: operator, severity }];
    }),
};

/** Of data and results: weights and biases have rules of their own, whole numbers are shapes and indices. */
function typesOf({ graph }: LintContext, operator: Operator): string[] {
  const weighted = weightOperands(operator);
  const inputs = weighted === null ? operator.inputs : [operator.inputs[weighted.data] ?? -1];
  // An LSTM's further outputs are states, whose types are their own.
  const outputs = lstmOperatorOf(operator) === 'sequence' ? operator.outputs.slice(0, 1) : operator.outputs;
  const tensors = [...inputs, ...outputs].map((index) => graph.tensors[index]);
  const quantized = (tensor: Tensor) => tensor.quantization !== null || tensor.dtype.startsWith('float');
  return [
    ...new Set(
      tensors.flatMap((tensor) => (tensor !== undefined && MIXABLE.has(tensor.dtype) && quantized(tensor) ? [tensor.dtype] : [])),
    ),
  ];
}
