import { errorsOf, mergeErrors } from '../analysis/errorSums';
import type { Pace } from '../analysis/pace';
import { SampleError } from '../analysis/sampleError';
import type { Sample, SampleSource } from '../data/sample';
import { decodeOutput, unitsOf } from '../report/task/decode';
import type { TaskLabels } from '../report/task/labels';
import { taskErrors } from '../report/task/scoreTask';
import { toReal } from '../run/gridValues';
import type { Value } from '../run/value';
import { emptyBlame, mergeBlame, type BlameSums } from './blameSums';
import type { MixedGraph } from './mixedGraph';
import { mixtureKey, type Mixture } from './mixture';
import { cutCalls, runCallByCall, runOnce } from './mixtureRuns';

export interface PreparedBlame {
  readonly graph: MixedGraph;
  /** Each once. */
  readonly mixtures: readonly Mixture[];
  /** The main output. */
  readonly output: number;
  readonly labels: TaskLabels | null;
  /** Calls that are measured of a sample that is stepped call by call. */
  readonly mostCalls: number;
}

/**
 * Runs samples from `first` up to `end` in every mixture. When it is cancelled in the middle of one, that sample is not covered.
 * @param onProgress told of the samples done, and of the share of the next one that is done
 * @throws SampleError
 */
export async function measureBlame(
  prepared: PreparedBlame,
  samples: Pick<SampleSource, 'get' | 'names'>,
  { first, end }: { readonly first: number; readonly end: number },
  pace: Pace,
  onProgress: (done: number, share: number) => void = () => undefined,
): Promise<BlameSums> {
  const total = emptyBlame(prepared.mixtures.length);
  const keys = prepared.mixtures.map(mixtureKey);
  for (let index = first; index < end && (await pace.mayContinue()); index++) {
    let name = samples.names[index] ?? String(index);
    try {
      const sample = samples.get(index);
      name = sample.name;
      const sums = await pace.finish(measureSample(prepared, keys, sample, index, (share) => onProgress(total.samples, share)));
      if (sums === null) break;
      mergeBlame(total, sums);
    } catch (cause) {
      throw new SampleError(name, cause);
    }
    onProgress(total.samples, 0);
  }
  return total;
}

function* measureSample(
  { graph, mixtures, output, labels, mostCalls }: PreparedBlame,
  keys: readonly string[],
  given: Sample,
  index: number,
  onShare: (share: number) => void,
): Generator<void, BlameSums> {
  const sums = emptyBlame(mixtures.length);
  const sample = cutCalls(given, mostCalls);
  const { calls } = sample;
  sums.samples = 1;
  sums.steps = sample.steps;
  sums.cut = sample.isCut ? 1 : 0;
  const on = { graph, mixtures, keys, tensor: output };
  const { reference, values } =
    calls === undefined
      ? yield* runOnce(on, sample.inputs)
      : yield* runCallByCall(on, { ...sample, calls }, (made) => onShare(made / calls.count));
  // What is said in part of a sample is not what its label is of.
  const expected = sample.isCut ? null : (labels?.labelOf(sample.name, index) ?? null);
  const answer = (value: Value | undefined | null) =>
    labels === null || expected === null || !value ? null : { labels, expected, text: decodeOutput(labels, value) };
  const float = answer(reference);
  if (float !== null) {
    sums.labelled = 1;
    sums.units = float.labels.kind === 'classification' ? 1 : unitsOf(float.labels, float.expected).length;
    sums.floatErrors = taskErrors(float.labels, float.expected, float.text);
    sums.floatRight = float.text === float.expected ? 1 : 0;
  }
  for (const [position, running] of values.entries()) {
    if (calls === undefined) onShare(position / mixtures.length);
    const value = yield* running;
    const own = sums.mixtures[position]!;
    if (value === null || !(reference?.data instanceof Float32Array)) continue;
    const real = toReal(graph.graph.tensors[output], value, graph.parts.own.options.path);
    mergeErrors(own.errors, errorsOf(reference.data, real.data as Float32Array, 1, 0));
    const given = answer(value);
    if (given === null) continue;
    own.taskErrors = taskErrors(given.labels, given.expected, given.text);
    own.right = given.text === given.expected ? 1 : 0;
  }
  return sums;
}
