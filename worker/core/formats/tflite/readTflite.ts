import type { Graph, Model, ModelMetadata, Signature } from '../../model/model';
import { ModelFormatError } from '../modelFormatError';
import { checkGraph, checkSignature } from './checkGraph';
import { type FlatTable, rootTable } from './flatTable';
import { type FileBuffer, readBuffer } from './readBuffers';
import { type OperatorCode, readOperator, readOperatorCode } from './readOperator';
import { readTensor } from './readTensor';
import { MODEL, type SIGNATURE, type SUBGRAPH, type TENSOR_MAP } from './schema';
import { counted, grouped } from '../../wording';

const IDENTIFIER = 'TFL3';
const SUPPORTED_VERSION = 3;
/** Root offset and identifier. */
const HEADER_BYTES = 8;
const MAX_METADATA_TEXT = 256;

/** Whether these bytes carry the identifier of a TensorFlow Lite file. */
export function isTflite(bytes: Uint8Array): boolean {
  return identifierOf(bytes) === IDENTIFIER;
}

/**
 * Reads a TensorFlow Lite file. Constants are views into `bytes`; weights are not looked at.
 * @throws ModelFormatError where the file is damaged, or not consistent in itself
 */
export function readTflite(bytes: Uint8Array, fileName: string): Model {
  checkHeader(bytes);
  const root = rootTable(bytes, MODEL, 'model');
  const formatVersion = root.number('version');
  if (formatVersion !== SUPPORTED_VERSION) {
    const message = `The file has schema version ${grouped(formatVersion)}. Only version ${SUPPORTED_VERSION} is in use and can be read.`;
    throw new ModelFormatError('SCHEMA_VERSION', message, root.offsetOf('version'), `version ${SUPPORTED_VERSION}`);
  }
  const buffers = root.tables('buffers').map((table) => readBuffer(table, bytes));
  const codes = root.tables('operator_codes').map(readOperatorCode);
  const subgraphs = root.tables('subgraphs');
  if (subgraphs.length === 0) {
    throw new ModelFormatError(
      'NO_SUBGRAPHS',
      'The file holds no graph at all.',
      root.offsetOf('subgraphs'),
      'at least 1 subgraph',
    );
  }
  const graphs = subgraphs.map((table, index) => readGraph(table, index, codes, buffers, bytes));
  return {
    format: 'tflite',
    formatVersion,
    fileName,
    byteLength: bytes.length,
    description: root.text('description'),
    metadata: root.tables('metadata').map((table, index) => {
      const buffer = buffers[table.number('buffer')];
      if (buffer === undefined) {
        const message = `Metadata ${index} refers to buffer ${grouped(table.number('buffer'))}. The file has ${counted(buffers.length, 'buffer')}.`;
        const limit = `buffer index below ${grouped(buffers.length)}`;
        throw new ModelFormatError('BUFFER_INDEX_OUT_OF_RANGE', message, table.offsetOf('buffer'), limit);
      }
      return metadataOf(table.text('name'), buffer.data ?? new Uint8Array(0));
    }),
    graphs,
    signatures: root.tables('signature_defs').map((table) => readSignature(table, graphs)),
    unusedBuffers: unusedBuffers(root, graphs, buffers),
  };
}

function unusedBuffers(
  root: FlatTable<typeof MODEL>,
  graphs: readonly Graph[],
  buffers: readonly FileBuffer[],
): { readonly count: number; readonly bytes: number } {
  const used = new Set([
    ...root.tables('metadata').map((table) => table.number('buffer')),
    ...root.numbers('metadata_buffer'),
    ...graphs.flatMap(({ tensors }) => tensors.map(({ buffer }) => buffer)),
  ]);
  const sizes = buffers.flatMap(({ data }, index) =>
    data === null || data.length === 0 || used.has(index) ? [] : [data.length],
  );
  return { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function identifierOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(4, HEADER_BYTES));
}

function checkHeader(bytes: Uint8Array): void {
  if (bytes.length < HEADER_BYTES) {
    const message = `The file has ${counted(bytes.length, 'byte')}: too short for a TensorFlow Lite model.`;
    throw new ModelFormatError('FILE_TRUNCATED', message, null, `at least ${HEADER_BYTES} bytes`);
  }
  const identifier = identifierOf(bytes);
  if (identifier !== IDENTIFIER) {
    const found = /^[\x20-\x7e]{4}$/.test(identifier) ? `"${identifier}"` : 'other bytes';
    const message = `This is no TensorFlow Lite model: it has ${found} where the identifier "${IDENTIFIER}" belongs.`;
    throw new ModelFormatError('WRONG_IDENTIFIER', message, 4, `"${IDENTIFIER}" at byte 4`);
  }
}

function readGraph(
  table: FlatTable<typeof SUBGRAPH>,
  index: number,
  codes: readonly OperatorCode[],
  buffers: readonly FileBuffer[],
  file: Uint8Array,
): Graph {
  const operatorTables = table.tables('operators');
  const graph: Graph = {
    index,
    name: table.text('name'),
    tensors: table.tables('tensors').map((tensor, i) => readTensor(tensor, i, buffers)),
    operators: operatorTables.map((operator, i) => readOperator(operator, i, codes, file)),
    inputs: table.numbers('inputs'),
    outputs: table.numbers('outputs'),
  };
  checkGraph(graph, table, operatorTables);
  return graph;
}

function readSignature(table: FlatTable<typeof SIGNATURE>, graphs: readonly Graph[]): Signature {
  const inputTables = table.tables('inputs');
  const outputTables = table.tables('outputs');
  const signature: Signature = {
    key: table.text('signature_key'),
    graph: table.number('subgraph_index'),
    inputs: inputTables.map(readSignatureTensor),
    outputs: outputTables.map(readSignatureTensor),
  };
  checkSignature(signature, graphs, table, [...inputTables, ...outputTables]);
  return signature;
}

function readSignatureTensor(table: FlatTable<typeof TENSOR_MAP>): { name: string; tensor: number } {
  return { name: table.text('name'), tensor: table.number('tensor_index') };
}

function metadataOf(name: string, data: Uint8Array): ModelMetadata {
  const decoded = data.length <= MAX_METADATA_TEXT ? new TextDecoder().decode(data) : '';
  // Writers fill short values up with zero bytes.
  const end = decoded.indexOf('\0');
  const text = end === -1 ? decoded : decoded.slice(0, end);
  return { name, byteLength: data.length, text: /^[\x20-\x7e\n\r\t]+$/.test(text) ? text : null };
}
