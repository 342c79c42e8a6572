import type { Graph } from '../model/model';
import { operatorsBehind } from './coverage';
import { Dataflow } from './dataflow';
import { gateWeights } from './gateWeights';
import { hybridWeights } from './hybridWeights';
import { initialState } from './initialState';
import { layerName } from './layerName';
import { linkSteps, type LstmChain } from './lstmChain';
import { lstmStepAt } from './lstmStep';
import { numbersOf, scalesOf } from './numbers';
import { WEIGHTS_MISSING } from './reasons';
import type { RecognisedLstm } from './recognised';
import { sequenceInput } from './sequence';
import { stepSignals } from './stepSignals';

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
  const weights = () => (lastRoles === undefined || chain.problem !== null ? null : gateWeights(graph, lastRoles));
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
    signals: stepSignals(flow, steps),
    reason: chain.problem ?? (weights() === null ? WEIGHTS_MISSING : null),
    weights,
    ...(numbers === 'hybrid' && lastRoles !== undefined ? { hybrid: () => hybridWeights(lastRoles) } : {}),
  };
}
