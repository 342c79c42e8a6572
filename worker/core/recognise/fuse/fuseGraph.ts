import type { Graph, Operator } from '../../model/model';
import type { GraphEdit } from '../../model/modelEdit';
import { Draft } from '../../recipe/draft';
import { deadWithout } from '../coverage';
import { Dataflow } from '../dataflow';
import type { LstmWeights, RecognisedLstm } from '../recognised';
import { Emission } from './emission';
import { directJoin, emitLstm, emitOutputs } from './fuseSequence';
import { inOrder } from './operatorOrder';
import { type NeededOutputs, neededOutputs } from './unrolledOutputs';

export interface FusedGraph {
  readonly edit: GraphEdit;
  readonly fused: readonly RecognisedLstm[];
  readonly refused: readonly { readonly lstm: RecognisedLstm; readonly reason: string }[];
}

interface Plan {
  readonly lstm: RecognisedLstm;
  readonly weights: LstmWeights;
  readonly needed: NeededOutputs;
}

/**
 * Puts UNIDIRECTIONAL_SEQUENCE_LSTM in the place of the cells given, all of this graph and without a reason against it.
 * Those whose inner values others read stay.
 */
export function fuseGraph(graph: Graph, lstms: readonly RecognisedLstm[]): FusedGraph {
  const flow = new Dataflow(graph);
  const refused: { lstm: RecognisedLstm; reason: string }[] = [];
  let taken = lstms.flatMap((lstm) => {
    const weights = lstm.weights();
    return weights === null ? [] : [{ lstm, weights }];
  });
  for (;;) {
    const kept = new Set([...graph.outputs, ...taken.flatMap(({ lstm }) => inputTensors(lstm))]);
    const dead = deadWithout(
      flow,
      taken.flatMap(({ lstm }) => lstm.operators),
      [...kept],
    );
    const plans = taken.map((one) => ({ ...one, needed: neededOutputs(flow, one.lstm, dead, kept) }));
    const bad = plans.filter(({ needed }) => needed.inner !== null);
    if (bad.length === 0) return { edit: build(graph, plans, dead), fused: plans.map(({ lstm }) => lstm), refused };
    for (const { lstm, needed } of bad) refused.push({ lstm, reason: innerReason(graph, lstm, needed) });
    taken = taken.filter(({ lstm }) => bad.every((other) => other.lstm !== lstm));
  }
}

function inputTensors({ input }: RecognisedLstm): readonly number[] {
  return input.kind === 'sequence' ? [input.tensor] : input.tensors;
}

function innerReason(graph: Graph, lstm: RecognisedLstm, { inner }: NeededOutputs): string {
  const tensor = graph.tensors[inner?.tensor ?? -1];
  const step = lstm.cells.indexOf(inner?.tensor ?? -1);
  const what = step === -1 ? `The value ${tensor?.name ?? ''} inside it` : `Its cell after step ${step + 1}`;
  const reader: Operator | null = inner?.reader ?? null;
  const who = reader === null ? 'an output of the graph' : `read by operator ${reader.index}, ${reader.name}`;
  return `${what} is ${who}; UNIDIRECTIONAL_SEQUENCE_LSTM gives the hidden values only.`;
}

function build(graph: Graph, plans: readonly Plan[], dead: ReadonlySet<number>): GraphEdit {
  const draft = new Draft(graph, null);
  const gone = new Set([...dead, ...plans.flatMap(({ needed }) => needed.joins.map(({ operator }) => operator.index))]);
  const placed = draft.operators.flatMap((operator, index) => (gone.has(index) ? [] : [{ operator, at: index }]));
  for (const { lstm, weights, needed } of plans) {
    const last = lstm.operators.at(-1) ?? 0;
    const emission = new Emission(draft, lstm.name, last);
    emitOutputs(emission, lstm, emitLstm(emission, lstm, weights, directJoin(lstm, needed)), needed);
    placed.push(...emission.operators.map((operator) => ({ operator, at: last })));
  }
  draft.operators = inOrder(placed.sort((a, b) => a.at - b.at).map(({ operator }) => operator));
  return draft.finish();
}
