import type { GraphEdit, ModelEdit } from '../../../model/modelEdit';
import type { Graph } from '../../../model/model';
import { counted, grouped } from '../../../wording';
import { ModelFormatError } from '../../modelFormatError';
import { MODEL, SUBGRAPH } from '../schema';
import { type FlatNode, nodesOf } from './flatNode';

/**
 * Checks what an edit says of its source: that it was made from this file, and that origins refer to what is there.
 * Everything else (operands, shapes, scales) is checked when the written file is read back.
 */
export function checkEdit({ source, graphs }: ModelEdit, root: FlatNode, sourceBytes: number): void {
  const subgraphs = nodesOf(root, MODEL.subgraphs);
  const fits = source.graphs.length === subgraphs.length && source.byteLength === sourceBytes;
  if (!fits || !source.graphs.every((graph, i) => countsFit(graph, subgraphs[i]))) {
    throw failure(
      'OTHER_SOURCE',
      `The edit of ${source.fileName} was made from another file.`,
      'the bytes that its source was read from',
    );
  }
  if (graphs.length !== source.graphs.length) {
    const message = `The edit has ${counted(graphs.length, 'graph')}. The file has ${grouped(source.graphs.length)}.`;
    throw failure('GRAPH_COUNT', message, `${grouped(source.graphs.length)} graphs`);
  }
  graphs.forEach((edit, i) => checkGraphEdit(edit, source.graphs[i], i));
}

function countsFit({ tensors, operators }: Graph, node: FlatNode | undefined): boolean {
  if (node === undefined) return false;
  return (
    nodesOf(node, SUBGRAPH.tensors).length === tensors.length && nodesOf(node, SUBGRAPH.operators).length === operators.length
  );
}

function checkGraphEdit({ graph, tensorOrigins, operatorOrigins }: GraphEdit, source: Graph | undefined, index: number): void {
  if (source === undefined) return;
  for (const [what, parts, origins, before] of [
    ['tensor', graph.tensors, tensorOrigins, source.tensors],
    ['operator', graph.operators, operatorOrigins, source.operators],
  ] as const) {
    if (origins.length !== parts.length) {
      const message = `Graph ${index} of the edit has ${counted(parts.length, what)} and ${counted(origins.length, 'origin')} of them.`;
      throw failure('ORIGIN_COUNT', message, `one origin for each ${what}`);
    }
    const renumbered = parts.findIndex((part, place) => part.index !== place);
    if (renumbered !== -1) {
      const message = `Graph ${index} of the edit: ${what} ${renumbered} has the index ${parts[renumbered]?.index}.`;
      throw failure('INDEX_NOT_PLACE', message, 'each index its place in the list');
    }
    const bad = origins.findIndex((origin) => origin !== null && before[origin] === undefined);
    if (bad !== -1) {
      const message = `Graph ${index} of the edit: ${what} ${bad} would come from ${what} ${origins[bad]}. The file has ${counted(before.length, what)} there.`;
      throw failure('ORIGIN_OUT_OF_RANGE', message, `null, or a ${what} from 0 to ${before.length - 1}`);
    }
  }
}

function failure(code: string, message: string, limit: string): ModelFormatError {
  return new ModelFormatError(code, message, null, limit);
}
