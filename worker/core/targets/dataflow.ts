import type { Graph, Operator } from '../model/model';

interface Dataflow {
  readonly producers: ReadonlyMap<number, Operator>;
  readonly readers: ReadonlyMap<number, Operator>;
  readonly inputs: ReadonlySet<number>;
}

/** Built once per graph: rules ask for every operator, and a search each time would take the square of their number. */
const known = new WeakMap<Graph, Dataflow>();

function dataflowOf(graph: Graph): Dataflow {
  const found = known.get(graph);
  if (found !== undefined) return found;
  const producers = new Map<number, Operator>();
  const readers = new Map<number, Operator>();
  for (const operator of graph.operators) {
    for (const index of operator.outputs) if (!producers.has(index)) producers.set(index, operator);
    for (const index of operator.inputs) if (!readers.has(index)) readers.set(index, operator);
  }
  const dataflow = { producers, readers, inputs: new Set(graph.inputs) };
  known.set(graph, dataflow);
  return dataflow;
}

/** The operator that writes a tensor; the first where several do. */
export function producerOf(graph: Graph, tensor: number): Operator | undefined {
  return dataflowOf(graph).producers.get(tensor);
}

/** Whether the graph's caller writes the tensor. */
export function isGraphInput(graph: Graph, tensor: number): boolean {
  return dataflowOf(graph).inputs.has(tensor);
}

/** The first operator that reads a tensor. */
export function firstReaderOf(graph: Graph, tensor: number): Operator | undefined {
  return dataflowOf(graph).readers.get(tensor);
}
