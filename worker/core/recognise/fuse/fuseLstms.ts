import type { Graph, Model } from '../../model/model';
import type { GraphEdit, ModelEdit } from '../../model/modelEdit';
import { grouped } from '../../wording';
import { recogniseLstms } from '../recogniseLstms';
import type { RecognisedLstm } from '../recognised';
import { emptyLoops } from './emptyLoops';
import { type FusedGraph, fuseGraph } from './fuseGraph';
import { statesInside } from './statesInside';

/** What became of a recognised cell. */
export interface FusionNote {
  readonly lstm: RecognisedLstm;
  readonly isFused: boolean;
  readonly text: string;
}

export interface FusedModel {
  readonly edit: ModelEdit;
  readonly notes: readonly FusionNote[];
}

export interface FusionOptions {
  /**
   * States that come in by an input and go out by an output are kept in the fused operators: both go, and the model
   * becomes one that is fed frame after frame.
   */
  readonly carryState: boolean;
}

/**
 * Puts UNIDIRECTIONAL_SEQUENCE_LSTM, with the file's own weights, in the place of every LSTM that small operators compute, where the
 * fused operator gives the same values; the notes say which, and why not the others. Float models; what is fused can be quantized.
 *
 * States of the fused operator start at 0 and are kept inside: a runtime has to reset them between sequences.
 */
export function fuseLstms(model: Model, { carryState }: FusionOptions = { carryState: false }): FusedModel {
  const lstms = recogniseLstms(model);
  const notes = new Map<RecognisedLstm, FusionNote>();
  const graphs = model.graphs.map((graph) => {
    const here = lstms.filter(({ subgraph }) => subgraph === graph.index);
    const { edit, fused, refused } = fuseIn(model, graph, here, carryState);
    for (const { lstm, reason } of refused) notes.set(lstm, { lstm, isFused: false, text: reason });
    for (const lstm of fused) notes.set(lstm, { lstm, isFused: true, text: fusedText(lstm) });
    return fused.length === 0 ? unchanged(graph) : edit;
  });
  return {
    edit: { source: model, graphs: emptyLoops(model, graphs), metadata: [] },
    notes: lstms.flatMap((lstm) => notes.get(lstm) ?? []),
  };
}

function fuseIn(model: Model, graph: Graph, lstms: readonly RecognisedLstm[], carryState: boolean): FusedGraph {
  const unfit = lstms.flatMap((lstm) => (lstm.reason === null ? [] : [{ lstm, reason: lstm.reason }]));
  const fitting = lstms.filter(({ reason }) => reason === null);
  const choice = statesInside(model, graph, fitting, carryState);
  const whole = fuseGraph(graph, choice.taken, choice.carried);
  const refused = [...unfit, ...choice.refused, ...whole.refused];
  const isSplit = choice.carried.length > 0 && whole.refused.length > 0;
  // A state leaves the graph's inputs only with all the cells that it belongs to.
  if (isSplit) return fuseIn(model, graph, lstms, false);
  return { ...whole, refused };
}

function fusedText({ form, operators, body, steps, direction }: RecognisedLstm): string {
  const before =
    form === 'loop'
      ? `A loop of ${grouped(steps)} steps over ${grouped(body?.operators.length ?? 0)} operators`
      : `${grouped(operators.length)} operators`;
  return `${before} became UNIDIRECTIONAL_SEQUENCE_LSTM${direction === 'backward' ? ' after REVERSE_V2' : ''}.`;
}

export function unchanged(graph: Graph): GraphEdit {
  return { graph, tensorOrigins: [...graph.tensors.keys()], operatorOrigins: [...graph.operators.keys()] };
}
