import type { Graph, Operator } from '../../../../model/model';
import { ModelFormatError } from '../../../modelFormatError';
import { inOrder } from '../../../../recognise/fuse/operatorOrder';
import { RecurrentDraft } from '../recurrentDraft';
import { CellEmission } from './cellEmission';
import { planCells } from './cellPlans';
import { findCells } from './foundCells';
import { mayHoldCells, smallOperators } from './smallOperators';

/**
 * A graph with its LSTMs in small operators (MatMul, Add, Sigmoid, Tanh, Mul) as this engine's, as if the file had ONNX's LSTM: unrolled
 * step by step, or one step with its states given. Known by what is computed; what is not exactly an LSTM stays as it is.
 * @param opset version of ONNX's own operator set
 */
export function lowerCells(graph: Graph, opset: number): Graph {
  if (!mayHoldCells(graph)) return graph;
  try {
    return lowered(graph, opset);
  } catch (error) {
    // Weights that cannot be read make no cell; a run says what is wrong with them.
    if (error instanceof ModelFormatError) return graph;
    throw error;
  }
}

function lowered(graph: Graph, opset: number): Graph {
  const draft = new RecurrentDraft(graph, opset);
  const { flow, cells } = findCells(smallOperators(graph, draft.constants));
  if (cells.length === 0) return graph;
  const plans = planCells(draft, flow, cells);
  const emission = new CellEmission(draft, flow, plans);
  const placed = graph.operators.flatMap((operator) =>
    emission.gone.has(operator.index) ? [] : { operator, at: operator.index },
  );
  for (const plan of plans)
    placed.push(...emission.cell(plan).map((operator: Operator) => ({ operator, at: plan.lstm.operators.at(-1) ?? 0 })));
  return draft.finish(inOrder(placed.sort((a, b) => a.at - b.at).map(({ operator }) => operator)));
}
