import { ABSENT } from '../model/model';
import { operatorsBehind } from './coverage';
import type { Dataflow } from './dataflow';
import { gateWeights } from './gateWeights';
import { hybridWeights } from './hybridWeights';
import { initialState } from './initialState';
import { layerName } from './layerName';
import { type LoopFrame, sliceOfStep } from './loopFrame';
import { loopOutputs } from './loopOutputs';
import { chainOf } from './lstmChain';
import { type LstmStep, lstmStepAt } from './lstmStep';
import { numbersOf, scalesOf } from './numbers';
import { WEIGHTS_MISSING } from './reasons';
import type { RecognisedLstm } from './recognised';
import { type SequenceInput, wholeSequence } from './sequence';
import { hiddenCandidates } from './stepRoles';

/** The LSTM that a loop's body computes one step of; null where it does not. */
export function loopLstm(flow: Dataflow, frame: LoopFrame): RecognisedLstm | null {
  const { body, operator } = frame;
  const steps = body.graph.operators.flatMap((one) => lstmStepAt(body, one) ?? []);
  const [step] = steps;
  if (step === undefined || steps.length > 1) return null;
  const states = carriedStates(frame, step);
  if (states === null) return null;
  const chain = chainOf(body, steps, body.graph.inputs[states.hidden]);
  const [roles] = chain.roles;
  if (roles === undefined) return null;
  const from = sliceOfStep(frame, roles.input);
  const input: SequenceInput =
    from === null ? { kind: 'steps', tensors: [] } : wholeSequence(flow, operator.inputs[from] ?? ABSENT, 0, false);
  const numbers = numbersOf(body, roles, step.hidden);
  const sigmoid = step.isHard ? 'hard' : 'logistic';
  const hidden = body.tensor(step.hidden);
  const weights = () => (chain.problem === null ? gateWeights(body.graph, roles) : null);
  const initialHidden = initialState(flow, operator.inputs[states.hidden] ?? ABSENT);
  const initialCell = initialState(flow, operator.inputs[states.cell] ?? ABSENT);
  const stops = new Set([roles.input, roles.inputRead, ...body.graph.inputs]);
  return {
    kind: 'lstm',
    form: 'loop',
    subgraph: flow.graph.index,
    operators: [operator.index],
    body: { subgraph: body.graph.index, operators: operatorsBehind(body, [step.hidden, step.cell], stops) },
    name: layerName(hidden?.name ?? ''),
    steps: frame.steps ?? 0,
    batch: hidden?.shape[0] ?? 1,
    sizes: { input: roles.gates.output?.input.count ?? 0, cell: step.gates.output?.size ?? 0 },
    direction: input.kind === 'sequence' && input.isReversed ? 'backward' : 'forward',
    sigmoid,
    numbers,
    scales: numbers === 'int8' ? scalesOf(body, steps, chain.roles) : null,
    input,
    initialHidden,
    initialCell,
    hidden: [],
    cells: [],
    loop: loopOutputs(frame, step.hidden, step.cell),
    reason: chain.problem ?? readingReason(flow, frame, from) ?? (weights() === null ? WEIGHTS_MISSING : null),
    weights,
    ...(numbers === 'hybrid' ? { hybrid: () => hybridWeights(roles) } : {}),
  };
}

/** Positions, among the values carried, of the hidden value and the cell: what comes in is read, what goes out is computed. */
function carriedStates({ body }: LoopFrame, step: LstmStep): { readonly hidden: number; readonly cell: number } | null {
  const { inputs, outputs } = body.graph;
  const candidates = hiddenCandidates(step);
  const hidden = inputs.findIndex(
    (input, at) => candidates.includes(input) && body.origin(outputs[at] ?? ABSENT) === step.hidden,
  );
  const cell = inputs.indexOf(step.previousCell ?? ABSENT);
  const isKept = cell !== -1 && body.origin(outputs[cell] ?? ABSENT) === step.cell;
  return hidden === -1 || !isKept ? null : { hidden, cell };
}

function readingReason(flow: Dataflow, { operator, steps }: LoopFrame, from: number | null): string | null {
  if (from === null) return 'What its step reads is not one slice after the other of a sequence.';
  if (steps === null) return 'How many steps the loop takes does not follow from its condition.';
  const length = flow.shape(operator.inputs[from] ?? ABSENT)[0] ?? 0;
  return steps === length ? null : `The loop takes ${steps} steps, and the sequence has ${length}.`;
}
