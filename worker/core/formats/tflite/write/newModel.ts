import type { Graph } from '../../../model/model';
import type { ModelEdit } from '../../../model/modelEdit';
import { MODEL } from '../schema';
import { editModel } from './editModel';
import { EMPTY_NODE, type FlatNode, withValues } from './flatNode';
import { scalarValue, tablesValue } from './flatValues';
import { writeNodes } from './writeNodes';

const VERSION = 3;

/**
 * A TensorFlow Lite file of these graphs alone. Tensors, operators and graphs refer to each other by their places in the lists.
 * The result is not read back: graphs must be consistent.
 * @param metadata entries of text, of names that differ
 * @throws ModelFormatError where something cannot be written (see `editTensor`, `editOperator`)
 */
export function writeNewModel(graphs: readonly Graph[], metadata: ModelEdit['metadata'] = []): Uint8Array {
  const root = withValues(EMPTY_NODE, [
    [MODEL.version.id, scalarValue(MODEL.version, VERSION, () => 'The version')],
    [MODEL.subgraphs.id, tablesValue(graphs.map((): FlatNode => ({ values: new Map() })))],
    [MODEL.buffers.id, tablesValue([EMPTY_NODE])],
  ]);
  const empty = graphs.map(({ index }): Graph => ({ index, name: '', tensors: [], operators: [], inputs: [], outputs: [] }));
  const source = {
    format: 'tflite',
    formatVersion: VERSION,
    fileName: '',
    byteLength: 0,
    description: '',
    metadata: [],
    graphs: empty,
    signatures: [],
  } as const;
  const edits = graphs.map((graph) => ({
    graph,
    tensorOrigins: graph.tensors.map(() => null),
    operatorOrigins: graph.operators.map(() => null),
  }));
  return writeNodes(editModel(root, { source, graphs: edits, metadata }, new Set()), 'TFL3', null);
}
