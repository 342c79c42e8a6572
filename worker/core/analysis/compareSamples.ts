import type { SampleSource } from '../data/sample';
import { mergeCosts } from '../lstm/mixed/costSums';
import { withBatchHint } from '../run/batchHint';
import type { Value } from '../run/value';
import type { SamplePart } from './callsAtOnce';
import { emptyPart, type ComparedSample, type ComparisonPart } from './comparisonPart';
import { errorFigures } from './errorSums';
import type { ForeignOperator } from './foreignOperators';
import type { LayerPlan } from './layerPlan';
import type { Pace } from './pace';
import type { PartCosts } from './partCosts';
import { compareSample, mainOutputOf, type ComparedPaths, type MainOutput, type SampleAnswer } from './sampleComparison';
import { SampleError } from './sampleError';
import type { StepClock } from './stepClock';

/** All that a comparison needs beside its samples, prepared once on each thread. */
export interface PreparedComparison {
  readonly paths: ComparedPaths;
  readonly plans: readonly LayerPlan[];
  readonly state: 'reset' | 'carry';
  /** Where states are carried over; samples must then come in order. */
  readonly clock?: StepClock;
  /** Reads an answer off the main output. */
  readonly decode: ((output: Value) => string) | null;
  /** How sure an answer is, in the unit of the output's values. */
  readonly margin?: (output: Value) => number | null;
  /** What parts of recurrent layers cost, by position of the operator; fed with the float path's inputs. */
  readonly costs: ReadonlyMap<number, Pick<PartCosts, 'measure'>>;
  /** Operators that this engine does not compute, or that failed in the runs so far. */
  readonly foreign?: () => readonly ForeignOperator[];
}

/** Samples from `first` up to `end` of a run. */
export interface SampleRange {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Runs samples one after the other on all paths and counts everything. Memory is bounded by the largest sample. When it is
 * cancelled in the middle of one, nothing is covered: counts are added as they come, and ranges are short.
 * @throws SampleError
 */
export async function compareSamples(
  prepared: PreparedComparison,
  samples: Pick<SampleSource, 'get' | 'names'>,
  { first, end }: SampleRange,
  pace: Pace,
): Promise<ComparisonPart> {
  const { paths, plans, state, decode, clock = null } = prepared;
  const main = mainOutputOf(paths.graph);
  const empty = () => emptyPart(plans, paths.graph.inputs.length, paths.quantized !== null);
  const part = empty();
  for (let index = first; index < end && (await pace.mayContinue()); index++) {
    let name = samples.names[index] ?? String(index);
    let inputs: readonly Value[] = [];
    try {
      const sample = samples.get(index);
      name = sample.name;
      inputs = sample.inputs;
      const afterPart = (run: SamplePart) => addCosts(part, prepared, index, run);
      const options = { sample: index, state, clock, main, calls: sample.calls, afterPart };
      const answer = await pace.finish(compareSample(paths, plans, sample.inputs, options, part));
      if (answer === null) return empty();
      part.samples.push({ index, name, steps: sample.steps, ...figuresOf(answer, decode), ...marginsOf(answer, prepared, main) });
    } catch (cause) {
      throw new SampleError(name, withBatchHint(cause, paths.graph, inputs));
    }
  }
  return part;
}

/** Of the part of a sample that the float path has just run. */
function* addCosts(
  part: ComparisonPart,
  { paths, costs, state }: PreparedComparison,
  index: number,
  { calls, continues }: SamplePart,
): Generator<void, void> {
  // A sample gives its first steps, which are in its first part.
  if (continues && state === 'reset') return;
  for (const [position, cost] of costs) {
    const operator = paths.graph.operators[position];
    const x = paths.float.value(operator?.inputs[0] ?? -1);
    const measured = x === undefined ? null : yield* cost.measure(index, x, calls?.count ?? null);
    const sums = part.costs[position] ?? null;
    if (sums !== null && measured !== null) mergeCosts(sums, measured);
    else part.costs[position] = sums ?? measured;
  }
}

/** Margins of codes are whole numbers of the output's scale. */
function marginsOf(
  { float, quantized }: SampleAnswer,
  { margin, paths }: PreparedComparison,
  main: MainOutput | null,
): Pick<ComparedSample, 'margin'> {
  if (margin === undefined || float === null) return {};
  const scale = paths.graph.tensors[main?.tensor ?? -1]?.quantization?.scales[0] ?? 1;
  const codes = quantized === null ? null : margin(quantized);
  const isCodes = quantized !== null && !(quantized.data instanceof Float32Array);
  return { margin: { float: margin(float), quantized: codes === null ? null : codes * (isCodes ? scale : 1) } };
}

function figuresOf(
  { error, float, quantized }: SampleAnswer,
  decode: ((output: Value) => string) | null,
): Pick<ComparedSample, 'sqnrDb' | 'float' | 'quantized'> {
  return {
    sqnrDb: error === null ? null : (errorFigures(error)?.sqnrDb ?? null),
    float: decode === null || float === null ? null : decode(float),
    quantized: decode === null || quantized === null ? null : decode(quantized),
  };
}
