import type { Graph, Operator } from '../../model/model';
import type { GraphEdit } from '../../model/modelEdit';
import { Draft } from '../../recipe/draft';
import { deadWithout } from '../coverage';
import { Dataflow } from '../dataflow';
import type { RecognisedLstm } from '../recognised';
import type { CarriedState } from './carriedState';
import { Emission, type FusedWeights } from './emission';
import { type CellEmitter, directJoin, emitOutputs, emitSequence } from './fuseSequence';
import { emitResults, type NeededResults, neededResults } from './loopResults';
import { dropConversions, floatGraph } from './floatGraph';
import { inOrder } from './operatorOrder';
import { type NeededOutputs, neededOutputs } from './unrolledOutputs';

export interface FusedGraph {
  readonly edit: () => GraphEdit;
  readonly fused: readonly RecognisedLstm[];
  readonly refused: readonly { readonly lstm: RecognisedLstm; readonly reason: string }[];
}

interface Cell {
  readonly lstm: RecognisedLstm;
  readonly emit: CellEmitter;
}

/** How a graph's cells are fused. */
export interface GraphFusion {
  /** States that the fused operators keep inside from now on: no input and output of the graph any more. */
  readonly carried: readonly CarriedState[];
  /** All values of the graph become float. */
  readonly asFloat: boolean;
}

interface Plan extends Cell {
  readonly outputs: NeededOutputs | null;
  readonly results: NeededResults | null;
}

/**
 * Puts one operator in the place of each of the cells given, all of this graph and without a reason against it. Those whose inner values
 * others read stay.
 * @param others cells that become another operator than UNIDIRECTIONAL_SEQUENCE_LSTM, with what makes it
 */
export function fuseGraph(
  graph: Graph,
  lstms: readonly RecognisedLstm[],
  fusion: GraphFusion,
  others: ReadonlyMap<RecognisedLstm, CellEmitter> = new Map(),
): FusedGraph {
  const { carried } = fusion;
  const flow = new Dataflow(graph);
  const refused: { lstm: RecognisedLstm; reason: string }[] = [];
  const outputs = graph.outputs.filter((output) => carried.every((state) => state.output !== output));
  const returning = carried.flatMap((state) => flow.producer(state.output)?.index ?? []);
  let taken: readonly Cell[] = lstms.flatMap((lstm) => {
    const emit = others.get(lstm) ?? lstmEmitter(lstm, fusion);
    return emit === null ? [] : [{ lstm, emit }];
  });
  for (;;) {
    const kept = new Set([...outputs, ...taken.flatMap(({ lstm }) => inputTensors(lstm))]);
    const gone = [...taken.flatMap(({ lstm }) => lstm.operators), ...returning];
    const dead = deadWithout(flow, gone, kept);
    const plans = taken.map((cell) => planOf(flow, cell, dead, kept));
    const bad = plans.filter((plan) => innerOf(plan) !== null);
    if (bad.length === 0)
      return { edit: () => build(graph, plans, dead, outputs, fusion), fused: plans.map(({ lstm }) => lstm), refused };
    for (const plan of bad) refused.push({ lstm: plan.lstm, reason: innerReason(graph, plan) });
    taken = taken.filter(({ lstm }) => bad.every((other) => other.lstm !== lstm));
  }
}

function inputTensors({ input }: RecognisedLstm): readonly number[] {
  return input.kind === 'sequence' ? [input.tensor] : input.tensors;
}

function planOf(flow: Dataflow, cell: Cell, dead: ReadonlySet<number>, kept: ReadonlySet<number>): Plan {
  const isLoop = cell.lstm.form === 'loop';
  return {
    ...cell,
    outputs: isLoop ? null : neededOutputs(flow, cell.lstm, dead, kept),
    results: isLoop ? neededResults(flow, cell.lstm, dead, kept) : null,
  };
}

function innerOf({ outputs, results }: Plan): { readonly tensor: number; readonly reader: Operator | null } | null {
  return outputs?.inner ?? results?.inner ?? null;
}

function innerReason(graph: Graph, plan: Plan): string {
  const inner = innerOf(plan);
  const tensor = graph.tensors[inner?.tensor ?? -1];
  const step = plan.lstm.cells.indexOf(inner?.tensor ?? -1);
  const isLastCell = plan.lstm.loop !== null && plan.lstm.loop.cell === inner?.tensor;
  const what = isLastCell
    ? 'Its last cell'
    : step === -1
      ? `The value ${tensor?.name ?? ''} inside it`
      : `Its cell after step ${step + 1}`;
  const reader = inner?.reader ?? null;
  const who = reader === null ? 'an output of the graph' : `read by operator ${reader.index}, ${reader.name}`;
  const one = plan.lstm.kind === 'gru' ? 'the one operator' : 'UNIDIRECTIONAL_SEQUENCE_LSTM';
  return `${what} is ${who}; ${one} gives the hidden values only.`;
}

function build(
  graph: Graph,
  plans: readonly Plan[],
  dead: ReadonlySet<number>,
  outputs: readonly number[],
  { carried, asFloat }: GraphFusion,
): GraphEdit {
  const draft = new Draft(asFloat ? floatGraph(graph) : graph, null);
  const joins = plans.flatMap((plan) => plan.outputs?.joins.map(({ operator }) => operator.index) ?? []);
  const gone = new Set([...dead, ...joins, ...plans.flatMap(({ results }) => results?.replaced ?? [])]);
  const placed = draft.operators.flatMap((operator, index) => (gone.has(index) ? [] : [{ operator, at: index }]));
  for (const plan of plans) {
    const last = plan.lstm.operators.at(-1) ?? 0;
    const emission = new Emission(draft, plan.lstm.name, last);
    emitCell(emission, plan);
    placed.push(...emission.operators.map((operator) => ({ operator, at: last })));
  }
  draft.operators = inOrder(placed.sort((a, b) => a.at - b.at).map(({ operator }) => operator));
  draft.inputs = draft.inputs.filter((input) => carried.every((state) => state.input !== input));
  draft.outputs = [...outputs];
  if (asFloat) dropConversions(draft);
  return draft.finish();
}

function lstmEmitter(lstm: RecognisedLstm, { asFloat }: GraphFusion): CellEmitter | null {
  const real = lstm.weights();
  if (real === null) return null;
  const weights = { real, integer: asFloat ? null : keptIntegers(lstm) };
  return (emission, from, to, isTimeMajor) => emission.lstm(from, to, weights, lstm, isTimeMajor);
}

function keptIntegers(lstm: RecognisedLstm): FusedWeights['integer'] {
  const hybrid = lstm.hybrid?.();
  return hybrid?.kind === 'kept' ? hybrid : null;
}

function emitCell(emission: Emission, { lstm, emit, outputs, results }: Plan): void {
  const into = outputs === null ? null : directJoin(lstm, outputs);
  const sequence = emitSequence(emission, lstm, emit, into);
  if (outputs !== null) emitOutputs(emission, lstm, sequence, outputs);
  if (results !== null) emitResults(emission, lstm, sequence, results);
}
