import type { Graph, Model, Signature, SignatureTensor } from './model';
import type { GraphEdit, ModelEdit } from './modelEdit';

/** Metadata is shown as text up to here; see ModelMetadata. */
const MOST_SHOWN_TEXT = 256;

/** The model that an edit makes, without a file: the bytes of its constants are its length. */
export function modelOfEdit({ source, graphs: edits, metadata }: ModelEdit, fileName: string): Model {
  const graphs = withBuffers(edits.map(({ graph }) => graph));
  const added = metadata.map(({ name, text }) => ({
    ...{ name, byteLength: new TextEncoder().encode(text).length },
    text: text.length <= MOST_SHOWN_TEXT ? text : null,
  }));
  return {
    ...source,
    fileName,
    byteLength: constantBytes(graphs),
    graphs,
    metadata: [...source.metadata.filter(({ name }) => !added.some((entry) => entry.name === name)), ...added],
    signatures: source.signatures.map((signature) => renumbered(signature, edits[signature.graph])),
  };
}

/** Buffers numbered anew: one for each array of bytes, 0 for none. */
function withBuffers(graphs: readonly Graph[]): Graph[] {
  const buffers = new Map<Uint8Array, number>();
  const bufferOf = (data: Uint8Array | null) => {
    if (data === null) return 0;
    const known = buffers.get(data) ?? buffers.size + 1;
    buffers.set(data, known);
    return known;
  };
  return graphs.map((graph) => ({
    ...graph,
    tensors: graph.tensors.map((tensor) => ({ ...tensor, buffer: bufferOf(tensor.data) })),
  }));
}

/** Tensors that are gone are left out. */
function renumbered(signature: Signature, edit: GraphEdit | undefined): Signature {
  const places = new Map(edit?.tensorOrigins.map((origin, place) => [origin, place]));
  const placed = (entries: readonly SignatureTensor[]) =>
    entries.flatMap(({ name, tensor }) => {
      const place = places.get(tensor);
      return place === undefined ? [] : [{ name, tensor: place }];
    });
  return { ...signature, inputs: placed(signature.inputs), outputs: placed(signature.outputs) };
}

/** Bytes of all constants, shared ones once. */
export function constantBytes(graphs: Model['graphs']): number {
  const seen = new Set<Uint8Array>();
  for (const { tensors } of graphs) for (const { data } of tensors) if (data !== null) seen.add(data);
  return [...seen].reduce((sum, { length }) => sum + length, 0);
}
