import type { Model } from '../../../worker/core/model/model';
import type { GraphEdit, ModelEdit } from '../../../worker/core/model/modelEdit';

/** The edit that changes nothing; `changes` puts other parts in its place. */
export function identityEdit(source: Model, changes: Partial<ModelEdit> = {}): ModelEdit {
  return { source, graphs: source.graphs.map((_, index) => graphEdit(source, index)), metadata: [], ...changes };
}

/** A graph as it is; `changes` puts other parts in its place. */
export function graphEdit(source: Model, index = 0, changes: Partial<GraphEdit['graph']> = {}): GraphEdit {
  const graph = source.graphs[index];
  if (graph === undefined) throw new Error(`no graph ${index}`);
  return {
    graph: { ...graph, ...changes },
    tensorOrigins: graph.tensors.map((tensor) => tensor.index),
    operatorOrigins: graph.operators.map((operator) => operator.index),
  };
}
