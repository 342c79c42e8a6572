import type { SampleSource } from '../data/sample';
import type { CostSums } from '../lstm/mixed/costSums';
import type { Graph } from '../model/model';
import type { Value } from '../run/value';
import { emptyPart, mergePart, type ComparedSample, type ComparisonPart } from './comparisonPart';
import { errorFigures } from './errorSums';
import type { LayerPlan } from './layerPlan';
import type { Pace } from './pace';
import type { PartCosts } from './partCosts';
import { compareSample, type ComparedPaths, type SampleSums } from './sampleComparison';
import { SampleError } from './sampleError';

/** All that a comparison needs beside its samples, prepared once on each thread. */
export interface PreparedComparison {
  readonly paths: ComparedPaths;
  readonly plans: readonly LayerPlan[];
  readonly state: 'reset' | 'carry';
  /** Reads an answer off the main output. */
  readonly decode: ((output: Value) => string) | null;
  /** What parts of LSTMs cost, by position of the operator; fed with the float path's inputs. */
  readonly costs: ReadonlyMap<number, Pick<PartCosts, 'measure'>>;
}

/** Samples from `first` up to `end` of a run. */
export interface SampleRange {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

/** The graph's output that is computed last, and the operator that computes it; null where no operator does. */
export interface MainOutput {
  readonly tensor: number;
  readonly layer: number;
}

/**
 * Runs samples one after the other on all paths and counts everything. Memory is bounded by the largest sample. When cancelled,
 * the result covers the samples that were complete by then.
 * @throws SampleError
 */
export async function compareSamples(
  prepared: PreparedComparison,
  samples: Pick<SampleSource, 'get' | 'names'>,
  { first, end }: SampleRange,
  pace: Pace,
): Promise<ComparisonPart> {
  const { paths, plans, state, decode } = prepared;
  const main = mainOutputOf(paths.graph);
  const part = emptyPart(plans, paths.graph.inputs.length, paths.quantized !== null);
  for (let index = first; index < end && (await pace.mayContinue()); index++) {
    const name = samples.names[index] ?? String(index);
    try {
      const sample = samples.get(index);
      const sums = await pace.finish(compareSample(paths, plans, sample.inputs, { state, mainOutput: main?.tensor ?? null }));
      if (sums === null) break;
      const compared = { index, name, steps: sample.steps, ...answers(sums, main?.layer ?? null, decode) };
      mergePart(part, {
        ...sums,
        inputs: [...sums.inputs],
        samples: [compared],
        costs: await measureCosts(prepared, index, pace),
      });
    } catch (cause) {
      throw new SampleError(name, cause);
    }
  }
  return part;
}

export function mainOutputOf(graph: Graph): MainOutput | null {
  for (let layer = graph.operators.length - 1; layer >= 0; layer--) {
    const tensor = graph.operators[layer]?.outputs.find((index) => graph.outputs.includes(index));
    if (tensor !== undefined) return { tensor, layer };
  }
  return null;
}

/** Of the sample that the float path has just run; one for each operator, null where there is none or the run was cancelled. */
async function measureCosts({ paths, costs }: PreparedComparison, index: number, pace: Pace): Promise<(CostSums | null)[]> {
  const measured: (CostSums | null)[] = [];
  for (const [position, operator] of paths.graph.operators.entries()) {
    const cost = costs.get(position);
    const x = cost === undefined ? undefined : paths.float.value(operator.inputs[0] ?? -1);
    measured.push(cost === undefined || x === undefined ? null : await pace.finish(cost.measure(index, x)));
  }
  return measured;
}

function answers(
  sums: SampleSums,
  mainLayer: number | null,
  decode: ((output: Value) => string) | null,
): Pick<ComparedSample, 'sqnrDb' | 'float' | 'quantized'> {
  const output = mainLayer === null ? null : (sums.layers[mainLayer]?.output ?? null);
  const { float, quantized } = sums.outputs;
  return {
    sqnrDb: output === null ? null : (errorFigures(output.accumulated)?.sqnrDb ?? null),
    float: decode === null || float === null ? null : decode(float),
    quantized: decode === null || quantized === null ? null : decode(quantized),
  };
}
