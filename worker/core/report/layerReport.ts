import { errorFigures } from '../analysis/errorSums';
import type { CellPlan, LayerPlan } from '../analysis/layerPlan';
import type { CellSums, LayerSums } from '../analysis/layerSums';
import type { SignalSums } from '../analysis/signalSums';
import type { RecurrentFormula } from '../formula/recurrentFormula';
import type { RealLstmFormula } from '../lstm/float/realFormula';
import type { LstmFormula } from '../lstm/integer/integerFormula';
import { partCosts, type CostSums } from '../lstm/mixed/costSums';
import type { Graph, Tensor } from '../model/model';
import { isLstm, type CellInfo } from './cellInfos';
import { divergenceOf } from './divergence';
import { lossLedger } from './ledger';
import type { WeightRails } from './ledgerRows';
import { worstSamples } from './locatedError';
import { lostAtRails, sumLost } from './lostAtRails';
import type { LayerReport, LstmReport, SignalReport } from './report';
import { signalReport } from './signalReport';
import { openShape, quantizationInfo } from './tensorInfo';
import { nameInFile } from '../model/operatorName';

/** What a layer's figures need beside what was counted. */
export interface LstmContext {
  readonly info: CellInfo;
  readonly weightRails: WeightRails | null;
  readonly costs: CostSums | null;
  readonly formula: LstmFormula | null;
  readonly realFormulas: readonly RealLstmFormula[];
  readonly recurrentFormula: RecurrentFormula | null;
}

export function inputReport(graph: Graph, position: number, sums: SignalSums | null): LayerReport {
  const tensor = graph.tensors[graph.inputs[position] ?? -1];
  return {
    subgraph: graph.index,
    index: position,
    op: 'INPUT',
    ...tensorFields(tensor),
    ...countedInput(sums),
  };
}

export function layerReport(graph: Graph, plan: LayerPlan, sums: LayerSums, lstm: LstmContext | null): LayerReport {
  const { operator } = plan;
  return {
    subgraph: graph.index,
    index: operator.index,
    op: nameInFile(operator),
    ...tensorFields(graph.tensors[operator.outputs[0] ?? -1]),
    ...countedFields(plan, sums, lstm),
  };
}

/** All of an input's report that depends on its values. */
export function countedInput(sums: SignalSums | null): Omit<LayerReport, StaticField> {
  return { ...outputFields(sums), signals: outputSignals(sums), lstm: null };
}

/** All of a layer's report that depends on its values. */
export function countedFields(
  plan: Pick<LayerPlan, 'cells'>,
  sums: LayerSums,
  lstm: LstmContext | null,
): Omit<LayerReport, StaticField> {
  const cells = plan.cells.flatMap((cell, index) => {
    const counted = sums.cells[index];
    return counted === undefined ? [] : [{ plan: cell, sums: counted }];
  });
  return {
    ...outputFields(sums.output),
    signals: plan.cells.length > 0 ? cells.flatMap((cell) => cellSignals(cell.plan, cell.sums)) : outputSignals(sums.output),
    lstm: lstm === null ? null : lstmReport(cells, lstm, (sums.output?.accumulated.values ?? 0) > 0),
  };
}

function cellSignals(cell: CellPlan, sums: CellSums): SignalReport[] {
  return cell.signals.flatMap((signal, position): SignalReport[] => {
    const counted = sums.signals[position];
    if (counted === undefined || counted.floatRange.values + counted.floatRange.nonFinite === 0) return [];
    const direction = cell.direction === null ? {} : { direction: cell.direction };
    const { located, ...report } = signalReport({ signal: signal.name, gate: signal.gate, ...direction }, counted);
    return [located === undefined || signal.sameAs !== null ? report : { ...report, located }];
  });
}

function lstmReport(
  cells: readonly { readonly plan: CellPlan; readonly sums: CellSums }[],
  { info, weightRails, costs, formula, realFormulas, recurrentFormula }: LstmContext,
  compared: boolean,
): LstmReport {
  return {
    ...(isLstm(info) ? {} : { kind: info.kind }),
    name: info.name,
    ledger: lossLedger({ info, cells, weightRails }),
    ...costFields(costs),
    formula,
    ...(realFormulas.length > 0 ? { realFormulas } : {}),
    ...(recurrentFormula === null ? {} : { recurrentFormula }),
    ...(compared ? { divergence: cells.map((cell) => divergenceOf(cell.plan, cell.sums)) } : {}),
  };
}

function costFields(sums: CostSums | null): Pick<LstmReport, 'costs' | 'costSteps'> {
  const costs = sums === null ? null : partCosts(sums);
  return { costs, costSteps: costs === null ? null : (sums?.steps ?? null) };
}

type TensorField = 'name' | 'shape' | 'dtype' | 'quantization';
/** What does not depend on values. */
type StaticField = 'subgraph' | 'index' | 'op' | TensorField;

function tensorFields(tensor: Tensor | undefined): Pick<LayerReport, TensorField> {
  return {
    name: tensor?.name ?? '',
    shape: tensor === undefined ? [] : openShape(tensor),
    dtype: tensor?.dtype ?? 'unknown',
    quantization: tensor === undefined ? null : quantizationInfo(tensor),
  };
}

function outputFields(sums: SignalSums | null): Omit<LayerReport, StaticField | 'signals' | 'lstm'> {
  const rails = sums?.rails ?? null;
  return {
    local: sums === null ? null : errorFigures(sums.local),
    accumulated: sums === null ? null : errorFigures(sums.accumulated),
    saturation: { total: rails === null ? 0 : rails.low + rails.high, values: (sums?.range ?? sums?.floatRange)?.values ?? 0 },
    lostAtRails: sums === null ? 0 : sumLost(lostAtRails(sums)),
    ...(sums === null || sums.worstSamples.length === 0 ? {} : { worstSamples: worstSamples(sums.worstSamples) }),
  };
}

/** None where no float path was seen: a histogram without its float half would look like a comparison. */
function outputSignals(sums: SignalSums | null): SignalReport[] {
  if (sums === null || sums.floatRange.values + sums.floatRange.nonFinite === 0) return [];
  return [signalReport({ signal: 'out', gate: null }, sums)];
}
