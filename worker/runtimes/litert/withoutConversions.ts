import type { Graph } from '../../core/model/model';
import type { Path } from '../../core/run/graphRunner';
import { runtimeDtype } from '../../core/run/runtimeDtype';

/**
 * A graph without the QUANTIZE and DEQUANTIZE operators whose two sides are reals on the path: what reads their output reads their
 * input instead.
 */
export function withoutConversions(graph: Graph, path: Path): Graph {
  const instead = new Map<number, number>();
  const resolve = (index: number) => instead.get(index) ?? index;
  const operators = graph.operators.filter(({ name, inputs: [from], outputs: [to] }) => {
    if (name !== 'QUANTIZE' && name !== 'DEQUANTIZE') return true;
    if (from === undefined || to === undefined) return true;
    const sides = [graph.tensors[from], graph.tensors[to]];
    if (!sides.every((tensor) => tensor !== undefined && runtimeDtype(tensor, path) === 'float32')) return true;
    instead.set(to, resolve(from));
    return false;
  });
  if (instead.size === 0) return graph;
  return {
    ...graph,
    operators: operators.map((operator) => ({ ...operator, inputs: operator.inputs.map(resolve) })),
    outputs: graph.outputs.map(resolve),
  };
}
