import { chunksOf } from '../analysis/sampleChunks';
import { Pace, type JobControl } from '../analysis/pace';
import { mainOutputOf } from '../analysis/sampleComparison';
import type { Feed, SampleSource } from '../data/sample';
import { ModelFormatError } from '../formats/modelFormatError';
import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import type { IdentifiedModel } from '../report/compareModel';
import type { ModelOverview } from '../report/overview';
import { MAIN_GRAPH, matchPartner, quantizedPathOf } from '../report/prepareComparison';
import type { TaskLabels } from '../report/task/labels';
import { preparingGraph } from '../run/prepareGraph';
import type { GraphOptions, Path } from '../run/graphRunner';
import type { Graph, Model } from '../model/model';
import type { BlameReport } from './blameReport';
import { emptyBlame, mergeBlame } from './blameSums';
import { buildBlame } from './buildBlame';
import { measureBlame, type PreparedBlame } from './measureBlame';
import { MixedGraph } from './mixedGraph';
import { ALL_OWN, mixtureKey, type Mixture } from './mixture';
import { mostCalls } from './mostCalls';
import { SUBJECT_KINDS, type SubjectKind } from './subjectKinds';
import { subjectsOf, type Subject } from './subjects';

export interface BlameRequest extends IdentifiedModel {
  readonly overview: ModelOverview;
  /** Null: the model's own weights, dequantized; then no weights can be blamed. */
  readonly floatModel: IdentifiedModel | null;
  readonly samples: SampleSource;
  readonly dataLabel: string;
  readonly dataFiles: readonly string[];
  readonly persona: PersonaName;
  readonly personaOverrides?: PersonaOverrides;
  readonly state: 'reset' | 'carry';
  readonly labels: TaskLabels | null;
  /** What to put back, one by one; default: everything. */
  readonly kinds?: readonly SubjectKind[];
  /** At most this many, in the order of the graph. */
  readonly mostSubjects?: number;
  readonly generator: string;
}

export interface BlameProgress {
  /** Samples. */
  readonly done: number;
  readonly total: number;
  /** The one under way. */
  readonly sample: string;
  /** Of all the work, 0..1. */
  readonly share: number;
}

export interface BlameControl extends JobControl {
  /** At most ten times a second. */
  onProgress?(progress: BlameProgress): void;
}

const MOST_SUBJECTS = 1000;
const TELL_AFTER_MS = 100;

/** Everything that measuring needs beside its samples. */
export interface BlamePlan {
  readonly prepared: PreparedBlame;
  readonly subjects: readonly Subject[];
  /** How many were left out. */
  readonly leftOut: number;
}

/**
 * Puts each part, tensor, weight matrix and layer of a quantized model back to float, one by one, and measures what its main
 * output gains.
 * @throws UnsupportedOperatorError, ModelFormatError when a path cannot be prepared, the model is float or the float model is another
 *   network; SampleError when a sample cannot be run
 */
export async function blameModel(request: BlameRequest, control: BlameControl = {}): Promise<BlameReport> {
  const { samples } = request;
  const pace = new Pace(control);
  const plan = await prepareBlame(request, pace);
  const total = emptyBlame(plan?.prepared.mixtures.length ?? 0);
  const teller = tellerOf(samples, control);
  teller(0, 0);
  for (const chunk of plan === null ? [] : chunksOf(samples.count)) {
    const before = total.samples;
    const part = await measureBlame(plan!.prepared, samples, chunk, pace, (done, share) => teller(before + done, share));
    mergeBlame(total, part);
    if (control.isCancelled?.() === true) break;
  }
  return buildBlame(request, plan, total);
}

/** Null when it was cancelled. */
export async function prepareBlame(request: BlameRequest, pace: Pace): Promise<BlamePlan | null> {
  const { model, overview, floatModel, samples, persona, personaOverrides, state, labels, runtime } = request;
  const graph = model.graphs[MAIN_GRAPH];
  const path = quantizedPathOf(overview.scheme);
  if (graph === undefined) throw new ModelFormatError('NO_GRAPH', 'The model has no graph to run.');
  if (path === null) {
    throw new ModelFormatError('MODEL_IS_FLOAT', 'The model is float: there is nothing to put back to float.');
  }
  const main = mainOutputOf(graph);
  if (main === null) throw new ModelFormatError('NO_OUTPUT', 'No operator computes an output of the model.');
  const kinds = new Set(request.kinds ?? SUBJECT_KINDS);
  const match = floatModel === null ? null : matchPartner(graph, floatModel.model);
  const overrides = personaOverrides === undefined ? {} : { personaOverrides };
  const elsewhere = runtime === undefined ? {} : { runtime };
  const optionsOf = (to: Path): GraphOptions =>
    to === 'float' ? { path: to, persona: 'tflite' } : { path: to, persona, ...overrides };
  const prepare = (of: Model, to: Path) => pace.finish(preparingGraph(of, MAIN_GRAPH, { ...optionsOf(to), ...elsewhere }));
  const own = await prepare(model, path);
  const real = own === null ? null : await prepare(model, 'float');
  const runner = real === null || floatModel === null ? null : await prepare(floatModel.model, 'float');
  if (own === null || real === null || (floatModel !== null && runner === null)) return null;
  const mixed = new MixedGraph({
    own,
    real,
    partner: runner === null || match === null ? null : { runner, match },
    last: lastNeeded(graph, main.layer, samples),
    state,
    ...overrides,
    eachOperand: kinds.has('weights'),
  });
  const lstms = overview.lstms.filter(({ subgraph }) => subgraph === graph.index);
  const all = subjectsOf(mixed, kinds, new Map(lstms.map((lstm) => [lstm.op, lstm])));
  const subjects = all.slice(0, request.mostSubjects ?? MOST_SUBJECTS);
  const mixtures = distinct(subjects);
  const most = mostCalls(graph, mixed.parts.last, mixtures.length);
  return {
    prepared: { graph: mixed, mixtures, output: main.tensor, labels, mostCalls: most },
    subjects,
    leftOut: all.length - subjects.length,
  };
}

/** The main output's operator, or a later one that computes a state which the next call is fed with. */
function lastNeeded({ outputs, operators }: Graph, main: number, samples: SampleSource): number {
  const states = feedsOf(samples).flatMap((feed) => (typeof feed === 'number' ? (outputs[feed] ?? []) : []));
  return Math.max(main, ...states.map((state) => operators.findIndex((operator) => operator.outputs.includes(state))));
}

function feedsOf(samples: SampleSource): readonly Feed[] {
  if (samples.count === 0) return [];
  try {
    return samples.get(0).calls?.feeds ?? [];
  } catch {
    // Said with the sample's name when it is measured.
    return [];
  }
}

/** Every mixture once; all quantized first. */
function distinct(subjects: readonly Subject[]): Mixture[] {
  const wanted = [
    ALL_OWN,
    ...subjects.flatMap(({ back, control, alone }) => [back, control, ...(alone === null ? [] : [alone])]),
  ];
  return [...new Map(wanted.map((mixture) => [mixtureKey(mixture), mixture])).values()];
}

/** @returns to be told of the samples done, and of the share of the next one that is done */
function tellerOf({ count, names }: SampleSource, control: BlameControl): (done: number, share: number) => void {
  let last = 0;
  return (done, share) => {
    if (Date.now() - last < TELL_AFTER_MS && done < count) return;
    last = Date.now();
    const sample = names[Math.min(done, count - 1)] ?? '';
    control.onProgress?.({ done, total: count, sample, share: count === 0 ? 1 : (done + share) / count });
  };
}
