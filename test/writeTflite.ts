import type { Graph, Operator, OptionValue, Tensor } from '../worker/core/model/model';
import {
  bytes,
  float32,
  float32s,
  int32,
  int32s,
  int64s,
  int8,
  table,
  tables,
  text,
  writeFlat,
  type FlatTableSpec,
  type FlatValue,
} from './unit/formats/flatWriter';

/** Codes of the schema, written here on their own: what the reader takes them for is under test as well. */
const TYPE_CODES: Readonly<Partial<Record<Tensor['dtype'], number>>> = {
  float32: 0,
  int32: 2,
  uint8: 3,
  int64: 4,
  int16: 7,
  int8: 9,
};

const ACTIVATIONS = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH'];

interface OperatorCode {
  readonly code: number;
  /** Code of the options table in its union; 0 without one. */
  readonly optionsType: number;
  /** Its fields by id: what an option's value is written as, under which name. */
  readonly fields: readonly (readonly [name: string, write: (value: OptionValue) => FlatValue])[];
}

const flag = (value: OptionValue) => int8(Number(value));
const whole = (value: OptionValue) => int32(Number(value));
const real = (value: OptionValue) => float32(Number(value));
const oneOf = (names: readonly string[]) => (value: OptionValue) => int8(names.indexOf(String(value)));
const activation = ['fused_activation_function', oneOf(ACTIVATIONS)] as const;
const clips = [
  ['cell_clip', real],
  ['proj_clip', real],
] as const;

const OPERATOR_CODES: Readonly<Record<string, OperatorCode>> = {
  ADD: { code: 0, optionsType: 11, fields: [activation] },
  CONCATENATION: { code: 2, optionsType: 10, fields: [['axis', whole], activation] },
  FULLY_CONNECTED: { code: 9, optionsType: 8, fields: [activation] },
  LOGISTIC: { code: 14, optionsType: 0, fields: [] },
  LSTM: { code: 16, optionsType: 14, fields: [activation, ...clips, ['kernel_type', oneOf(['FULL', 'BASIC'])]] },
  MUL: { code: 18, optionsType: 21, fields: [activation] },
  SOFTMAX: { code: 25, optionsType: 9, fields: [['beta', real]] },
  TANH: { code: 28, optionsType: 0, fields: [] },
  UNIDIRECTIONAL_SEQUENCE_LSTM: {
    code: 44,
    optionsType: 71,
    fields: [activation, ...clips, ['time_major', flag], ['asymmetric_quantize_inputs', flag]],
  },
  BIDIRECTIONAL_SEQUENCE_LSTM: {
    code: 52,
    optionsType: 69,
    fields: [activation, ...clips, ['merge_outputs', flag], ['time_major', flag], ['asymmetric_quantize_inputs', flag]],
  },
  QUANTIZE: { code: 114, optionsType: 0, fields: [] },
};

/** A .tflite file of one graph. Constants are those tensors that have data; other tensors' values are computed or given. */
export function writeTflite(graph: Graph): Uint8Array {
  const buffers: FlatTableSpec[] = [{}];
  const tensorTables = graph.tensors.map((tensor) => {
    if (tensor.data !== null) buffers.push({ 0: bytes(tensor.data) });
    return tensorTable(tensor, tensor.data === null ? 0 : buffers.length - 1);
  });
  const names = [...new Set(graph.operators.map(({ name }) => name))];
  const subgraph = {
    0: tables(tensorTables),
    1: int32s(graph.inputs),
    2: int32s(graph.outputs),
    3: tables(graph.operators.map((operator) => operatorTable(operator, names.indexOf(operator.name)))),
    4: text('main'),
  };
  const codes = names.map((name) => {
    const { code } = codeOf(name);
    return { 0: int8(code), 2: int32(1), 3: int32(code) };
  });
  return writeFlat({ 0: int32(3), 1: tables(codes), 2: tables([subgraph]), 3: text('made for a test'), 4: tables(buffers) })
    .bytes;
}

function tensorTable({ name, dtype, shape, quantization, isVariable }: Tensor, buffer: number): FlatTableSpec {
  const type = TYPE_CODES[dtype];
  if (type === undefined) throw new Error(`${dtype} is not written`);
  return {
    0: int32s(shape),
    1: int8(type),
    2: int32(buffer),
    3: text(name),
    ...(quantization === null ? {} : { 4: quantizationTable(quantization) }),
    ...(isVariable ? { 5: int8(1) } : {}),
  };
}

function quantizationTable({ scales, zeroPoints, axis }: NonNullable<Tensor['quantization']>): FlatValue {
  return table({ 2: float32s(Array.from(scales)), 3: int64s(Array.from(zeroPoints)), 6: int32(axis) });
}

function operatorTable({ name, inputs, outputs, intermediates, options }: Operator, code: number): FlatTableSpec {
  const { optionsType, fields } = codeOf(name);
  const given = fields.flatMap(([option, write], id) => {
    const value = options[option];
    return value === undefined ? [] : [[id, write(value)] as const];
  });
  return {
    0: int32(code),
    1: int32s(inputs),
    2: int32s(outputs),
    ...(optionsType === 0 ? {} : { 3: int8(optionsType), 4: table(Object.fromEntries(given)) }),
    ...(intermediates.length === 0 ? {} : { 8: int32s(intermediates) }),
  };
}

function codeOf(name: string): OperatorCode {
  const code = OPERATOR_CODES[name];
  if (code === undefined) throw new Error(`${name} is not written`);
  return code;
}
