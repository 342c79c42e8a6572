import { grouped } from '../../wording';
import { ModelFormatError } from '../modelFormatError';
import { WireMessage } from '../onnx/proto/wire';
import { Attributes } from './attributes';

/** One node of a TensorFlow graph (tensorflow/core/framework/node_def.proto). */
export interface TfNode {
  /** Position in the file. */
  readonly index: number;
  readonly name: string;
  /** `MatMul`, as spelled in the file. */
  readonly op: string;
  /** What it reads, without the edges that only order the execution. */
  readonly inputs: readonly TfRef[];
  readonly attributes: Attributes;
  /** Where in the file its message begins. */
  readonly offset: number;
}

/** One output of a node. */
export interface TfRef {
  readonly node: TfNode;
  readonly output: number;
}

/** A GraphDef, its nodes connected. */
export interface TfGraph {
  readonly nodes: readonly TfNode[];
  /** Version of the library that wrote the file; 0 where it does not say. */
  readonly producer: number;
}

/** One for every value: what maps and sets go by. */
export function keyOf({ node, output }: TfRef): string {
  return `${node.index}:${output}`;
}

/** The name that TensorFlow itself gives a value: `split:2`; without the number for a node's first. */
export function nameOf({ node, output }: TfRef): string {
  return output === 0 ? node.name : `${node.name}:${output}`;
}

/** Fields of GraphDef, VersionDef and NodeDef. */
const GRAPH = { node: 1, versions: 4 } as const;
const VERSIONS = { producer: 1 } as const;
const NODE = { name: 1, op: 2, input: 3, attribute: 5 } as const;
const ATTRIBUTE_ENTRY = { key: 1, value: 2 } as const;
const MOST_NODES = 200_000;
const MOST_OUTPUT = 65_535;

/**
 * Reads a binary GraphDef. Constants stay where they are in the file.
 * @throws ModelFormatError where the file is damaged, or its nodes do not fit together
 */
export function readGraphDef(bytes: Uint8Array): TfGraph {
  const root = WireMessage.ofFile(bytes, 'the graph');
  const nodes: StoredNode[] = [];
  let producer = 0;
  for (const field of root.fields()) {
    if (field.number === GRAPH.versions) {
      const versions = root.message(field, 'the versions');
      for (const inner of versions.fields()) if (inner.number === VERSIONS.producer) producer = versions.integer(inner);
    }
    if (field.number !== GRAPH.node) continue;
    if (nodes.length === MOST_NODES) {
      const limit = `${grouped(MOST_NODES)} nodes`;
      throw new ModelFormatError('TOO_MANY_NODES', `The graph has more than ${limit}.`, field.offset, limit);
    }
    nodes.push(readNode(root.message(field, `node ${nodes.length}`), nodes.length));
  }
  connect(nodes);
  return { nodes, producer };
}

interface StoredNode extends TfNode {
  readonly inputs: TfRef[];
  readonly stored: readonly string[];
}

function readNode(message: WireMessage, index: number): StoredNode {
  let [name, op] = ['', ''];
  const stored: string[] = [];
  const attributes = new Map<string, WireMessage>();
  for (const field of message.fields()) {
    if (field.number === NODE.name) name = message.text(field);
    else if (field.number === NODE.op) op = message.text(field);
    else if (field.number === NODE.input) stored.push(message.text(field));
    else if (field.number === NODE.attribute) {
      const entry = message.message(field, `an attribute of node ${index}`);
      let key = '';
      let value: WireMessage | null = null;
      for (const inner of entry.fields()) {
        if (inner.number === ATTRIBUTE_ENTRY.key) key = entry.text(inner);
        else if (inner.number === ATTRIBUTE_ENTRY.value) value = entry.message(inner, `attribute ${key} of node ${index}`);
      }
      if (value !== null) attributes.set(key, value);
    }
  }
  if (name === '' || op === '') {
    const message_ = `Node ${index} has no ${name === '' ? 'name' : 'operator'}.`;
    throw new ModelFormatError('NODE_WITHOUT_NAME', message_, message.start, 'a name and an operator');
  }
  return { index, name, op, inputs: [], stored, attributes: new Attributes(name, attributes), offset: message.start };
}

/** Edges are stored by name: `node`, `node:output`, or `^node` for one that carries nothing. */
function connect(nodes: readonly StoredNode[]): void {
  const byName = new Map<string, TfNode>();
  for (const node of nodes) {
    if (byName.has(node.name)) {
      const message = `Two nodes of the graph are called ${node.name}.`;
      throw new ModelFormatError('NODE_NAME_TWICE', message, node.offset, 'names that differ');
    }
    byName.set(node.name, node);
  }
  for (const node of nodes) {
    for (const input of node.stored) {
      if (input.startsWith('^')) continue;
      const [, name = '', number = '0'] = /^(.*?)(?::(\d+))?$/s.exec(input) ?? [];
      const from = byName.get(name);
      const output = Number(number);
      if (from === undefined || output > MOST_OUTPUT) {
        const message = `Node ${node.index}, ${node.name}, reads ${input}, which no node of the graph gives.`;
        throw new ModelFormatError('NODE_MISSING', message, node.offset, 'the name of a node');
      }
      node.inputs.push({ node: from, output });
    }
  }
}
