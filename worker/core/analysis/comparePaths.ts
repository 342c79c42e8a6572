import type { SampleSource } from '../data/sample';
import type { Graph } from '../model/model';
import { compareSamples, type PreparedComparison, type SampleRange } from './compareSamples';
import { emptyPart, type ComparisonPart } from './comparisonPart';
import { Crew, type Helpers } from './crew';
import { planNothing, type LayerPlan } from './layerPlan';
import { Pace, type JobControl } from './pace';
import { mainOutputOf } from './sampleComparison';
import { PartsInOrder } from './partsInOrder';
import { ProgressTeller, type ComparisonProgress } from './progressTeller';
import { chunksOf } from './sampleChunks';

/** What was counted over a data set. */
export interface Comparison extends Omit<ComparisonPart, 'schema'> {
  readonly plans: readonly LayerPlan[];
  /** Position of the layer that computes the model's last output; null where no operator does. */
  readonly mainLayer: number | null;
  /** False when the run was cancelled before all samples were seen. */
  readonly complete: boolean;
}

export interface ComparisonControl extends JobControl {
  /** At most ten times a second. */
  onProgress?(progress: ComparisonProgress): void;
  /** A share of the run: only these samples. Not where states are carried over. */
  readonly share?: SampleRange;
  /** Told of all that was counted, before anything is made of it. */
  onCounted?(comparison: Comparison): void;
}

/** What is known of a run that was cancelled before it could begin. */
export function compareNothing(graph: Graph, compared: boolean): Comparison {
  const plans = planNothing(graph);
  return {
    ...emptyPart(plans, graph.inputs.length, compared),
    plans,
    mainLayer: mainOutputOf(graph)?.layer ?? null,
    complete: false,
  };
}

/**
 * Runs every sample on all paths and counts everything, on this thread and, where there is enough to do, with helpers on others.
 * The result is the same to the last bit whoever does what: samples are counted in chunks that depend on their number alone, and
 * chunks are merged in order. When cancelled, it covers the samples that were complete by then.
 * @param helpers null: all is done on this thread, as it is when states are carried from sample to sample
 * @throws SampleError of the first sample that fails; HelperLost
 */
export async function comparePaths(
  prepared: PreparedComparison,
  samples: SampleSource,
  control: ComparisonControl,
  helpers: Helpers | null = null,
): Promise<Comparison> {
  const { paths, plans, state } = prepared;
  const total = emptyPart(plans, paths.graph.inputs.length, paths.quantized !== null);
  const parts = new PartsInOrder(total);
  const { first, end } = control.share ?? { first: 0, end: samples.count };
  const names = samples.names.slice(first, end);
  const progress = new ProgressTeller({ count: names.length, names }, control.onProgress?.bind(control) ?? null);
  const isCancelled = () => control.isCancelled?.() === true;
  const crew = new Crew({
    chunks: chunksOf(end - first, first),
    helpers: state === 'reset' ? helpers : null,
    isCancelled,
    onPart: (chunk, part) => {
      parts.put(chunk.number, part);
      progress.tell(parts);
    },
  });
  const pace = new Pace({
    isCancelled: () => crew.isLost || isCancelled(),
    yieldToOthers: async () => {
      crew.grow(parts.samplesDone);
      await control.yieldToOthers?.();
    },
  });
  progress.tell(parts);
  await crew.work((range) => compareSamples(prepared, samples, range, pace));
  parts.mergeRest();
  const comparison = {
    ...total,
    plans,
    mainLayer: mainOutputOf(paths.graph)?.layer ?? null,
    complete: total.samples.length === end - first,
  };
  control.onCounted?.(comparison);
  return comparison;
}
