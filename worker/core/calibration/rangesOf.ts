import type { Gate } from '../lstm/signals';
import { BIDIRECTIONAL_OPERANDS, LSTM_OPERANDS, lstmOperatorOf } from '../model/lstmOperands';
import type { Graph } from '../model/model';
import { operandTensor } from '../model/operands';
import { resolveOverrides } from '../recipe/overrides';
import type { LstmOverride, ObserverName, Recipe } from '../recipe/recipe';
import type { Calibration, CellStatistics } from './calibration';
import type { CalibratedRange, CalibratedRanges, LstmRanges } from './calibratedRanges';
import { observedRange } from './observers';
import type { ValueStatistics } from './valueStatistics';

/**
 * Ranges that a recipe takes from a calibration: by its observer, or by that of a tensor or gate where it names one. The
 * observer of the recipe is for int8 tensors. Cells and gates before layer norm are int16, which clipping gains nothing and costs
 * much (a clipped cell is wrong ever after): they keep every value unless an override names their own observer.
 * @throws RecipeError when the recipe names what the graph does not have
 */
export function rangesOf(
  calibration: Calibration,
  graph: Graph,
  recipe: Pick<Recipe, 'observer' | 'tensors' | 'lstms'> = {},
): CalibratedRanges {
  const observer = recipe.observer ?? 'min-max';
  const { lstms: overrides, sixteen } = resolveOverrides(graph, { schema: 'gatescope.recipe/1', ...recipe });
  const tensors = calibration.tensors.map((tensor, index): CalibratedRange | null => {
    if (tensor === null) return null;
    const own = recipe.tensors?.[tensor.name]?.observer;
    return observedRange(tensor.values, own ?? observer, sixteen.has(index) ? 16 : 8);
  });
  const lstms = [...calibration.lstms].map(([op, cells]): [number, readonly LstmRanges[]] => [
    op,
    cells.flatMap((cell, index) => {
      const own = cells.length === 1 ? outputObserver(graph, op, recipe) : undefined;
      const observers = { all: observer, output: own ?? observer };
      return cellRanges(cell, hasProjection(graph, op, index), observers, overrides.get(op) ?? {}) ?? [];
    }),
  ]);
  return { tensors, lstms: new Map(lstms.filter(([, cells]) => cells.length > 0)) };
}

/**
 * Null where the LSTM never ran a step. Without a projection the hidden value is the output: it has the same range, not one that
 * the states' initial values tell apart.
 */
function cellRanges(
  cell: CellStatistics,
  projection: boolean,
  observers: { readonly all: ObserverName; readonly output: ObserverName },
  override: LstmOverride,
): LstmRanges | null {
  const wide = (values: ValueStatistics | null, own?: ObserverName) =>
    values === null ? null : observedRange(values, own ?? 'min-max', 16);
  const gate = (name: Gate) => wide(cell.gates[name], override.gates?.[name]?.observer);
  const output = observedRange(cell.output, observers.output, 8);
  const hidden = projection ? observedRange(cell.hidden, override.hidden?.observer ?? observers.all, 8) : output;
  const states = wide(cell.cell);
  if (hidden === null || output === null || states === null) return null;
  return {
    gates: { input: gate('input'), forget: gate('forget'), cell: gate('cell'), output: gate('output') },
    ...{ hidden, cell: states, output },
  };
}

/** That of the LSTM's output tensor, with which the state shares its parameters. */
function outputObserver(graph: Graph, op: number, { tensors }: Pick<Recipe, 'tensors'>): ObserverName | undefined {
  return tensors?.[graph.tensors[graph.operators[op]?.outputs[0] ?? -1]?.name ?? '']?.observer;
}

function hasProjection(graph: Graph, op: number, cell: number): boolean {
  const operator = graph.operators[op];
  const kind = operator === undefined ? null : lstmOperatorOf(operator);
  if (operator === undefined || kind === null || kind === 'basic') return false;
  const direction = cell === 0 ? BIDIRECTIONAL_OPERANDS.forward : BIDIRECTIONAL_OPERANDS.backward;
  return operandTensor(graph, operator, (kind === 'bidirectional' ? direction : LSTM_OPERANDS).projectionWeights) !== null;
}
