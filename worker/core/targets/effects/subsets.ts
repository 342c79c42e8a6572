import { producerOf } from '../dataflow';
import type { Graph, Operator } from '../../model/model';
import { tensorAt } from '../operands';

export interface Subset {
  readonly onTarget: boolean;
  /** Operator indices, ascending. */
  readonly ops: readonly number[];
}

/**
 * Splits a graph into groups of operators that run as one, on the target and elsewhere in turn: as many as depend on nothing
 * but earlier groups join each. The first operator that can run says which side begins. Operators that share a resource keep
 * their order. Operators in a cycle are in no group.
 *
 * Follows TensorFlow Lite's partitioning of a graph for delegates (tflite/graph_info.cc, greedy).
 */
export function subsetsOf(graph: Graph, isOnTarget: (operator: Operator) => boolean): readonly Subset[] {
  const sides = graph.operators.map(isOnTarget);
  const { readers, waiting } = dependencies(graph);
  const ready = new Map<boolean, number[]>([
    [true, []],
    [false, []],
  ]);
  const release = (position: number): void => void ready.get(sides[position] ?? false)?.push(position);
  waiting.forEach((count, position) => {
    if (count === 0) release(position);
  });
  const subsets: Subset[] = [];
  const first = waiting.findIndex((count) => count === 0);
  let side = sides[first] ?? false;
  while (ready.get(true)?.length !== 0 || ready.get(false)?.length !== 0) {
    const queue = ready.get(side) ?? [];
    const positions: number[] = [];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      positions.push(next);
      for (const reader of readers[next] ?? []) {
        const left = (waiting[reader] ?? 0) - 1;
        waiting[reader] = left;
        if (left === 0) release(reader);
      }
    }
    const ops = positions.sort((a, b) => a - b).map((position) => graph.operators[position]?.index ?? position);
    if (ops.length > 0) subsets.push({ onTarget: side, ops });
    side = !side;
  }
  return subsets;
}

/** By position in the graph: who waits for an operator, and for how many one waits itself. */
function dependencies(graph: Graph): { readonly readers: readonly number[][]; readonly waiting: number[] } {
  const positions = new Map(graph.operators.map((operator, position) => [operator, position]));
  const readers: number[][] = graph.operators.map(() => []);
  const waiting = graph.operators.map(() => 0);
  const depends = (reader: number, on: number): void => {
    readers[on]?.push(reader);
    waiting[reader] = (waiting[reader] ?? 0) + 1;
  };
  let lastWithResource = -1;
  graph.operators.forEach((operator, position) => {
    const producers = new Set<number>();
    for (const input of operator.inputs) {
      const producer = producerOf(graph, input);
      const on = producer === undefined ? undefined : positions.get(producer);
      if (on !== undefined && on !== position) producers.add(on);
    }
    if (touchesResource(graph, operator)) {
      if (lastWithResource >= 0) producers.add(lastWithResource);
      lastWithResource = position;
    }
    for (const on of producers) depends(position, on);
  });
  return { readers, waiting };
}

function touchesResource(graph: Graph, { name, inputs, outputs }: Operator): boolean {
  return name === 'CALL_ONCE' || [...inputs, ...outputs].some((index) => tensorAt(graph, index)?.dtype === 'resource');
}
