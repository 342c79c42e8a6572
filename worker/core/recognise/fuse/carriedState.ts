import { ABSENT, type Graph, type Model, type Operator } from '../../model/model';
import { prepareGraph } from '../../run/prepareGraph';
import { Dataflow, elements } from '../dataflow';
import type { RecognisedLstm } from '../recognised';
import { inOrder } from './operatorOrder';

/** A state that a caller hands in and gets back, element for element: a graph input and the output to be fed to it. */
export interface CarriedState {
  readonly input: number;
  readonly output: number;
}

const MOVES: ReadonlySet<string> = new Set([
  ...['STRIDED_SLICE', 'SLICE', 'SPLIT', 'UNPACK', 'GATHER', 'RESHAPE', 'SQUEEZE', 'EXPAND_DIMS', 'TRANSPOSE'],
  ...['PACK', 'CONCATENATION'],
]);

/** float32 counts exactly to 2^24. */
const MOST_ELEMENTS = 2 ** 24;

/**
 * The output that gives the states of these cells, whose states all come from `input`, in the places where the input has them;
 * null where there is none. What the graph does with the states is run, on numbered elements, with each new state taken to be the old.
 */
export function carriedState(graph: Graph, lstms: readonly RecognisedLstm[], input: number): CarriedState | null {
  const flow = new Dataflow(graph);
  const shape = flow.shape(input);
  const count = elements(shape);
  if (!graph.inputs.includes(input) || count > MOST_ELEMENTS || flow.tensor(input)?.dtype !== 'float32') return null;
  const unchanged = new Map<number, number>();
  for (const { initialHidden, initialCell, hidden, cells } of lstms) {
    const states = [
      { from: initialHidden, to: hidden.at(-1) },
      { from: initialCell, to: cells.at(-1) },
    ];
    for (const { from, to } of states) if (from.kind === 'given' && from.root === input) unchanged.set(to ?? ABSENT, from.tensor);
  }
  const output = graph.outputs.find((candidate) => {
    const other = flow.shape(candidate);
    const operators = other.join() === shape.join() ? movesBehind(flow, candidate, unchanged) : null;
    return operators !== null && isIdentity(graph, operators, input, candidate, count);
  });
  return output === undefined ? null : { input, output };
}

/** Operators that move the states out of the input and into the output; null where others are among them. */
function movesBehind(flow: Dataflow, output: number, unchanged: ReadonlyMap<number, number>): Operator[] | null {
  const found = new Map<number, Operator>();
  const open = [output];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    const source = unchanged.get(tensor) ?? tensor;
    const operator = flow.producer(source);
    if (operator === null || found.has(operator.index)) continue;
    if (!MOVES.has(operator.name)) return null;
    const inputs = operator.inputs.map((one) => unchanged.get(one) ?? one);
    found.set(operator.index, { ...operator, inputs });
    open.push(...inputs);
  }
  return inOrder([...found.values()]);
}

function isIdentity(graph: Graph, operators: readonly Operator[], input: number, output: number, count: number): boolean {
  const part: Graph = {
    ...graph,
    index: 0,
    operators: operators.map((one, index) => ({ ...one, index })),
    inputs: [input],
    outputs: [output],
  };
  const model: Model = {
    ...{ format: 'tflite', formatVersion: 3, fileName: '', byteLength: 0, description: '', metadata: [], signatures: [] },
    graphs: [part],
  };
  const data = Float32Array.from({ length: count }, (_, i) => i);
  const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite', whenRefused: 'leave-out' });
  const [value] = runner.runWhatCan([{ dtype: 'float32', shape: graph.tensors[input]?.shape ?? [], data }]);
  return value?.data.length === count && data.every((number) => value.data[number] === number);
}
