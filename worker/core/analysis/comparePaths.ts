import type { SampleSource } from '../data/sample';
import type { Graph } from '../model/model';
import type { Value } from '../run/value';
import { errorFigures } from './errorSums';
import type { LayerPlan } from './layerPlan';
import { emptyLayer, mergeLayer, type LayerSums } from './layerSums';
import type { PartCosts } from './partCosts';
import { compareSample, type ComparedPaths, type SampleSums } from './sampleComparison';
import { SampleError } from './sampleError';
import { mergeSignal, type SignalSums } from './signalSums';

export interface ComparisonProgress {
  readonly done: number;
  readonly total: number;
  /** Sample that is running now. */
  readonly sample: string;
  readonly finished: readonly { readonly name: string; readonly steps: number; readonly sqnrDb: number | null }[];
}

/** How a long job lives with others on its thread. */
export interface JobControl {
  /** At most ten times a second. */
  onProgress?(progress: ComparisonProgress): void;
  isCancelled?(): boolean;
  /** Lets waiting events (a cancel among them) be handled; awaited every 40 ms. */
  yieldToOthers?(): Promise<void>;
}

export interface ComparisonOptions {
  readonly state: 'reset' | 'carry';
  /** Reads an answer off the main output. */
  readonly decode: ((output: Value) => string) | null;
  /** What parts of LSTMs cost, by position of the operator; fed with the float path's inputs. */
  readonly costs: ReadonlyMap<number, Pick<PartCosts, 'add'>>;
}

/** What was counted over a data set. */
export interface Comparison {
  readonly plans: readonly LayerPlan[];
  /** Position of the layer that computes the model's last output; null where no operator does. */
  readonly mainLayer: number | null;
  readonly inputs: readonly (SignalSums | null)[];
  readonly layers: readonly LayerSums[];
  readonly samples: readonly ComparedSample[];
  /** False when the run was cancelled before all samples were seen. */
  readonly complete: boolean;
}

export interface ComparedSample {
  readonly name: string;
  readonly steps: number;
  /** Of the main output; null where nothing is compared or nothing differs. */
  readonly sqnrDb: number | null;
  /** What `decode` makes of the main output. */
  readonly float: string | null;
  readonly quantized: string | null;
}

const YIELD_AFTER_MS = 40;
const PROGRESS_AFTER_MS = 100;

/**
 * Runs every sample on all paths and counts everything. Memory is bounded by the largest sample. When cancelled, the result
 * covers the samples that were complete by then.
 * @throws SampleError
 */
export async function comparePaths(
  paths: ComparedPaths,
  plans: readonly LayerPlan[],
  samples: SampleSource,
  { state, decode, costs }: ComparisonOptions,
  control: JobControl,
): Promise<Comparison> {
  const main = mainOutputOf(paths.graph);
  const finished: ComparedSample[] = [];
  const pace = new Pace(control);
  let total: SampleSums | null = null;
  for (let index = 0; index < samples.count && (await pace.mayContinue()); index++) {
    const name = samples.names[index] ?? String(index);
    pace.report({ done: index, total: samples.count, sample: name, finished });
    try {
      const sample = samples.get(index);
      const sums = await finish(compareSample(paths, plans, sample.inputs, { state, mainOutput: main?.tensor ?? null }), pace);
      if (sums === null) break;
      finished.push({ name, steps: sample.steps, ...answers(sums, main?.layer ?? null, decode) });
      if (total === null) total = sums;
      else mergeSample(total, sums);
      for (const [position, cost] of costs) {
        const x = paths.float.value(paths.graph.operators[position]?.inputs[0] ?? -1);
        if (x !== undefined) cost.add(x);
        if (!(await pace.mayContinue())) break;
      }
    } catch (cause) {
      throw new SampleError(name, cause);
    }
  }
  return {
    plans,
    mainLayer: main?.layer ?? null,
    inputs: total?.inputs ?? paths.graph.inputs.map(() => null),
    layers: total?.layers ?? plans.map((plan) => emptyLayer(plan, paths.quantized !== null)),
    samples: finished,
    complete: finished.length === samples.count,
  };
}

/** Null when cancelled on the way. */
async function finish(work: Generator<void, SampleSums>, pace: Pace): Promise<SampleSums | null> {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
    if (!(await pace.mayContinue())) return null;
  }
}

/** The graph's output that is computed last, and the operator that computes it. */
function mainOutputOf(graph: Graph): { readonly tensor: number; readonly layer: number } | null {
  for (let layer = graph.operators.length - 1; layer >= 0; layer--) {
    const tensor = graph.operators[layer]?.outputs.find((index) => graph.outputs.includes(index));
    if (tensor !== undefined) return { tensor, layer };
  }
  return null;
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

function mergeSample(into: SampleSums, from: SampleSums): void {
  into.layers.forEach((layer, index) => {
    const other = from.layers[index];
    if (other !== undefined) mergeLayer(layer, other);
  });
  into.inputs.forEach((input, index) => {
    const other = from.inputs[index] ?? null;
    if (input !== null && other !== null) mergeSignal(input, other);
  });
}

/** Keeps the time since others last had their turn and since progress was last told. */
class Pace {
  private lastYield = Date.now();
  private lastProgress = 0;

  constructor(private readonly control: JobControl) {}

  report(progress: ComparisonProgress): void {
    if (Date.now() - this.lastProgress < PROGRESS_AFTER_MS) return;
    this.lastProgress = Date.now();
    this.control.onProgress?.({
      ...progress,
      finished: progress.finished.map(({ name, steps, sqnrDb }) => ({ name, steps, sqnrDb })),
    });
  }

  /** False once the job is cancelled. */
  async mayContinue(): Promise<boolean> {
    if (Date.now() - this.lastYield >= YIELD_AFTER_MS) {
      await this.control.yieldToOthers?.();
      this.lastYield = Date.now();
    }
    return this.control.isCancelled?.() !== true;
  }
}
