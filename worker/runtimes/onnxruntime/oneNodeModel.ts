import { Writer } from 'protobufjs/minimal';
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  elementTypeCode,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET_ID,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from '../../core/formats/onnx/schema';
import { WireMessage } from '../../core/formats/onnx/proto/wire';
import type { DType } from '../../core/model/dtype';
import { ABSENT, type Model, type Operator, type OptionValue } from '../../core/model/model';
import type { ConstantOperand, Operand } from './operands';
import { joined, tag, WIRE } from './protoParts';

/** One with packed integers of all sizes, old enough for every version of ONNX Runtime that is about. */
const IR_VERSION = 10;

/** One operator as a model of its own. */
export interface OneNodeModel {
  readonly bytes: Uint8Array;
  /** Positions of the operands that are the model's inputs, in its order. */
  readonly inputs: readonly number[];
  /** Positions of the operator's outputs that are the model's, in its order. */
  readonly outputs: readonly number[];
}

/**
 * The operator in a model of its own, with the node as its file has it but for the names of operands, which become positions. Types of
 * outputs and all shapes are left to ONNX Runtime.
 * @param operands by position; null for absent optional ones
 */
export function oneNodeModel(
  { opsets = {} }: Pick<Model, 'opsets'>,
  operator: Operator,
  operands: readonly (Operand | null)[],
): OneNodeModel {
  const names = namesOf(operator, operands);
  const declared = names.slice(0, names.length - (operator.captured?.length ?? 0));
  const outputNames = operator.outputs.map((index, position) => (index === ABSENT ? '' : `output ${position}`));
  const graph = Writer.create();
  bytes(graph, GRAPH.node, nodeOf(operator, declared, outputNames));
  text(graph, GRAPH.name, 'operator');
  const inputs: number[] = [];
  operands.forEach((operand, position) => {
    const name = names[position] ?? '';
    if (operand === null || names.indexOf(name) !== position) return;
    if (operand.kind === 'constant') {
      bytes(graph, GRAPH.initializer, constant(name, operand));
    } else {
      inputs.push(position);
      bytes(graph, GRAPH.input, valueInfo(name, operand.dtype));
    }
  });
  const outputs = outputNames.flatMap((name, position) => (name === '' ? [] : [position]));
  for (const position of outputs) bytes(graph, GRAPH.output, valueInfo(outputNames[position] ?? '', null));
  const model = Writer.create();
  varint(model, MODEL.irVersion, IR_VERSION);
  bytes(model, MODEL.graph, graph.finish());
  for (const [domain, version] of Object.entries(opsets)) {
    if (domain !== '' && domain !== operator.domain) continue;
    const opset = Writer.create();
    text(opset, OPERATOR_SET_ID.domain, domain);
    varint(opset, OPERATOR_SET_ID.version, version);
    bytes(model, MODEL.opsetImport, opset.finish());
  }
  return { bytes: copied(model.finish()), inputs, outputs };
}

/** Positions, by which a tensor that is two operands has one name; what graphs inside the node read has the name that they use. */
function namesOf({ inputs, captured = [] }: Operator, operands: readonly (Operand | null)[]): string[] {
  const declared = inputs.length - captured.length;
  return inputs.map((index, position) => {
    if (position >= declared) return captured[position - declared] ?? '';
    return operands[position] ? `operand ${inputs.indexOf(index)}` : '';
  });
}

function nodeOf(operator: Operator, inputs: readonly string[], outputs: readonly string[]): Uint8Array {
  const { name, domain = '', node, options } = operator;
  const writer = Writer.create();
  for (const input of inputs) text(writer, NODE.input, input);
  for (const output of outputs) text(writer, NODE.output, output);
  if (node === undefined) {
    text(writer, NODE.opType, name);
    text(writer, NODE.domain, domain);
    for (const [option, value] of Object.entries(options)) bytes(writer, NODE.attribute, attribute(option, value));
    return writer.finish();
  }
  const stored = [...WireMessage.ofFile(node, 'the node').fields()]
    .filter(({ number }) => number !== NODE.input && number !== NODE.output)
    .map(({ offset, end }) => node.subarray(offset, end));
  return joined([writer.finish(), ...stored]);
}

/** Of an operator that the reader made; it uses whole numbers and texts only. */
function attribute(name: string, value: OptionValue): Uint8Array {
  const writer = Writer.create();
  text(writer, ATTRIBUTE.name, name);
  if (typeof value === 'string') {
    text(writer, ATTRIBUTE.s, value);
    varint(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
  } else if (typeof value === 'object') {
    for (const entry of value) writer.uint32(tag(ATTRIBUTE.ints, WIRE.varint)).int64(entry);
    varint(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
  } else {
    writer.uint32(tag(ATTRIBUTE.i, WIRE.varint)).int64(Number(value));
    varint(writer, ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  }
  return writer.finish();
}

function constant(name: string, operand: ConstantOperand): Uint8Array {
  const writer = Writer.create();
  for (const size of operand.shape) writer.uint32(tag(TENSOR.dims, WIRE.varint)).int64(size);
  varint(writer, TENSOR.dataType, elementTypeCode(operand.dtype));
  text(writer, TENSOR.name, name);
  bytes(writer, TENSOR.rawData, operand.bytes());
  return writer.finish();
}

/** @param dtype null: ONNX Runtime works it out */
function valueInfo(name: string, dtype: DType | null): Uint8Array {
  const writer = Writer.create();
  text(writer, VALUE_INFO.name, name);
  if (dtype === null) return writer.finish();
  writer.uint32(tag(VALUE_INFO.type, WIRE.bytes)).fork();
  writer.uint32(tag(TYPE.tensor, WIRE.bytes)).fork();
  varint(writer, TENSOR_TYPE.elemType, elementTypeCode(dtype));
  writer.ldelim().ldelim();
  return writer.finish();
}

function varint(writer: Writer, field: number, value: number): void {
  writer.uint32(tag(field, WIRE.varint)).int32(value);
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32(tag(field, WIRE.bytes)).string(value);
}

function bytes(writer: Writer, field: number, value: Uint8Array): void {
  writer.uint32(tag(field, WIRE.bytes)).bytes(value);
}

/** In memory of its own, which can be given away: small results of the library share theirs. */
function copied(result: Uint8Array): Uint8Array {
  return result.byteLength === result.buffer.byteLength ? result : new Uint8Array(result);
}
