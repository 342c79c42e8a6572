import type { DType } from '../model/dtype';
import type { Graph, Operator } from '../model/model';
import { operandTensor } from '../model/operands';

/** Oldest version that takes the type, by operator; the data are in operand 0 where `operand` does not say otherwise. */
interface TypeVersions {
  readonly operand?: number;
  readonly int8?: number;
  readonly int16?: number;
}

const BY_TYPE: Readonly<Record<string, TypeVersions>> = {
  ADD: { int8: 2 },
  AVERAGE_POOL_2D: { int8: 2, int16: 3 },
  BATCH_MATMUL: { int8: 2, int16: 3 },
  CONCATENATION: { int8: 2, int16: 3 },
  DEQUANTIZE: { int8: 2, int16: 3 },
  GATHER: { int8: 2, int16: 4 },
  LOGISTIC: { int8: 2, int16: 3 },
  MAX_POOL_2D: { int8: 2, int16: 3 },
  MAXIMUM: { int8: 2, int16: 4 },
  MEAN: { int8: 2, int16: 3 },
  MINIMUM: { int8: 2, int16: 4 },
  MUL: { int8: 2, int16: 4 },
  PACK: { int8: 2, int16: 3 },
  PAD: { int8: 2, int16: 3 },
  RELU: { int8: 2, int16: 3 },
  REVERSE_V2: { int8: 3 },
  SLICE: { int8: 2, int16: 4 },
  SOFTMAX: { int8: 2, int16: 3 },
  SPLIT: { operand: 1, int8: 2, int16: 4 },
  STRIDED_SLICE: { int8: 2 },
  SUB: { int8: 2 },
  SVDF: { int8: 3 },
  TANH: { int8: 2, int16: 3 },
  TRANSPOSE: { int8: 2, int16: 5 },
  UNPACK: { int8: 2, int16: 4 },
};

/** Oldest version that takes float data with int8 weights in operand 1; in operand 2 for LSTMs. */
const HYBRID: Readonly<Record<string, number>> = {
  BIDIRECTIONAL_SEQUENCE_LSTM: 2,
  CONV_2D: 2,
  DEPTHWISE_CONV_2D: 4,
  FULLY_CONNECTED: 3,
  LSTM: 3,
  SVDF: 2,
  UNIDIRECTIONAL_SEQUENCE_LSTM: 2,
};

/** Oldest version that takes int8 data with int8 weights. */
const INTEGER: Readonly<Record<string, number>> = { CONV_2D: 3, DEPTHWISE_CONV_2D: 3, FULLY_CONNECTED: 4 };

/** Newest version that the interpreter registers. */
const NEWEST: Readonly<Record<string, number>> = {
  ADD: 5,
  AVERAGE_POOL_2D: 3,
  BATCH_MATMUL: 4,
  BIDIRECTIONAL_SEQUENCE_LSTM: 3,
  CONCATENATION: 5,
  CONV_2D: 8,
  DEPTHWISE_CONV_2D: 7,
  DEQUANTIZE: 8,
  FULLY_CONNECTED: 14,
  GATHER: 7,
  LOGISTIC: 3,
  LSTM: 4,
  MAX_POOL_2D: 3,
  MAXIMUM: 4,
  MEAN: 3,
  MINIMUM: 4,
  MUL: 7,
  PACK: 4,
  PAD: 5,
  QUANTIZE: 5,
  RELU: 3,
  RESHAPE: 1,
  REVERSE_V2: 3,
  SLICE: 7,
  SOFTMAX: 3,
  SPLIT: 4,
  STRIDED_SLICE: 8,
  SUB: 5,
  SVDF: 4,
  TANH: 3,
  TRANSPOSE: 7,
  UNIDIRECTIONAL_SEQUENCE_LSTM: 4,
  UNPACK: 4,
};

/** What an operator's types and operands ask of its version, and why. 1 where nothing known does. */
export function oldestVersion(graph: Graph, operator: Operator): { readonly version: number; readonly why: string } {
  const { name, options } = operator;
  const typeAt = (position: number): DType | undefined => operandTensor(graph, operator, position)?.dtype;
  const asked: { version: number; why: string }[] = [{ version: 1, why: '' }];
  const ask = (version: number | undefined, why: string) => {
    if (version !== undefined) asked.push({ version, why });
  };
  const { operand = 0, int8, int16 } = BY_TYPE[name] ?? {};
  if (typeAt(operand) === 'int8') ask(int8, 'int8 data');
  if (typeAt(operand) === 'int16') ask(int16, 'int16 data');
  const weights = typeAt(name.includes('LSTM') ? 2 : 1);
  if (typeAt(0) === 'float32' && weights === 'int8') ask(HYBRID[name], 'float data with int8 weights');
  if (typeAt(0) === 'int8' && weights === 'int8') ask(INTEGER[name], 'int8 data with int8 weights');
  if (name === 'FULLY_CONNECTED' && options['keep_num_dims'] === true) ask(5, 'keep_num_dims');
  if (name === 'FULLY_CONNECTED' && operator.inputs.length === 2) ask(6, '2 operands');
  if (name === 'LSTM' && options['kernel_type'] === 'BASIC') ask(2, 'the basic kernel');
  return asked.reduce((most, own) => (own.version > most.version ? own : most));
}

/** Null where it is not known. */
export function newestVersion({ name }: Operator): number | null {
  return NEWEST[name] ?? null;
}
