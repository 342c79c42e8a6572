import { FRONT_END_METADATA } from '../../data/dataPlan';
import type { Model, ModelMetadata } from '../../model/model';
import { counted } from '../../wording';
import { ModelFormatError } from '../modelFormatError';
import { WireMessage } from '../onnx/proto/wire';
import { type ConvertedGraph, convertGraph } from './convertGraph';
import { readGraphDef } from './graphDef';

/** Name of the metadata that says for people which features the model's input takes. */
export const FED_METADATA = 'gatescope.input';
/** Name of the metadata that lists operators of the TensorFlow graph which the model does without. */
const NOT_SHOWN_METADATA = 'gatescope.not-shown';

/** Whether these bytes begin as a binary GraphDef: with a node that has a name and an operator. */
export function isGraphDef(bytes: Uint8Array): boolean {
  return beginsAsGraph(WireMessage.ofFile(bytes, 'the file'));
}

function beginsAsGraph(message: WireMessage): boolean {
  try {
    for (const field of message.fields()) {
      if (field.number !== 1) return false;
      const texts = new Map<number, string>();
      const node = message.message(field, 'the first node');
      for (const inner of node.fields()) if (inner.number === 1 || inner.number === 2) texts.set(inner.number, node.text(inner));
      return /^[A-Za-z0-9.][\w./>-]*$/.test(texts.get(1) ?? '') && /^[A-Z_]\w*$/.test(texts.get(2) ?? '');
    }
  } catch (error) {
    if (!(error instanceof ModelFormatError)) throw error;
  }
  return false;
}

/** What a protocol buffer is that holds no frozen graph and no ONNX model; null where it is none that is known. */
export function describeOtherProtobuf(bytes: Uint8Array): string | null {
  try {
    return describeFields(WireMessage.ofFile(bytes, 'the file'));
  } catch (error) {
    if (!(error instanceof ModelFormatError)) throw error;
    return null;
  }
}

function describeFields(file: WireMessage): string | null {
  const numbers = new Set<number>();
  let isTensor = false;
  for (const field of file.fields()) {
    numbers.add(field.number);
    if (field.number !== 2) continue;
    // The data type of a TensorProto; what else is known has bytes there.
    if (field.type === 0) {
      isTensor = true;
      continue;
    }
    if (field.type !== 2) return null;
    const meta = file.message(field, 'the graph');
    if (beginsAsGraph(meta))
      return 'This is a training graph (.meta) without weights: those stand in the checkpoint beside it. Freeze it (freeze_graph), or convert it to .tflite.';
    for (const inner of meta.fields())
      if (inner.number === 2 && inner.type === 2 && beginsAsGraph(meta.message(inner, 'the graph')))
        return 'This is a TensorFlow SavedModel: its weights stand in the folder "variables" beside it. Freeze it to a GraphDef, or convert it to .tflite.';
  }
  const hasValues = TENSOR_VALUES.some((number) => numbers.has(number));
  return isTensor && hasValues && Math.max(...numbers) <= TENSOR_LAST
    ? 'This is a single tensor (an ONNX TensorProto, as in test data), not a model.'
    : null;
}

/** Fields of ONNX's TensorProto that hold values, and its last one. */
const TENSOR_VALUES = [4, 5, 6, 7, 9, 10, 11] as const;
const TENSOR_LAST = 16;

/**
 * Reads a frozen TensorFlow 1 graph (a binary GraphDef) as a float model of TensorFlow Lite operators. Names stay the graph's own.
 * Audio operators at its beginning are left out: what they would give is the input, and metadata say what that is.
 * @throws ModelFormatError where the file is damaged, or what it computes has no such operators
 */
export function readTf1(bytes: Uint8Array, fileName: string): Model {
  const source = readGraphDef(bytes);
  const converted = convertGraph(source);
  return {
    format: 'tf1',
    formatVersion: source.producer,
    fileName,
    byteLength: bytes.length,
    description: describe(source.nodes.length, converted),
    metadata: metadataOf(converted),
    graphs: [converted.graph],
    signatures: [],
  };
}

/** Operators in one text. */
const MOST_LISTED = 10;

function listNotShown({ notShown }: ConvertedGraph): string | null {
  if (notShown.length === 0) return null;
  const some = notShown.slice(0, MOST_LISTED).map(({ op, count }) => (count === 1 ? op : `${op} (${count} times)`));
  const more = notShown.length - some.length;
  return more === 0 ? some.join(', ') : `${some.join(', ')} and ${more} more`;
}

function describe(nodes: number, converted: ConvertedGraph): string {
  const notShown = listNotShown(converted);
  const graph = `A TensorFlow graph of ${counted(nodes, 'node')}, as TensorFlow Lite operators.`;
  const left = converted.left.map(({ name, reason }) => ` Its result ${name} is left out: ${reason}.`).slice(0, MOST_LISTED);
  return `${notShown === null ? graph : `${graph} Not shown: ${notShown}.`}${left.join('')}`;
}

function metadataOf(converted: ConvertedGraph): ModelMetadata[] {
  const { frontEnd } = converted;
  const texts: (readonly [string, string | null])[] = [
    [FED_METADATA, frontEnd?.text ?? null],
    [FRONT_END_METADATA, frontEnd?.settings ?? null],
    [NOT_SHOWN_METADATA, listNotShown(converted)],
  ];
  return texts.flatMap(([name, text]) => (text === null ? [] : [{ name, byteLength: text.length, text }]));
}
