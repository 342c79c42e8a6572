import type { Signature } from '../../../model/model';
import type { GraphEdit, ModelEdit } from '../../../model/modelEdit';
import { ModelFormatError } from '../../modelFormatError';
import { MODEL, SIGNATURE, TENSOR_MAP } from '../schema';
import { type FlatNode, nodesOf, withValues } from './flatNode';
import { numberOf, scalarValue, tablesValue } from './flatValues';

/**
 * The file's signatures, with each tensor where it is now: the one that was made from it, and of several the one that is an
 * input (or output) of the graph.
 * @throws ModelFormatError when a signature's tensor is gone, or no input (output) of the graph any more
 */
export function editSignatures(root: FlatNode, { source, graphs }: ModelEdit): readonly FlatNode[] {
  return nodesOf(root, MODEL.signature_defs).map((node, i) => {
    const signature = source.signatures[i];
    const edit = graphs[signature?.graph ?? -1];
    if (signature === undefined || edit === undefined) return node;
    return (['inputs', 'outputs'] as const).reduce((edited, side) => {
      const before = source.graphs[signature.graph]?.[side] ?? [];
      return withSide(edited, side, signature, edit, before);
    }, node);
  });
}

function withSide(
  node: FlatNode,
  side: 'inputs' | 'outputs',
  signature: Signature,
  edit: GraphEdit,
  before: readonly number[],
): FlatNode {
  const maps = nodesOf(node, SIGNATURE[side]);
  const field = TENSOR_MAP.tensor_index;
  const edited = maps.map((map, i) => {
    const tensor = numberOf(map.values.get(field.id), field, 0);
    const place = placeNow(
      tensor,
      side,
      edit,
      before,
      () => `"${signature[side][i]?.name ?? ''}" of the signature "${signature.key}"`,
    );
    return place === tensor ? map : withValues(map, [[field.id, scalarValue(field, place, () => 'A tensor')]]);
  });
  return edited.every((map, i) => map === maps[i]) ? node : withValues(node, [[SIGNATURE[side].id, tablesValue(edited)]]);
}

function placeNow(
  tensor: number,
  side: 'inputs' | 'outputs',
  { graph, tensorOrigins }: GraphEdit,
  before: readonly number[],
  label: () => string,
): number {
  const places = tensorOrigins.flatMap((origin, place) => (origin === tensor ? [place] : []));
  const outer = places.find((place) => graph[side].includes(place));
  const [first] = places;
  if (first === undefined) {
    const message = `The ${side.slice(0, -1)} ${label()} was tensor ${tensor}, which the edited graph ${graph.index} does not have.`;
    throw new ModelFormatError('SIGNATURE_TENSOR_GONE', message, null, 'a tensor that was made from it');
  }
  if (outer === undefined && before.includes(tensor)) {
    const message = `The ${side.slice(0, -1)} ${label()} would be tensor ${first}, which is not among the ${side} of graph ${graph.index} any more.`;
    throw new ModelFormatError('SIGNATURE_TENSOR_INSIDE', message, null, `one of the graph's ${side}`);
  }
  return outer ?? first;
}
