import type { ModelOverview } from '../../../worker/core/report/overview';
import { inputKey, opId } from '../../derived';
import type { OpKey } from '../../viewState';

/** An operator, or an input or output of the graph, as a node. */
export interface GraphNode extends OpKey {
  readonly kind: 'op' | 'input' | 'output';
  /** As the layer table has it; outputs have one of their own. */
  readonly id: string;
  /** Operator name, or the tensor's. */
  readonly name: string;
  /** Of the (first) output tensor: where scopes are read from. */
  readonly tensorName: string;
}

export interface GraphEdge {
  /** Places among the nodes. */
  readonly from: number;
  readonly to: number;
  /** Tensor index. */
  readonly tensor: number;
}

export interface OpGraph {
  readonly subgraph: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** One graph of the model: inputs, operators in file order, outputs; an edge for each use of a computed tensor. */
export function opGraph(overview: ModelOverview, subgraph: number): OpGraph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const makers = new Map<number, number>();
  const isMain = subgraph === 0;
  overview.inputs.forEach(({ index, name }, at) => {
    if (!isMain) return;
    const key = inputKey(subgraph, at);
    makers.set(index, nodes.length);
    nodes.push({ ...key, kind: 'input', id: opId(key), name, tensorName: name });
  });
  const ops = overview.ops.filter((op) => op.subgraph === subgraph);
  for (const op of ops) {
    for (const tensor of op.outputs) makers.set(tensor, nodes.length);
    nodes.push({ subgraph, index: op.index, kind: 'op', id: opId(op), name: op.op, tensorName: op.name });
  }
  const connect = (tensor: number, to: number): void => {
    const from = makers.get(tensor);
    if (from !== undefined && from !== to) edges.push({ from, to, tensor });
  };
  const first = nodes.length - ops.length;
  ops.forEach((op, at) => {
    for (const tensor of op.inputs) connect(tensor, first + at);
  });
  overview.outputs.forEach(({ index, name }, at) => {
    const maker = isMain ? nodes[makers.get(index) ?? -1] : undefined;
    if (!maker) return;
    connect(index, nodes.length);
    nodes.push({ subgraph, index: maker.index, kind: 'output', id: `output-${at}`, name, tensorName: name });
  });
  return { subgraph, nodes, edges };
}
