import type { JobControl } from '../analysis/pace';
import { Pace } from '../analysis/pace';
import { SampleError } from '../analysis/sampleError';
import type { SampleSource } from '../data/sample';
import { ModelFormatError } from '../formats/modelFormatError';
import type { Graph, Model } from '../model/model';
import { schemeOf } from '../model/scheme';
import { MAIN_GRAPH } from '../report/prepareComparison';
import { decodeOutput, unitsOf } from '../report/task/decode';
import type { TaskLabels } from '../report/task/labels';
import { taskErrors } from '../report/task/scoreTask';
import type { Value } from '../run/value';
import { buildComparison } from './buildComparison';
import type { Comparison, RunDifferences } from './comparison';
import { emptyDifference, mergeDifference, type DifferenceSums } from './differenceSums';
import { matchGraphs, type GraphPairing } from './matchGraphs';
import { prepareSide, type PreparedSide, type SideModel } from './prepareSides';
import { comparedPart, pairLayers, runSides, type LayerPair } from './runSides';
import { staticDifferences } from './staticDifferences';

export interface ComparedData {
  /** Read for the graph of A; B's inputs are fed by name, else by order. */
  readonly samples: SampleSource;
  readonly label: string;
  readonly files: readonly string[];
  readonly labels: TaskLabels | null;
}

export interface CompareOptions {
  readonly state?: 'reset' | 'carry';
  /** What both sides are held against. Null: the side that is float, else each side's own weights as reals. */
  readonly floatModel?: Model | null;
  /** Program and version. */
  readonly generator: string;
}

export interface CompareProgress {
  /** Samples. */
  readonly done: number;
  readonly total: number;
  readonly sample: string;
  /** Of all the work, 0..1. */
  readonly share: number;
}

export interface CompareControl extends JobControl {
  /** At most ten times a second. */
  onProgress?(progress: CompareProgress): void;
}

/** What a run over samples has summed up; merges with those of other samples of the same pairs. */
export interface RunSums {
  samples: number;
  steps: number;
  /** Calls that are compared of samples with more; null where there are none. */
  cutTo: number | null;
  /** Aligned with the pairs and their signals; null until both sides had values of one length. */
  readonly layers: (DifferenceSums | null)[][];
  readonly task: { units: number; samples: number; errorsA: number; errorsB: number };
  readonly changed: { sample: string; expected: string; a: string; b: string }[];
}

const TELL_AFTER_MS = 100;
const MOST_CHANGED = 100;

/**
 * What differs between two models, or one under two runtimes' arithmetic: in the files, and in every value when both are run.
 * @param data null: the files alone are compared
 * @throws UnsupportedOperatorError, ModelFormatError when a side cannot be prepared; SampleError when a sample cannot be run
 */
export async function compareModels(
  a: SideModel,
  b: SideModel,
  data: ComparedData | null,
  options: CompareOptions,
  control: CompareControl = {},
): Promise<Comparison> {
  const [graphA, graphB] = [mainGraph(a), mainGraph(b)];
  const pairing = matchGraphs(graphA, graphB);
  const statics = await untilDone(staticDifferences(graphA, graphB, pairing), control);
  const pace = new Pace(control);
  const float = floatOf(a, b, options.floatModel ?? null);
  const prepared = data === null ? null : await prepareBoth(a, b, float.models, pace);
  const pairs = prepared === null ? [] : pairLayers(prepared.a, prepared.b, pairing);
  const sums = emptyRun(pairs);
  const state = options.state ?? 'reset';
  if (data !== null && prepared !== null) await runAll(prepared, pairs, pairing, data, state, sums, pace, control);
  const run = data === null ? null : { data, state, float: float.source, pairs, sums, main: prepared?.a.main?.layer ?? null };
  return buildComparison({ a, b, graphA, graphB, statics, run, generator: options.generator });
}

interface BothSides {
  readonly a: PreparedSide;
  readonly b: PreparedSide;
}

