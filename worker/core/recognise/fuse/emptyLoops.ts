import type { Model } from '../../model/model';
import type { GraphEdit } from '../../model/modelEdit';

/**
 * Empties graphs that nothing calls any more: conditions and bodies of loops that were fused. A file's graphs keep their numbers, and
 * runtimes prepare each of them, so an operator left in one would have to be there for nothing.
 */
export function emptyLoops(model: Model, graphs: readonly GraphEdit[]): GraphEdit[] {
  const before = calledGraphs(model.graphs);
  const after = calledGraphs(graphs.map(({ graph }) => graph));
  const entries = new Set([0, ...model.signatures.map(({ graph }) => graph)]);
  return graphs.map((edit, index) => {
    if (!before.has(index) || after.has(index) || entries.has(index)) return edit;
    const graph = { ...edit.graph, tensors: [], operators: [], inputs: [], outputs: [] };
    return { graph, tensorOrigins: [], operatorOrigins: [] };
  });
}

/** Graphs that some operator names. */
function calledGraphs(graphs: Model['graphs']): ReadonlySet<number> {
  const called = new Set<number>();
  for (const { operators } of graphs) {
    for (const { options } of operators) {
      for (const [option, value] of Object.entries(options)) {
        if (typeof value === 'number' && /subgraph(_index)?$/.test(option)) called.add(value);
      }
    }
  }
  return called;
}
