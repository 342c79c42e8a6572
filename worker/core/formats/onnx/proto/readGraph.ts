import type { DType } from '../../../model/dtype';
import { ModelFormatError } from '../../modelFormatError';
import type { ExternalData } from '../externalData';
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIMENSION,
  ELEMENT_TYPES,
  GRAPH,
  NODE,
  SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
} from '../schema';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './messages';
import { readTensor } from './readTensor';
import type { WireField, WireMessage } from './wire';

/** The usual decoders give up at 100 nested messages: 32 graphs, each in an attribute of a node of the one around it. */
const MAX_GRAPH_DEPTH = 32;
const MAX_RANK = 64;
const NO_ATTRIBUTES: ReadonlyMap<string, OnnxAttribute> = new Map();

/** @param depth graphs around this one */
export function readGraph(message: WireMessage, external: ExternalData, depth = 0): OnnxGraph {
  if (depth > MAX_GRAPH_DEPTH) {
    const problem = `Graphs are nested more than ${MAX_GRAPH_DEPTH} deep.`;
    throw new ModelFormatError('NESTED_TOO_DEEP', problem, message.start, `at most ${MAX_GRAPH_DEPTH} graphs inside each other`);
  }
  let name = '';
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const lists = { inputs: [] as OnnxValue[], outputs: [] as OnnxValue[], values: [] as OnnxValue[] };
  for (const field of message.fields()) {
    switch (field.number) {
      case GRAPH.node:
        nodes.push(readNode(message.message(field, `node ${nodes.length}`), external, depth));
        break;
      case GRAPH.name:
        name = message.text(field);
        break;
      case GRAPH.initializer:
        initializers.push(readTensor(message.message(field, `constant ${initializers.length}`), external));
        break;
      case GRAPH.sparseInitializer: {
        const problem = 'The model has constants stored as sparse tensors, which cannot be read.';
        throw new ModelFormatError('SPARSE_CONSTANT', problem, field.offset, 'dense constants');
      }
      case GRAPH.input:
        lists.inputs.push(readValue(message.message(field, `input ${lists.inputs.length}`)));
        break;
      case GRAPH.output:
        lists.outputs.push(readValue(message.message(field, `output ${lists.outputs.length}`)));
        break;
      case GRAPH.valueInfo:
        lists.values.push(readValue(message.message(field, `value ${lists.values.length}`)));
        break;
    }
  }
  return { name, nodes, initializers, ...lists, offset: message.start };
}

/** @param depth graphs around the one that the node is in */
export function readNode(message: WireMessage, external: ExternalData, depth: number): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const texts = { name: '', opType: '', domain: '', overload: '' };
  let attributes: Map<string, OnnxAttribute> | null = null;
  for (const field of message.fields()) {
    switch (field.number) {
      case NODE.input:
        inputs.push(message.text(field));
        break;
      case NODE.output:
        outputs.push(message.text(field));
        break;
      case NODE.name:
        texts.name = message.text(field);
        break;
      case NODE.opType:
        texts.opType = message.text(field);
        break;
      case NODE.domain:
        texts.domain = message.text(field);
        break;
      case NODE.overload:
        texts.overload = message.text(field);
        break;
      case NODE.attribute: {
        const [name, value] = readAttribute(message.message(field, `an attribute of ${message.what}`), external, depth);
        attributes ??= new Map();
        attributes.set(name, value);
        break;
      }
    }
  }
  if (texts.opType === '') {
    throw new ModelFormatError('NO_OPERATOR', `In ${message.what} no operator is named.`, message.start, 'an op_type');
  }
  const domain = texts.domain === 'ai.onnx' ? '' : texts.domain;
  return {
    inputs,
    outputs,
    ...texts,
    domain,
    attributes: attributes ?? NO_ATTRIBUTES,
    bytes: message.bytes,
    offset: message.start,
  };
}

