import { Writer } from 'protobufjs/minimal';
import type { DType } from '../../../worker/core/model/dtype';
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIMENSION,
  elementTypeCode,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET_ID,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from '../../../worker/core/formats/onnx/schema';

export interface NodeSpec {
  readonly op: string;
  readonly domain?: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttributeValue>>;
}

type OnnxAttributeValue =
  | string
  | number
  | readonly string[]
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly graph: GraphSpec };

export interface ConstantSpec {
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array | Int32Array | Int8Array | Uint8Array | Uint16Array;
  /** Where the array does not tell: half floats are their bits. */
  readonly dtype?: DType;
}

export interface OnnxModelSpec extends GraphSpec {
  readonly opset?: number;
}

interface GraphSpec {
  readonly nodes: readonly NodeSpec[];
  readonly constants: Readonly<Record<string, ConstantSpec>>;
  readonly inputs: Readonly<Record<string, DType>>;
  /** Of inputs; open where absent, and where a size is -1. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  readonly outputs: readonly string[];
  /** Of outputs that are not float32. */
  readonly outputTypes?: Readonly<Record<string, DType>>;
}

/** An ONNX file. */
export function onnxModel({ opset = 14, ...graph }: OnnxModelSpec): Uint8Array {
  const model = Writer.create();
  integer(model, MODEL.irVersion, 8);
  bytes(model, MODEL.graph, graphBytes(graph));
  const others = new Set(graph.nodes.flatMap(({ domain }) => domain ?? []));
  for (const [domain, version] of [['', opset] as const, ...[...others].map((other) => [other, 1] as const)]) {
    const set = Writer.create();
    text(set, OPERATOR_SET_ID.domain, domain);
    integer(set, OPERATOR_SET_ID.version, version);
    bytes(model, MODEL.opsetImport, set.finish());
  }
  return new Uint8Array(model.finish());
}

function graphBytes({ nodes, constants, inputs, outputs, shapes = {}, outputTypes = {} }: GraphSpec): Uint8Array {
  const graph = Writer.create();
  for (const node of nodes) bytes(graph, GRAPH.node, nodeBytes(node));
  text(graph, GRAPH.name, 'test');
  for (const [name, constant] of Object.entries(constants)) bytes(graph, GRAPH.initializer, tensorBytes(name, constant));
  for (const [name, dtype] of Object.entries(inputs)) bytes(graph, GRAPH.input, valueBytes(name, dtype, shapes[name]));
  for (const name of outputs) bytes(graph, GRAPH.output, valueBytes(name, outputTypes[name] ?? 'float32'));
  return graph.finish();
}

function nodeBytes({ op, domain, name = '', inputs, outputs, attributes = {} }: NodeSpec): Uint8Array {
  const writer = Writer.create();
  for (const input of inputs) text(writer, NODE.input, input);
  for (const output of outputs) text(writer, NODE.output, output);
  text(writer, NODE.name, name);
  text(writer, NODE.opType, op);
  if (domain !== undefined) text(writer, NODE.domain, domain);
  for (const [attribute, value] of Object.entries(attributes)) bytes(writer, NODE.attribute, attributeBytes(attribute, value));
  return writer.finish();
}

function attributeBytes(name: string, value: OnnxAttributeValue): Uint8Array {
  const writer = Writer.create();
  text(writer, ATTRIBUTE.name, name);
  const type = (code: number) => integer(writer, ATTRIBUTE.type, code);
  if (typeof value === 'string') {
    text(writer, ATTRIBUTE.s, value);
    type(ATTRIBUTE_TYPE.string);
  } else if (typeof value === 'number') {
    integer(writer, ATTRIBUTE.i, value);
    type(ATTRIBUTE_TYPE.int);
  } else if ('float' in value) {
    writer.uint32(ATTRIBUTE.f * 8 + 5).float(value.float);
    type(ATTRIBUTE_TYPE.float);
  } else if ('floats' in value) {
    for (const entry of value.floats) writer.uint32(ATTRIBUTE.floats * 8 + 5).float(entry);
    type(ATTRIBUTE_TYPE.floats);
  } else if ('graph' in value) {
    bytes(writer, ATTRIBUTE.g, graphBytes(value.graph));
    type(ATTRIBUTE_TYPE.graph);
  } else if (value.every((entry) => typeof entry === 'string')) {
    for (const entry of value) text(writer, ATTRIBUTE.strings, entry);
    type(ATTRIBUTE_TYPE.strings);
  } else {
    for (const entry of value) integer(writer, ATTRIBUTE.ints, Number(entry));
    type(ATTRIBUTE_TYPE.ints);
  }
  return writer.finish();
}

function typeOf({ values, dtype }: ConstantSpec): DType {
  if (dtype !== undefined) return dtype;
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof BigInt64Array) return 'int64';
  return values instanceof Int32Array ? 'int32' : values instanceof Int8Array ? 'int8' : 'uint8';
}

function tensorBytes(name: string, constant: ConstantSpec): Uint8Array {
  const { shape, values } = constant;
  const writer = Writer.create();
  for (const size of shape) integer(writer, TENSOR.dims, size);
  integer(writer, TENSOR.dataType, elementTypeCode(typeOf(constant)));
  text(writer, TENSOR.name, name);
  bytes(writer, TENSOR.rawData, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return writer.finish();
}

function valueBytes(name: string, dtype: DType, shape?: readonly number[]): Uint8Array {
  const writer = Writer.create();
  text(writer, VALUE_INFO.name, name);
  writer.uint32(VALUE_INFO.type * 8 + 2).fork();
  writer.uint32(TYPE.tensor * 8 + 2).fork();
  integer(writer, TENSOR_TYPE.elemType, elementTypeCode(dtype));
  if (shape !== undefined) bytes(writer, TENSOR_TYPE.shape, shapeBytes(shape));
  writer.ldelim().ldelim();
  return writer.finish();
}

function shapeBytes(shape: readonly number[]): Uint8Array {
  const writer = Writer.create();
  for (const size of shape) {
    const dimension = Writer.create();
    if (size >= 0) integer(dimension, DIMENSION.value, size);
    bytes(writer, SHAPE.dim, dimension.finish());
  }
  return writer.finish();
}

function integer(writer: Writer, field: number, value: number): void {
  writer.uint32(field * 8).int64(value);
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(field * 8 + 2).string(value);
}

function bytes(writer: Writer, field: number, value: Uint8Array): void {
  writer.uint32(field * 8 + 2).bytes(value);
}
