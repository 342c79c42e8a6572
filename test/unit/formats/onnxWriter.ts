import { Writer } from 'protobufjs/minimal';
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DATA_LOCATION,
  DIMENSION,
  elementTypeCode,
  FUNCTION,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET_ID,
  SHAPE,
  STRING_ENTRY,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from '../../../worker/core/formats/onnx/schema';
import type { DType } from '../../../worker/core/model/dtype';

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** A message under construction: fields in the order of the calls. */
export class Message {
  readonly writer = Writer.create();

  int(field: number, value: number): this {
    this.writer.uint32((field << 3) | VARINT).int64(value);
    return this;
  }

  float(field: number, value: number): this {
    this.writer.uint32((field << 3) | FIXED32).float(value);
    return this;
  }

  text(field: number, value: string): this {
    this.writer.uint32((field << 3) | BYTES).string(value);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.writer.uint32((field << 3) | BYTES).bytes(value);
    return this;
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array {
    return new Uint8Array(this.writer.finish());
  }
}

export interface TensorSpec {
  readonly name?: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** As raw bytes. */
  readonly values?: Float32Array | BigInt64Array | Int32Array | Int8Array | Uint8Array | Int16Array;
  /** As a list of integers: the field's number and the values. */
  readonly list?: readonly [field: number, values: readonly number[]];
  /** external_data entries. */
  readonly external?: Readonly<Record<string, string>>;
}

export type AttributeSpec =
  number | string | readonly number[] | readonly string[] | TensorSpec | GraphSpec | { readonly ref: string };

export interface NodeSpec {
  readonly op: string;
  readonly domain?: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
}

/** `name`, and dtype with sizes (names of open sizes as text) where they are given. */
export type ValueSpec = string | readonly [name: string, dtype: DType, shape: readonly (number | string)[]];

export interface GraphSpec {
  readonly nodes: readonly NodeSpec[];
  readonly inputs?: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly constants?: readonly TensorSpec[];
  readonly values?: readonly ValueSpec[];
}

export interface ModelSpec extends GraphSpec {
  readonly functions?: readonly (Pick<NodeSpec, 'inputs' | 'outputs'> & {
    readonly name: string;
    readonly domain: string;
    readonly nodes: readonly NodeSpec[];
  })[];
}

/** The bytes of a small ONNX model, IR version 8, operator set 17. */
export function onnxModel(spec: ModelSpec): Uint8Array {
  const model = new Message().int(MODEL.irVersion, 8).text(MODEL.producerName, 'test');
  model.message(MODEL.graph, graphMessage(spec));
  model.message(MODEL.opsetImport, new Message().text(OPERATOR_SET_ID.domain, '').int(OPERATOR_SET_ID.version, 17));
  for (const { name, domain, inputs, outputs, nodes } of spec.functions ?? []) {
    const body = new Message().text(FUNCTION.name, name).text(FUNCTION.domain, domain);
    for (const input of inputs) body.text(FUNCTION.input, input);
    for (const output of outputs) body.text(FUNCTION.output, output);
    for (const node of nodes) body.message(FUNCTION.node, nodeMessage(node));
    model.message(MODEL.functions, body);
  }
  return model.finish();
}

function graphMessage({ nodes, inputs = [], outputs, constants = [], values = [] }: GraphSpec): Message {
  const graph = new Message().text(GRAPH.name, 'g');
  for (const node of nodes) graph.message(GRAPH.node, nodeMessage(node));
  for (const tensor of constants) graph.message(GRAPH.initializer, tensorMessage(tensor));
  for (const value of inputs) graph.message(GRAPH.input, valueMessage(value));
  for (const value of outputs) graph.message(GRAPH.output, valueMessage(value));
  for (const value of values) graph.message(GRAPH.valueInfo, valueMessage(value));
  return graph;
}

function nodeMessage({ op, domain, name, inputs, outputs, attributes = {} }: NodeSpec): Message {
  const node = new Message();
  for (const input of inputs) node.text(NODE.input, input);
  for (const output of outputs) node.text(NODE.output, output);
  if (name !== undefined) node.text(NODE.name, name);
  node.text(NODE.opType, op);
  if (domain !== undefined) node.text(NODE.domain, domain);
  for (const [key, value] of Object.entries(attributes)) node.message(NODE.attribute, attributeMessage(key, value));
  return node;
}

function attributeMessage(name: string, value: AttributeSpec): Message {
  const message = new Message().text(ATTRIBUTE.name, name);
  if (typeof value === 'number') {
    return Number.isInteger(value) ? message.int(ATTRIBUTE.i, value) : message.float(ATTRIBUTE.f, value);
  }
  if (typeof value === 'string') return message.text(ATTRIBUTE.s, value);
  if (isList(value)) {
    for (const entry of value) {
      if (typeof entry === 'string') message.text(ATTRIBUTE.strings, entry);
      else message.int(ATTRIBUTE.ints, entry);
    }
    return message.int(ATTRIBUTE.type, typeof value[0] === 'string' ? ATTRIBUTE_TYPE.strings : ATTRIBUTE_TYPE.ints);
  }
  if ('ref' in value) return message.text(ATTRIBUTE.refAttrName, value.ref);
  if ('nodes' in value) return message.message(ATTRIBUTE.g, graphMessage(value));
  return message.message(ATTRIBUTE.t, tensorMessage(value));
}

function isList(value: AttributeSpec): value is readonly number[] | readonly string[] {
  return Array.isArray(value);
}

function tensorMessage({ name, dtype, shape, values, list, external }: TensorSpec): Message {
  const tensor = new Message();
  for (const size of shape) tensor.int(TENSOR.dims, size);
  tensor.int(TENSOR.dataType, elementTypeCode(dtype));
  if (name !== undefined) tensor.text(TENSOR.name, name);
  if (values !== undefined) tensor.bytes(TENSOR.rawData, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (list !== undefined) for (const value of list[1]) tensor.int(list[0], value);
  for (const [key, value] of Object.entries(external ?? {}))
    tensor.message(TENSOR.externalData, new Message().text(STRING_ENTRY.key, key).text(STRING_ENTRY.value, value));
  return external === undefined ? tensor : tensor.int(TENSOR.dataLocation, DATA_LOCATION.external);
}

function valueMessage(value: ValueSpec): Message {
  if (typeof value === 'string') return new Message().text(VALUE_INFO.name, value);
  const [name, dtype, sizes] = value;
  const shape = new Message();
  for (const size of sizes) {
    const dimension = new Message();
    shape.message(
      SHAPE.dim,
      typeof size === 'number' ? dimension.int(DIMENSION.value, size) : dimension.text(DIMENSION.param, size),
    );
  }
  const type = new Message().int(TENSOR_TYPE.elemType, elementTypeCode(dtype)).message(TENSOR_TYPE.shape, shape);
  return new Message().text(VALUE_INFO.name, name).message(VALUE_INFO.type, new Message().message(TYPE.tensor, type));
}
