import type { Graph, Model, Operator } from '../../../model/model';
import { lowerDynamicLstm } from './lowerDynamicLstm';
import { lowerGru } from './lowerGru';
import { lowerLstm } from './lowerLstm';
import { lowerRnn } from './lowerRnn';
import { NotLowered, RecurrentDraft } from './recurrentDraft';

/** Puts one operator in this engine's form. @throws NotLowered with the reason why it cannot */
type Lowering = (draft: RecurrentDraft, operator: Operator) => readonly Operator[];

/** By domain and name. Those of ONNX's own set that stay as they are get `Onnx` before their name: this engine's names mean its own. */
const LOWERINGS: Readonly<Record<string, Lowering>> = {
  LSTM: lowerLstm,
  GRU: lowerGru,
  RNN: lowerRnn,
  'com.microsoft.DynamicQuantizeLSTM': lowerDynamicLstm,
};

/** This engine's names of what they become; beside them stands what joins two directions. */
const OWN: ReadonlySet<string> = new Set(['UNIDIRECTIONAL_SEQUENCE_LSTM', 'GRU', 'VANILLA_RNN']);

/** Option that says why a recurrent operator was left to ONNX Runtime. */
export const KEPT_BECAUSE = 'kept_because';

/**
 * Recurrent operators of the main graph in this engine's form, so that every view and the recipe work on them. What this engine cannot
 * express stays one operator under another name (`OnnxLSTM`), with the reason in its options. Graphs inside operators run as a whole,
 * so that theirs stay.
 */
export function lowerRecurrent(model: Model): Model {
  const opset = model.opsets?.[''] ?? 1;
  return {
    ...model,
    graphs: model.graphs.map((graph, index) =>
      graph.operators.some(isRecurrent) ? (index === 0 ? lowerGraph(graph, opset) : renamed(graph)) : graph,
    ),
  };
}

function isRecurrent(operator: Operator): boolean {
  return Object.hasOwn(LOWERINGS, keyOf(operator));
}

function keyOf({ name, domain = '' }: Operator): string {
  return domain === '' ? name : `${domain}.${name}`;
}

function lowerGraph(graph: Graph, opset: number): Graph {
  const draft = new RecurrentDraft(graph, opset);
  return draft.finish(
    graph.operators.flatMap((operator) => {
      if (!isRecurrent(operator)) return [operator];
      try {
        const lowered = LOWERINGS[keyOf(operator)]?.(draft, operator) ?? [operator];
        return lowered.map((own) => (OWN.has(own.name) ? { ...own, storedAs: operator.name } : own));
      } catch (error) {
        if (error instanceof NotLowered) return [kept(operator, error.message)];
        throw error;
      }
    }),
  );
}

function renamed(graph: Graph): Graph {
  const reason = 'it is in a graph that another operator runs';
  const operators = graph.operators.map((operator) => (isRecurrent(operator) ? kept(operator, reason) : operator));
  return { ...graph, operators };
}

function kept(operator: Operator, reason: string): Operator {
  return {
    ...operator,
    name: (operator.domain ?? '') === '' ? `Onnx${operator.name}` : operator.name,
    storedAs: operator.name,
    options: { ...operator.options, [KEPT_BECAUSE]: reason },
  };
}
