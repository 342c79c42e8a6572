import { ABSENT, type Graph } from '../model/model';
import { operatorsBehind } from './coverage';
import { Dataflow } from './dataflow';
import { type GruStep, gruStepAt } from './gruStep';
import { initialState } from './initialState';
import { layerName } from './layerName';
import { loopOutputs } from './loopOutputs';
import type { LoopFrame } from './loopFrame';
import type { RecognisedLstm } from './recognised';
import { sequenceInput, wholeSequence } from './sequence';
import { sliceOfStep } from './loopFrame';

/** The GRUs of a graph whose steps are written out one after the other. */
export function unrolledGrus(graph: Graph): RecognisedLstm[] {
  const flow = new Dataflow(graph);
  return chains(graph.operators.flatMap((operator) => gruStepAt(flow, operator) ?? [])).map((steps) => unrolled(flow, steps));
}

function chains(steps: readonly GruStep[]): GruStep[][] {
  const following = new Map(steps.map((step) => [step.previousHidden, step]));
  const known = new Set(steps.map(({ hidden }) => hidden));
  return steps
    .filter(({ previousHidden }) => previousHidden === null || !known.has(previousHidden))
    .map((first) => {
      const chain = [first];
      for (let step = following.get(first.hidden); step !== undefined; step = following.get(step.hidden)) chain.push(step);
      return chain;
    });
}

function unrolled(flow: Dataflow, steps: readonly GruStep[]): RecognisedLstm {
  const hidden = steps.map((step) => step.hidden);
  const previous = steps[0]?.previousHidden ?? null;
  const reads = steps.flatMap((step) => inputOf(flow, step) ?? []);
  const origins = reads.map(({ read }) => flow.origin(read));
  const stops = new Set([...origins, ...(previous === null ? [] : [previous])]);
  const input = sequenceInput(
    flow,
    origins,
    reads.map(({ read }) => read),
  );
  return {
    ...common(flow, steps, reads[0]?.size ?? 0),
    form: 'unrolled',
    subgraph: flow.graph.index,
    operators: operatorsBehind(flow, hidden, stops),
    body: null,
    steps: steps.length,
    direction: input.kind === 'sequence' && input.isReversed ? 'backward' : 'forward',
    input,
    initialHidden: initialState(flow, previous),
    initialCell: initialState(flow, previous),
    hidden,
    loop: null,
  };
}

/** The GRU that a loop's body computes one step of; null where it does not. */
export function loopGru(flow: Dataflow, frame: LoopFrame): RecognisedLstm | null {
  const { body, operator } = frame;
  const steps = body.graph.operators.flatMap((one) => gruStepAt(body, one) ?? []);
  const [step] = steps;
  const at = body.graph.inputs.indexOf(step?.previousHidden ?? ABSENT);
  if (step === undefined || steps.length > 1 || at === -1 || body.origin(body.graph.outputs[at] ?? ABSENT) !== step.hidden)
    return null;
  const read = inputOf(body, step);
  const from = read === null ? null : sliceOfStep(frame, body.origin(read.read));
  if (read === null || from === null) return null;
  const input = wholeSequence(flow, operator.inputs[from] ?? ABSENT, 0, false);
  const state = initialState(flow, operator.inputs[at] ?? ABSENT);
  return {
    ...common(body, steps, read.size),
    form: 'loop',
    subgraph: flow.graph.index,
    operators: [operator.index],
    body: { subgraph: body.graph.index, operators: operatorsBehind(body, [step.hidden], new Set([body.origin(read.read)])) },
    steps: frame.steps ?? 0,
    direction: input.kind === 'sequence' && input.isReversed ? 'backward' : 'forward',
    input,
    initialHidden: state,
    initialCell: state,
    hidden: [],
    loop: loopOutputs(frame, step.hidden, null),
  };
}

function common(flow: Dataflow, steps: readonly GruStep[], inputSize: number) {
  const tensor = flow.tensor(steps.at(-1)?.hidden ?? ABSENT);
  const numbers = tensor?.dtype !== 'float32' ? 'int8' : hasInt8Weights(flow, steps) ? 'hybrid' : 'float';
  const sigmoid = steps[0]?.isHard === true ? 'hard' : 'logistic';
  return {
    kind: 'gru',
    name: layerName(tensor?.name ?? ''),
    batch: tensor?.shape[0] ?? 1,
    sizes: { input: inputSize, cell: tensor?.shape.at(-1) ?? 0 },
    sigmoid,
    numbers,
    scales: null,
    cells: [],
    reason: null,
    weights: () => null,
  } as const;
}

/** What a step's matrix products read besides the hidden value before. */
function inputOf(flow: Dataflow, step: GruStep): { readonly read: number; readonly size: number } | null {
  for (const product of productsOf(flow, step)) {
    const [read = ABSENT, weights = ABSENT] = product.inputs;
    if (flow.origin(read) !== step.previousHidden) return { read, size: flow.shape(weights)[1] ?? 0 };
  }
  return null;
}

function productsOf(flow: Dataflow, { hidden, previousHidden }: GruStep) {
  const operators = operatorsBehind(flow, [hidden], new Set(previousHidden === null ? [] : [previousHidden]));
  return operators.flatMap((index) => {
    const operator = flow.graph.operators[index];
    return operator?.name === 'FULLY_CONNECTED' ? [operator] : [];
  });
}

function hasInt8Weights(flow: Dataflow, steps: readonly GruStep[]): boolean {
  const last = steps.at(-1);
  return last !== undefined && productsOf(flow, last).some(({ inputs }) => flow.constant(inputs[1] ?? ABSENT)?.dtype === 'int8');
}
