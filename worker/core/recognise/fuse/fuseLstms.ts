import type { Graph, Model } from '../../model/model';
import type { GraphEdit, ModelEdit } from '../../model/modelEdit';
import { recogniseLstms } from '../recogniseLstms';
import type { RecognisedLstm } from '../recognised';
import { fuseGraph } from './fuseGraph';

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

/**
 * Puts UNIDIRECTIONAL_SEQUENCE_LSTM, with the file's own weights, in the place of every LSTM that small operators compute, where the
 * fused operator gives the same values; the notes say which, and why not the others. Float models; what is fused can be quantized.
 *
 * States of the fused operator start at 0 and are kept inside: a runtime has to reset them between sequences.
 */
export function fuseLstms(model: Model): FusedModel {
  const lstms = recogniseLstms(model);
  const notes = new Map<RecognisedLstm, FusionNote>();
  const refuse = (lstm: RecognisedLstm, text: string) => notes.set(lstm, { lstm, isFused: false, text });
  const graphs = model.graphs.map((graph) => {
    const here = lstms.filter(({ subgraph }) => subgraph === graph.index);
    for (const lstm of here) if (lstm.reason !== null) refuse(lstm, lstm.reason);
    const { edit, fused, refused } = fuseGraph(
      graph,
      here.filter(({ reason }) => reason === null),
    );
    for (const { lstm, reason } of refused) refuse(lstm, reason);
    for (const lstm of fused) notes.set(lstm, { lstm, isFused: true, text: fusedText(lstm) });
    return fused.length === 0 ? unchanged(graph) : edit;
  });
  return { edit: { source: model, graphs, metadata: [] }, notes: lstms.flatMap((lstm) => notes.get(lstm) ?? []) };
}

function fusedText({ operators, direction }: RecognisedLstm): string {
  const around = direction === 'backward' ? ' after REVERSE_V2' : '';
  return `${operators.length.toLocaleString('en-US')} operators became UNIDIRECTIONAL_SEQUENCE_LSTM${around}.`;
}

function unchanged(graph: Graph): GraphEdit {
  return { graph, tensorOrigins: [...graph.tensors.keys()], operatorOrigins: [...graph.operators.keys()] };
}
