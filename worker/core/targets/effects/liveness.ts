import { countedShape } from '../../model/operands';
import { BITS_PER_ELEMENT } from '../../model/dtype';
import type { Graph, Model, Tensor } from '../../model/model';
import { elementCount, isConstant, tensorAt } from '../operands';
import type { Peak } from './effects';

/** Bytes of a value, with 1 on open axes. A shape whose product is out of all bounds counts as the largest safe integer. */
export function countedBytes(tensor: Tensor): number {
  const bytes = Math.ceil((elementCount(countedShape(tensor)) * BITS_PER_ELEMENT[tensor.dtype]) / 8);
  return bytes >= 0 ? Math.min(bytes, Number.MAX_SAFE_INTEGER) : 0;
}

export function isComputed(tensor: Tensor): boolean {
  return tensor.isVariable || !isConstant(tensor);
}

interface Life {
  readonly tensor: Tensor;
  /** Positions of the first and last operator at which the value must be there. */
  readonly from: number;
  readonly to: number;
}

/**
 * Life of every computed value, by position of operators in file order: from the operator that writes it to the last one that
 * reads it. Graph inputs live from the first operator on, graph outputs to the last, variables throughout.
 */
function livesOf(graph: Graph): readonly Life[] {
  const last = graph.operators.length - 1;
  const from = new Map<number, number>(graph.inputs.map((index) => [index, 0]));
  const to = new Map<number, number>(graph.outputs.map((index) => [index, last]));
  graph.operators.forEach((operator, position) => {
    for (const index of operator.inputs) {
      if (!from.has(index)) from.set(index, 0);
      to.set(index, Math.max(to.get(index) ?? 0, position));
    }
    for (const index of operator.outputs) {
      if (!from.has(index)) from.set(index, position);
      to.set(index, Math.max(to.get(index) ?? 0, position));
    }
  });
  return [...from].flatMap(([index, start]): readonly Life[] => {
    const tensor = tensorAt(graph, index);
    if (tensor === null || !isComputed(tensor)) return [];
    return [tensor.isVariable ? { tensor, from: 0, to: last } : { tensor, from: start, to: to.get(index) ?? last }];
  });
}

const known = new WeakMap<Graph, readonly Life[]>();

/**
 * Largest sum of the bytes of values that are alive at one operator, over all graphs, each on its own. No operator works in
 * place, kernels need no scratch memory, and values are packed without gaps: an allocator needs at least this much, unless
 * it shares a buffer between an operator's input and output.
 * @param counts which operators' moments and which values count; all by default
 */
export function peakOf(
  model: Model,
  counts?: (subgraph: number) => { readonly ops: ReadonlySet<number>; readonly tensors: ReadonlySet<number> },
): Peak {
  let peak: Peak = { bytes: 0, subgraph: null, op: null };
  for (const graph of model.graphs) {
    const lives = known.get(graph) ?? livesOf(graph);
    known.set(graph, lives);
    const counted = counts?.(graph.index);
    const change = new Float64Array(graph.operators.length + 1);
    for (const { tensor, from, to } of lives) {
      if (counted !== undefined && !counted.tensors.has(tensor.index)) continue;
      const bytes = countedBytes(tensor);
      change[from] = (change[from] ?? 0) + bytes;
      change[to + 1] = (change[to + 1] ?? 0) - bytes;
    }
    let alive = 0;
    for (const [position, operator] of graph.operators.entries()) {
      alive += change[position] ?? 0;
      if (alive > peak.bytes && counted?.ops.has(operator.index) !== false) {
        peak = { bytes: alive, subgraph: graph.index, op: operator.index };
      }
    }
  }
  return peak;
}
