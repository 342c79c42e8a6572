import type { Graph } from '../model/model';
import { counted } from '../wording';
import { operatorsBehind } from './coverage';
import { Dataflow } from './dataflow';
import { gateWeights } from './gateWeights';
import { layerName } from './layerName';
import { linkSteps, type LstmChain } from './lstmChain';
import { lstmStepAt } from './lstmStep';
import { numbersOf, scalesOf } from './numbers';
import type { InitialState, RecognisedLstm } from './recognised';
import { sequenceInput } from './sequence';
import { rootOf } from './stepRoles';

/** The LSTMs of a graph whose steps are written out one after the other. */
export function unrolledLstms(graph: Graph): RecognisedLstm[] {
  const flow = new Dataflow(graph);
  const steps = graph.operators.flatMap((operator) => lstmStepAt(flow, operator) ?? []);
  return linkSteps(flow, steps).map((chain) => recognised(flow, chain));
}

function recognised(flow: Dataflow, chain: LstmChain): RecognisedLstm {
  const { graph } = flow;
  const { steps, roles } = chain;
  const [first, firstRoles, lastRoles] = [steps[0], roles[0], roles.at(-1)];
  const hidden = steps.map((step) => step.hidden);
  const cells = steps.map((step) => step.cell);
  const isComplete = roles.length === steps.length;
  const inputs = isComplete ? roles.map(({ input }) => input) : [];
  const input = sequenceInput(
    flow,
    inputs,
    roles.map(({ inputRead }) => inputRead),
  );
  const initialHidden = initialState(flow, firstRoles?.previousHidden ?? null);
  const initialCell = initialState(flow, first?.previousCell ?? null);
  const states = [initialHidden, initialCell].flatMap((state) => (state.kind === 'given' ? [state.tensor] : []));
  const stops = new Set([...inputs, ...roles.map(({ inputRead }) => inputRead), ...states]);
  const numbers = numbersOf(flow, lastRoles, hidden.at(-1));
  const size = steps.at(-1)?.gates.output?.size ?? 0;
  const sigmoid = first?.isHard === true ? 'hard' : 'logistic';
  const lastHidden = flow.tensor(hidden.at(-1) ?? -1);
  return {
    kind: 'lstm',
    form: 'unrolled',
    subgraph: graph.index,
    operators: operatorsBehind(flow, [...hidden, ...cells], stops),
    body: null,
    name: layerName(lastHidden?.name ?? ''),
    steps: steps.length,
    batch: lastHidden?.shape[0] ?? 1,
    sizes: { input: lastRoles?.gates.output?.input.count ?? 0, cell: size },
    direction: input.kind === 'sequence' && input.isReversed ? 'backward' : 'forward',
    sigmoid,
    numbers,
    scales: numbers === 'int8' ? scalesOf(flow, steps, roles) : null,
    input,
    initialHidden,
    initialCell,
    hidden,
    cells,
    loop: null,
    reason:
      chain.problem ?? lstmReason(sigmoid, numbers) ?? (lastRoles === undefined ? null : missing(graph, lastRoles, steps.length)),
    weights: () => (lastRoles === undefined || chain.problem !== null ? null : gateWeights(graph, lastRoles)),
  };
}

function initialState(flow: Dataflow, tensor: number | null): InitialState {
  if (tensor === null || isZero(flow, tensor)) return { kind: 'zero' };
  return { kind: 'given', tensor, root: rootOf(flow, tensor) };
}

function isZero(flow: Dataflow, tensor: number): boolean {
  const constant = flow.constant(tensor);
  if (constant === null || constant.data === null) return false;
  // The zero of an int8 tensor is its zero point.
  const zero = constant.dtype === 'int8' ? (constant.quantization?.zeroPoints[0] ?? 0) & 0xff : 0;
  return constant.data.every((byte) => byte === zero);
}

/** What of the cell's own making UNIDIRECTIONAL_SEQUENCE_LSTM cannot do, or cannot be made from. */
export function lstmReason(sigmoid: RecognisedLstm['sigmoid'], numbers: RecognisedLstm['numbers']): string | null {
  if (sigmoid === 'hard') return 'Its gates are hard sigmoids; UNIDIRECTIONAL_SEQUENCE_LSTM has the logistic one only.';
  if (numbers === 'int8') return 'Its values are int8 already, the cell included; fuse the float model, then quantize.';
  if (numbers === 'hybrid') return 'Its weights are int8 and its values float; fuse the float model, then quantize.';
  return null;
}

function missing(graph: Graph, roles: Parameters<typeof gateWeights>[1], steps: number): string | null {
  if (gateWeights(graph, roles) !== null) return null;
  return `The weights of all gates cannot be found in its ${counted(steps, 'step')}.`;
}