async function prepareBoth(a: SideModel, b: SideModel, [floatA, floatB]: FloatModels, pace: Pace): Promise<BothSides | null> {
  const first = await prepareSide(a, floatA, pace);
  const second = first === null ? null : await prepareSide(b, floatB, pace);
  return first === null || second === null ? null : { a: first, b: second };
}

async function runAll(
  { a, b }: BothSides,
  pairs: readonly LayerPair[],
  pairing: GraphPairing,
  { samples, labels }: ComparedData,
  state: 'reset' | 'carry',
  sums: RunSums,
  pace: Pace,
  control: CompareControl,
): Promise<void> {
  let told = 0;
  for (let index = 0; index < samples.count && (await pace.mayContinue()); index++) {
    let name = samples.names[index] ?? String(index);
    if (Date.now() - told >= TELL_AFTER_MS) {
      told = Date.now();
      control.onProgress?.({ done: index, total: samples.count, sample: name, share: index / samples.count });
    }
    try {
      const whole = samples.get(index);
      name = whole.name;
      const sample = comparedPart(a, whole);
      if (sample !== whole) sums.cutTo = sample.calls?.count ?? null;
      const difference = await pace.finish(runSides(a, b, pairs, pairing, sample, index, state));
      if (difference === null) return;
      sums.samples++;
      sums.steps += sample.steps;
      difference.layers.forEach((signals, layer) => signals.forEach((one, signal) => addTo(sums.layers[layer]!, signal, one)));
      if (labels !== null) addAnswers(sums, labels, name, index, difference.a, difference.b);
    } catch (cause) {
      throw new SampleError(name, cause);
    }
  }
}

function addTo(layer: (DifferenceSums | null)[], signal: number, one: DifferenceSums | null): void {
  if (one === null) return;
  const own = (layer[signal] ??= emptyDifference());
  mergeDifference(own, one);
}

function addAnswers(sums: RunSums, labels: TaskLabels, sample: string, index: number, a: Value | null, b: Value | null): void {
  const expected = labels.labelOf(sample, index);
  if (expected === null || a === null || b === null) return;
  const [answerA, answerB] = [decodeOutput(labels, a), decodeOutput(labels, b)];
  sums.task.samples++;
  sums.task.units += labels.kind === 'classification' ? 1 : unitsOf(labels, expected).length;
  sums.task.errorsA += taskErrors(labels, expected, answerA);
  sums.task.errorsB += taskErrors(labels, expected, answerB);
  if (answerA !== answerB && sums.changed.length < MOST_CHANGED) sums.changed.push({ sample, expected, a: answerA, b: answerB });
}

function emptyRun(pairs: readonly LayerPair[]): RunSums {
  return {
    samples: 0,
    steps: 0,
    cutTo: null,
    layers: pairs.map(({ signals }) => signals.map(() => null)),
    task: { units: 0, samples: 0, errorsA: 0, errorsB: 0 },
    changed: [],
  };
}

type FloatModels = readonly [a: Model | null, b: Model | null];

function floatOf(
  a: SideModel,
  b: SideModel,
  floatModel: Model | null,
): { readonly source: RunDifferences['float']; readonly models: FloatModels } {
  if (floatModel !== null) return { source: 'file', models: [floatModel, floatModel] };
  const [isFloatA, isFloatB] = [a, b].map(({ model }) => schemeOf(model) === 'float');
  if (isFloatA === isFloatB) return { source: 'own', models: [null, null] };
  return isFloatA === true ? { source: 'a', models: [null, a.model] } : { source: 'b', models: [b.model, null] };
}

function mainGraph({ model }: SideModel): Graph {
  const graph = model.graphs[MAIN_GRAPH];
  if (graph === undefined) throw new ModelFormatError('NO_GRAPH', `${model.fileName} has no graph to compare.`);
  return graph;
}

/** To the end even when it is cancelled: files alone are compared in no time worth stopping. */
async function untilDone<T>(work: Generator<void, T>, control: JobControl): Promise<T> {
  const pace = new Pace({ yieldToOthers: async () => control.yieldToOthers?.() });
  return (await pace.finish(work))!;
}