export function readAttribute(
  message: WireMessage,
  external: ExternalData,
  depth: number,
): readonly [name: string, value: OnnxAttribute] {
  let name = '';
  let reference = '';
  let value: OnnxAttribute | null = null;
  let type = 0;
  const numbers: number[] = [];
  const texts: string[] = [];
  for (const field of message.fields()) {
    switch (field.number) {
      case ATTRIBUTE.name:
        name = message.text(field);
        break;
      case ATTRIBUTE.refAttrName:
        reference = message.text(field);
        break;
      case ATTRIBUTE.type:
        type = message.integer(field);
        break;
      case ATTRIBUTE.f:
        value = { kind: 'number', value: message.float(field) };
        break;
      case ATTRIBUTE.i:
        value = { kind: 'number', value: message.integer(field) };
        break;
      case ATTRIBUTE.s:
        value = { kind: 'text', value: message.text(field) };
        break;
      case ATTRIBUTE.t:
        value = { kind: 'tensor', value: readTensor(message.message(field, `a constant in ${message.what}`), external) };
        break;
      case ATTRIBUTE.g:
        value = { kind: 'graph', value: readGraph(message.message(field, `a graph in ${message.what}`), external, depth + 1) };
        break;
      case ATTRIBUTE.floats:
        pushFloats(message, field, numbers);
        value = { kind: 'numbers', value: numbers };
        break;
      case ATTRIBUTE.ints:
        message.integers(field, numbers);
        value = { kind: 'numbers', value: numbers };
        break;
      case ATTRIBUTE.strings:
        texts.push(message.text(field));
        value = { kind: 'texts', value: texts };
        break;
      case ATTRIBUTE.tensors:
        value = { kind: 'other', value: 'tensors' };
        break;
      case ATTRIBUTE.graphs:
        value = { kind: 'other', value: 'graphs' };
        break;
      case ATTRIBUTE.sparseTensor:
      case ATTRIBUTE.sparseTensors:
        value = { kind: 'other', value: 'sparse tensor' };
        break;
      case ATTRIBUTE.tp:
      case ATTRIBUTE.typeProtos:
        value = { kind: 'other', value: 'type' };
        break;
    }
  }
  if (reference !== '') return [name, { kind: 'reference', value: reference }];
  return [name, value ?? emptyAttribute(type)];
}

/** Empty lists leave no trace but their type, and some writers leave zeros out too. */
function emptyAttribute(type: number): OnnxAttribute {
  switch (type) {
    case ATTRIBUTE_TYPE.float:
    case ATTRIBUTE_TYPE.int:
      return { kind: 'number', value: 0 };
    case ATTRIBUTE_TYPE.string:
      return { kind: 'text', value: '' };
    case ATTRIBUTE_TYPE.strings:
      return { kind: 'texts', value: [] };
    default:
      return { kind: 'numbers', value: [] };
  }
}

function pushFloats(message: WireMessage, field: WireField, into: number[]): void {
  const bytes = message.fixedBytes(field, 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += 4) into.push(view.getFloat32(at, true));
}

export function readValue(message: WireMessage): OnnxValue {
  let name = '';
  let type: Pick<OnnxValue, 'container' | 'dtype' | 'shape'> = { container: null, dtype: 'unknown', shape: null };
  for (const field of message.fields()) {
    if (field.number === VALUE_INFO.name) name = message.text(field);
    if (field.number === VALUE_INFO.type) type = readType(message.message(field, `the type of ${name || message.what}`));
  }
  return { name, ...type, offset: message.start };
}

const CONTAINERS: Readonly<Record<number, string>> = {
  [TYPE.sequence]: 'sequence',
  [TYPE.map]: 'map',
  [TYPE.opaque]: 'opaque',
  [TYPE.sparseTensor]: 'sparse tensor',
  [TYPE.optional]: 'optional',
};

function readType(message: WireMessage): Pick<OnnxValue, 'container' | 'dtype' | 'shape'> {
  for (const field of message.fields()) {
    if (field.number === TYPE.tensor) return { container: null, ...readTensorType(message.message(field, message.what)) };
    const container = CONTAINERS[field.number];
    if (container !== undefined) return { container, dtype: 'unknown', shape: null };
  }
  return { container: null, dtype: 'unknown', shape: null };
}

function readTensorType(message: WireMessage): { dtype: DType; shape: readonly number[] | null } {
  let dtype: DType = 'unknown';
  let shape: number[] | null = null;
  for (const field of message.fields()) {
    if (field.number === TENSOR_TYPE.elemType) dtype = ELEMENT_TYPES[message.integer(field)] ?? 'unknown';
    if (field.number === TENSOR_TYPE.shape) shape = readShape(message.message(field, message.what));
  }
  return { dtype, shape };
}

/** Sizes, -1 where a dimension has a name or nothing at all; some writers say "open" by a size of -1. */
function readShape(message: WireMessage): number[] {
  const shape: number[] = [];
  for (const field of message.fields()) {
    if (field.number !== SHAPE.dim) continue;
    const dimension = message.message(field, message.what);
    let size = -1;
    for (const part of dimension.fields()) if (part.number === DIMENSION.value) size = dimension.integer(part);
    if (size < -1 || size > Number.MAX_SAFE_INTEGER) {
      const problem = `A size in ${message.what} is ${size}.`;
      throw new ModelFormatError('NEGATIVE_DIMENSION', problem, dimension.start, 'sizes of 0 or more');
    }
    shape.push(size);
    if (shape.length > MAX_RANK) {
      const problem = `There are more than ${MAX_RANK} dimensions in ${message.what}.`;
      throw new ModelFormatError('RANK_TOO_HIGH', problem, dimension.start, `at most ${MAX_RANK} dimensions`);
    }
  }
  return shape;
}
