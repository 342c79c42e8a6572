import { emptyErrors, errorFigures } from '../analysis/errorSums';
import { quirkOf } from '../compare/quirks';
import { GATE_LETTERS, GATES, type Gate } from '../lstm/signals';
import { floatIdentity } from '../report/compareModel';
import { modelIdentity } from '../report/modelIdentity';
import { MAIN_GRAPH, quantizedPathOf } from '../report/prepareComparison';
import { PART_NAMES } from '../report/headline';
import { blameHeadline } from './blameHeadline';
import type { BlamePlan, BlameRequest } from './blameModel';
import type { BlameMeasure, BlameReport, BlameSubject } from './blameReport';
import type { BlameSums, MixtureSums } from './blameSums';
import { ALL_OWN, mixtureKey, type Mixture } from './mixture';
import type { Subject } from './subjects';

/** Above this an error is rounding of the float path itself. */
const LARGEST_DB = 140;

/** @param plan null when it was cancelled before anything was prepared */
export function buildBlame(request: BlameRequest, plan: BlamePlan | null, sums: BlameSums): BlameReport {
  const { model, overview, floatModel, samples, persona, labels } = request;
  const graph = model.graphs[MAIN_GRAPH]!;
  const nothing: MixtureSums = { errors: emptyErrors(), taskErrors: 0, right: 0 };
  const places = new Map(plan?.prepared.mixtures.map((mixture, position) => [mixtureKey(mixture), position]));
  const measureOf = (mixture: Mixture): BlameMeasure =>
    measure(sums.mixtures[places.get(mixtureKey(mixture)) ?? -1] ?? nothing, sums.labelled > 0);
  const subjects = (plan?.subjects ?? [])
    .map((subject) => describe(request, subject, measureOf))
    // A quirk without which everything is the same does not occur in this model.
    .filter(({ kind, back, control }) => kind !== 'quirk' || JSON.stringify(back) !== JSON.stringify(control));
  const ranked = [...subjects].sort((a, b) => (b.gainDb ?? -Infinity) - (a.gainDb ?? -Infinity));
  const output = plan?.prepared.output ?? graph.outputs[0] ?? -1;
  const report: Omit<BlameReport, 'headline'> = {
    schema: 'gatescope.blame/1',
    generator: request.generator,
    model: modelIdentity(overview, request.sha256),
    floatModel: floatIdentity(graph, floatModel),
    quantizedPath: quantizedPathOf(overview.scheme) ?? 'int8',
    persona,
    personaOverrides: request.personaOverrides ?? {},
    state: request.state,
    data: { label: request.dataLabel, files: request.dataFiles, synthetic: samples.synthetic },
    samples: sums.samples,
    steps: sums.steps,
    ...(sums.cut === 0 || plan === null ? {} : { cut: { samples: sums.cut, calls: plan.prepared.mostCalls } }),
    complete: sums.samples === samples.count,
    requestedSamples: samples.count,
    output: {
      tensor: output,
      name: graph.tensors[output]?.name ?? '',
      op: graph.operators.find(({ outputs }) => outputs.includes(output))?.index ?? -1,
    },
    quantized: measureOf(ALL_OWN),
    task:
      labels === null || sums.labelled === 0
        ? null
        : {
            kind: labels.kind,
            unit: labels.unit,
            total: sums.units,
            samples: sums.labelled,
            floatErrors: sums.floatErrors,
            floatRight: sums.floatRight,
          },
    subjects: ranked.map((subject, position) => ({ ...subject, rank: position + 1 })),
    leftOut: plan?.leftOut ?? 0,
  };
  return { ...report, headline: blameHeadline(report) };
}

function describe(
  { model, overview, floatModel }: BlameRequest,
  subject: Subject,
  measureOf: (mixture: Mixture) => BlameMeasure,
): Omit<BlameSubject, 'rank'> {
  const { kind, position, tensor, part, output } = subject;
  const graph = model.graphs[MAIN_GRAPH]!;
  const operator = position === null ? null : (graph.operators[position] ?? null);
  const lstm = overview.lstms.find(({ subgraph, op }) => subgraph === graph.index && op === operator?.index)?.name ?? null;
  const tensorName = tensor === null ? null : (graph.tensors[tensor]?.name ?? '');
  const [back, control] = [measureOf(subject.back), measureOf(subject.control)];
  const emulated = [...subject.back.operators].filter(([, mode]) => mode.kind === 'emulated').map(([at]) => at);
  const isOfFloat = kind === 'weights' || part === 'W' || kind === 'layer';
  return {
    id: idOf(subject, operator?.index ?? null),
    kind,
    label: labelOf(subject, lstm ?? operator?.name ?? '', graph.tensors[operator?.outputs[0] ?? -1]?.name ?? '', tensorName),
    op: operator?.index ?? null,
    opName: operator?.name ?? null,
    lstm,
    tensor,
    tensorName,
    part,
    quirk: subject.quirk,
    gate: GATES.find((gate: Gate) => GATE_LETTERS[gate] === part) ?? null,
    output,
    otherWeights: isOfFloat && floatModel !== null,
    arithmetic: emulated.length === 0 ? 'exact' : 'emulated',
    emulatedOps: emulated.flatMap((at) => graph.operators[at]?.index ?? []).sort((a, b) => a - b),
    back,
    control,
    gainDb: gainDb(back, control),
    taskGain: back.taskErrors === null || control.taskErrors === null ? null : control.taskErrors - back.taskErrors,
    alone: subject.alone === null ? null : measureOf(subject.alone),
  };
}

function idOf({ kind, tensor, part, quirk, output }: Subject, op: number | null): string {
  switch (kind) {
    case 'layer':
      return `layer ${op ?? ''}${output === 'real' ? ' real' : ''}`;
    case 'part':
      return `part ${op ?? ''} ${part ?? ''}`;
    case 'weights':
      return `weights ${op ?? ''} ${tensor ?? ''}`;
    case 'quirk':
      return `quirk ${op ?? ''} ${quirk ?? ''}`;
    case 'tensor':
      return `tensor ${tensor ?? ''}`;
  }
}

function labelOf(
  { kind, position, part, quirk, output }: Subject,
  owner: string,
  name: string,
  tensorName: string | null,
): string {
  switch (kind) {
    case 'layer':
      return `layer ${name}${output === 'real' ? ' with its output' : ''}`;
    case 'part':
      return `${PART_NAMES[part ?? 'W']} of ${owner}`;
    case 'weights':
      return `weights ${tensorName ?? ''}`;
    case 'quirk':
      return `${quirk === null ? 'quirk' : quirkOf(quirk).label} of ${owner}`;
    case 'tensor':
      return `${position === null ? 'input' : 'tensor'} ${tensorName ?? ''}`;
  }
}

function measure({ errors, taskErrors, right }: MixtureSums, labelled: boolean): BlameMeasure {
  const figures = errorFigures(errors);
  return {
    sqnrDb: figures?.sqnrDb ?? null,
    exact: figures?.exact ?? false,
    rmse: figures?.rmse ?? 0,
    maxAbs: figures?.maxAbs ?? 0,
    taskErrors: labelled ? taskErrors : null,
    right: labelled ? right : null,
  };
}

function gainDb(back: BlameMeasure, control: BlameMeasure): number | null {
  const [after, before] = [back, control].map(({ exact, sqnrDb }) =>
    exact ? LARGEST_DB : sqnrDb === null ? null : Math.min(LARGEST_DB, sqnrDb),
  );
  return after === null || after === undefined || before === null || before === undefined ? null : after - before + 0;
}
