import type { GraphDraft, Scope } from './graphDraft';

/** Values of the graph around that graphs inside an operator read: their indices there, by name. */
export type Captured = Map<string, number>;

/**
 * Finds values of the graph around an operator for a graph inside it. They are captured: constants are shared, others become
 * further inputs of the graph inside, and all of them further inputs of the operator.
 */
export function captureFrom(
  outer: GraphDraft,
  scope: Scope,
  captured: Captured,
): (draft: GraphDraft, name: string) => number | null {
  const indices = new Map<string, number>();
  return (draft, name) => {
    const known = indices.get(name);
    if (known !== undefined) return known;
    const from = scope.find(name);
    const tensor = from === null ? undefined : outer.tensors[from];
    if (from === null || tensor === undefined) return from;
    const index = draft.add(name, tensor.dtype, tensor.hasRank ? tensor.shapeSignature : null, null);
    if (tensor.data !== null) draft.fill(index, tensor.data, tensor.buffer);
    else draft.inputs.push(index);
    captured.set(name, from);
    indices.set(name, index);
    return index;
  };
}
