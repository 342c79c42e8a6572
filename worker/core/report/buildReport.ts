import type { Comparison } from '../analysis/comparePaths';
import type { ForeignOperator } from '../analysis/foreignOperators';
import { recurrentFormula } from '../formula/recurrentFormula';
import { whereComputed } from '../formula/whereComputed';
import { lintRun } from '../findings/lintRun';
import { switchQuirks, type QuirkSwitches } from '../compare/quirks';
import { realLstmFormulas } from '../lstm/float/realFormula';
import { lstmFormula } from '../lstm/integer/integerFormula';
import type { PersonaName } from '../lstm/persona';
import type { Graph, Operator } from '../model/model';
import { cellInfoOf } from './cellInfos';
import { cellReports } from './cellReport';
import { audioReports } from './audioReport';
import { withAnswer } from './headline';
import { modelIdentity } from './modelIdentity';
import { inputReport, layerReport } from './layerReport';
import type { ModelOverview } from './overview';
import type { DataIdentity, FloatModelIdentity, Report, SampleReport } from './report';
import type { TaskLabels } from './task/labels';
import { scoreTask } from './task/scoreTask';
import { weightRailsOf } from './weightRails';

/** What a report says beside what was counted. */
export interface ReportContext {
  readonly generator: string;
  readonly overview: ModelOverview;
  readonly sha256: string;
  readonly graph: Graph;
  readonly floatModel: FloatModelIdentity | null;
  readonly quantizedPath: Report['quantizedPath'];
  readonly persona: PersonaName;
  readonly quirks: QuirkSwitches;
  /** Operators that this engine does not compute. */
  readonly foreign?: readonly ForeignOperator[];
  readonly state: 'reset' | 'carry';
  readonly data: DataIdentity;
  readonly requestedSamples: number;
  readonly labels: TaskLabels | null;
}

export function buildReport(comparison: Comparison, context: ReportContext): Report {
  const { overview, graph, labels } = context;
  const perSample = comparison.samples.map((sample): SampleReport => ({
    ...sample,
    expected: labels?.labelOf(sample.name, sample.index) ?? null,
  }));
  const layers = layersOf(comparison, context);
  const audio = audioReports(overview, layers);
  const recurrent = (overview.recurrent ?? []).filter(({ subgraph }) => subgraph === graph.index);
  const cells = context.quantizedPath === null ? [] : cellReports(overview.recognised ?? [], layers);
  const withoutRunFindings: Omit<Report, 'headline'> = {
    schema: 'gatescope.report/1',
    generator: context.generator,
    model: modelIdentity(overview, context.sha256),
    floatModel: context.floatModel,
    quantizedPath: context.quantizedPath,
    persona: context.persona,
    ...(Object.keys(context.quirks).length > 0 ? { quirks: context.quirks } : {}),
    state: context.state,
    data: context.data,
    samples: perSample.length,
    steps: perSample.reduce((sum, { steps }) => sum + steps, 0),
    complete: comparison.complete,
    requestedSamples: context.requestedSamples,
    inputs: comparison.inputs.map((sums, position) => inputReport(graph, position, sums)),
    layers,
    ...(context.foreign === undefined || context.foreign.length === 0 ? {} : { foreign: context.foreign }),
    lstms: overview.lstms.filter(({ subgraph }) => subgraph === graph.index),
    ...(recurrent.length === 0 ? {} : { recurrent }),
    ...(cells.length === 0 ? {} : { cells }),
    task: labels === null ? null : scoreTask(labels, perSample),
    ...(audio.length === 0 ? {} : { audio }),
    perSample,
    findings: overview.findings,
    targets: overview.targets,
  };
  const report = { ...withoutRunFindings, findings: lintRun(withoutRunFindings, overview.findings) };
  return withAnswer(report, comparison.mainLayer);
}

function layersOf({ plans, layers, costs }: Comparison, context: ReportContext): Report['layers'] {
  const { graph, overview, persona, quirks, quantizedPath } = context;
  const lstmParts = (operator: Operator) => ({
    weightRails: weightRailsOf(graph, operator),
    formula: quantizedPath === 'int8' ? lstmFormula(graph, operator, persona, switchQuirks(quirks, persona)) : null,
    realFormulas: realLstmFormulas(graph, operator),
    recurrentFormula: whereComputed(() => recurrentFormula(graph, operator, persona)),
  });
  return plans.flatMap((plan, position) => {
    const sums = layers[position];
    if (sums === undefined) return [];
    const info = cellInfoOf(overview, { subgraph: graph.index, index: plan.operator.index });
    const lstm = info === null ? null : { info, ...lstmParts(plan.operator), costs: costs[position] ?? null };
    return [layerReport(graph, plan, sums, lstm)];
  });
}
