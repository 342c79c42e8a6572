import type { Graph, Model, Operator } from '../model/model';
import { modelFusion } from '../recognise/fuse/fusionNotes';

/**
 * Where the LSTM that an operator is part of is recognised and cannot be fused as it is: why, in place of the rule's remedy. The
 * first such LSTM of the graph counts where the operator belongs to none.
 */
export function fusionFix(model: Model, graph: Graph, operator: Operator): { readonly fix?: string } {
  const notes = modelFusion(model).notes.filter(({ lstm }) => lstm.subgraph === graph.index && lstm.kind === 'lstm');
  const note = notes.find(({ lstm }) => lstm.operators.includes(operator.index)) ?? notes[0];
  if (note === undefined || note.isFused) return {};
  return { fix: `${note.text} ${CONVERT_AGAIN}` };
}

const CONVERT_AGAIN = 'Or convert with legacy tf_keras (TF_USE_LEGACY_KERAS=1), which keeps the fused LSTM.';
