import type { CalibratedRange, CalibratedRanges, LstmRanges } from '../calibration/calibratedRanges';
import { BIDIRECTIONAL_OPERANDS, LSTM_INTERMEDIATES, LSTM_OPERANDS, lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT, type Graph, type Model, type Operator, type Tensor } from '../model/model';
import { fakeQuantRange } from './fold';
import { union } from './lstmRecipe';

/**
 * Ranges that a file keeps for its first graph: those that a calibrator recorded, of the LSTMs' intermediates and states too, and
 * those of FAKE_QUANT operators. Null, and no entry for an LSTM, where it keeps none.
 */
export function rangesInFile(model: Model): CalibratedRanges {
  const [graph] = model.graphs;
  if (graph === undefined) return { tensors: [], lstms: new Map() };
  const tensors = graph.tensors.map((tensor) => (tensor.data === null || tensor.isVariable ? recordedRange(tensor) : null));
  for (const operator of graph.operators) {
    if (operator.name !== 'FAKE_QUANT') continue;
    const range = fakeQuantRange(operator);
    for (const index of [operator.inputs[0] ?? ABSENT, operator.outputs[0] ?? ABSENT])
      if (graph.tensors[index]?.data === null) tensors[index] = range;
  }
  const lstms = new Map<number, readonly LstmRanges[]>();
  for (const operator of graph.operators) {
    const cells = cellRanges(graph, operator, (index) => tensors[index ?? ABSENT] ?? null);
    if (cells !== null) lstms.set(operator.index, cells);
  }
  return { tensors, lstms };
}

type Lookup = (index: number | undefined) => CalibratedRange | null;

function cellRanges(graph: Graph, operator: Operator, at: Lookup): readonly LstmRanges[] | null {
  switch (lstmOperatorOf(operator)) {
    case 'sequence':
    case 'step': {
      const hasProjection = graph.tensors[operator.inputs[LSTM_OPERANDS.projectionWeights] ?? ABSENT] !== undefined;
      const gate = (intermediate: number) => at(operator.intermediates[intermediate]);
      const { gate: gates, hidden } = LSTM_INTERMEDIATES;
      const state = at(operator.inputs[LSTM_OPERANDS.outputState]);
      const cell = oneCell(
        state,
        at(operator.inputs[LSTM_OPERANDS.cellState]),
        at(operator.outputs[0]),
        gate(hidden),
        hasProjection,
      );
      if (cell === null) return null;
      return [
        {
          ...cell,
          gates: { input: gate(gates.input), forget: gate(gates.forget), cell: gate(gates.cell), output: gate(gates.output) },
        },
      ];
    }
    case 'bidirectional': {
      const isMerged = operator.options.merge_outputs === true;
      const cells = (['forward', 'backward'] as const).map((direction) => {
        const operands = BIDIRECTIONAL_OPERANDS[direction];
        const hasProjection = graph.tensors[operator.inputs[operands.projectionWeights] ?? ABSENT] !== undefined;
        const state = at(operator.inputs[operands.outputState]);
        const output = isMerged ? state : at(operator.outputs[direction === 'forward' ? 0 : 1]);
        return oneCell(state, at(operator.inputs[operands.cellState]), output, null, hasProjection);
      });
      return cells.every((cell) => cell !== null) ? cells : null;
    }
    default:
      return null;
  }
}

/** The hidden value is the output where there is no projection. */
function oneCell(
  state: CalibratedRange | null,
  cell: CalibratedRange | null,
  output: CalibratedRange | null,
  hidden: CalibratedRange | null,
  hasProjection: boolean,
): LstmRanges | null {
  const all = state === null ? output : output === null ? state : union(state, output);
  const ofHidden = hidden ?? (hasProjection ? null : all);
  if (all === null || cell === null || ofHidden === null) return null;
  return { gates: { input: null, forget: null, cell: null, output: null }, hidden: ofHidden, cell, output: all };
}

function recordedRange({ range }: Tensor): CalibratedRange | null {
  const [min, max] = [range?.min[0], range?.max[0]];
  return min === undefined || max === undefined ? null : { min, max };
}
