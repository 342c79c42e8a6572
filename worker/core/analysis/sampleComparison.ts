import { portsOf, steppingOf } from '../data/dataPlan';
import type { Calls } from '../data/sample';
import type { Graph } from '../model/model';
import { realInputs } from '../run/calls';
import type { GraphRunner } from '../run/graphRunner';
import { sameValues, toCodes } from '../run/gridValues';
import type { Value } from '../run/value';
import type { FloatPath } from './floatPath';
import type { GraphLane } from './graphLane';
import { tensorFormat, type LayerPlan } from './layerPlan';
import { partsOfSample, type SamplePart } from './callsAtOnce';
import { emptyErrors, mergeErrors, type ErrorSums } from './errorSums';
import { addLayer, type LayerSums } from './layerSums';
import { localCells, type TraceMemory } from './localCell';
import type { SamplePlace } from './locatedSums';
import { outputAxes } from './outputAxes';
import type { StepResult } from './probedRun';
import { StepClock } from './stepClock';
import { addSignal, emptySignal, type SignalSums } from './signalSums';

/** The paths of one comparison, prepared once. */
export interface ComparedPaths {
  readonly graph: Graph;
  readonly float: FloatPath;
  /** Null for a float model. */
  readonly quantized: QuantizedPaths | null;
}

export interface QuantizedPaths {
  readonly runner: GraphRunner;
  readonly lane: GraphLane;
  /** The same operators once more, with a state of their own, fed from the float path. */
  readonly local: GraphLane;
  /** For what is counted at once. */
  readonly memory: TraceMemory;
}

/** Where a sample is counted, beside others of its run. */
export interface Counts {
  /** One per input of the graph; null where it holds no reals, and before the first sample. */
  readonly inputs: (SignalSums | null)[];
  /** One per operator. */
  readonly layers: readonly LayerSums[];
}

/** What is known of one sample alone, all of it at the main output. */
export interface SampleAnswer {
  readonly error: ErrorSums | null;
  /** Null where the path does not compute it. */
  readonly float: Value | null;
  readonly quantized: Value | null;
}

export interface SampleOptions {
  /** Place among the samples of the run. */
  readonly sample: number;
  readonly state: 'reset' | 'carry';
  /** Counts steps over samples where states are carried over. */
  readonly clock: StepClock | null;
  readonly main: MainOutput | null;
  /** The sample is many calls, whose steps follow each other. */
  readonly calls?: Calls | undefined;
  /** What is done with each part of the sample once it has run. */
  readonly afterPart?: (part: SamplePart) => Generator<void, void>;
}

/**
 * Runs one sample on all paths and adds everything to `counts`. Pauses often, so that the caller can let others run and can stop;
 * a sample stopped half-way leaves `counts` good for nothing. One of very many calls is run and counted part by part: its outputs as a
 * whole are then not told.
 */
export function* compareSample(
  paths: ComparedPaths,
  plans: readonly LayerPlan[],
  inputs: readonly Value[],
  options: SampleOptions,
  counts: Counts,
): Generator<void, SampleAnswer> {
  const { float, quantized } = paths;
  if (options.state === 'reset') for (const path of [float, quantized?.lane, quantized?.local]) path?.resetState();
  const parts = partsOfSample(paths.graph, { inputs, ...(options.calls === undefined ? {} : { calls: options.calls }) });
  const clock = options.clock ?? (parts.length > 1 ? new StepClock() : null);
  const error = emptyErrors();
  let answer: SampleAnswer = { error: null, float: null, quantized: null };
  for (const part of parts) {
    answer = yield* comparePart(paths, plans, part, { ...options, clock }, counts);
    if (answer.error !== null) mergeErrors(error, answer.error);
    if (options.afterPart !== undefined) yield* options.afterPart(part);
  }
  if (parts.length === 1) return answer;
  return { error: error.values === 0 ? null : error, float: null, quantized: null };
}

function* comparePart(
  paths: ComparedPaths,
  plans: readonly LayerPlan[],
  { inputs, calls, continues }: SamplePart,
  { sample, state, clock, main }: SampleOptions,
  counts: Counts,
): Generator<void, SampleAnswer> {
  const { graph, float, quantized } = paths;
  float.begin(realInputs(graph, inputs, calls), calls, continues);
  quantized?.lane.begin(inputs, calls, continues);
  const isFresh = state === 'reset' && !continues;
  const local = quantized === null ? null : new LocalOperands(graph, float, quantized, isFresh, calls);
  let error: ErrorSums | null = null;
  for (const [position, plan] of plans.entries()) {
    const floatStep = yield* float.step(plan.position);
    const quantizedStep = quantized === null ? null : yield* quantized.lane.step(plan.position);
    const localStep = local === null ? null : yield* local.step(plan, floatStep, quantizedStep);
    const sums = counts.layers[position];
    if (sums === undefined) continue;
    const x = plan.operator.inputs[0] ?? -1;
    const withInput = (step: StepResult | null, input: Value | undefined) => (step === null ? null : { step, input });
    const values = {
      float: withInput(floatStep, float.value(x)),
      quantized: withInput(quantizedStep, quantized?.lane.value(x)),
      local: withInput(localStep, local?.value(x) ?? undefined),
    };
    const firstStep = clock?.take(position, stepsTaken(plan, quantizedStep ?? floatStep)) ?? 0;
    const errors = yield* addLayer(sums, plan, values, { sample, firstStep, continues });
    if (position === main?.layer) error = errors;
  }
  const place = { sample, firstStep: 0, batch: 1, isLocated: false };
  graph.inputs.forEach((tensor, position) => {
    countInput(paths, tensor, counts, position, { ...place, isState: typeof calls?.feeds[position] === 'number' });
  });
  return {
    error,
    float: main === null ? null : (float.value(main.tensor) ?? null),
    quantized: main === null ? null : (quantized?.lane.value(main.tensor) ?? null),
  };
}

/** Steps of an LSTM, or along the output of another operator. */
function stepsTaken({ operator, cells }: LayerPlan, step: StepResult | null): number {
  if (cells.length > 0) return step?.probes[0]?.steps ?? 0;
  return outputAxes(operator, step?.outputs[0]?.shape ?? [], step?.calls)?.steps ?? 0;
}

/** The graph's output that is computed last, and the operator that computes it. */
export interface MainOutput {
  readonly tensor: number;
  readonly layer: number;
}

/** Null where no operator computes an output. States that a model gives back are not it, unless there is nothing else. */
export function mainOutputOf(graph: Graph): MainOutput | null {
  const states = new Set(steppingOf(portsOf(graph), {}).pairs.map(({ output }) => graph.outputs[output] ?? -1));
  return (
    lastOutput(
      graph,
      graph.outputs.filter((index) => !states.has(index)),
    ) ?? lastOutput(graph, graph.outputs)
  );
}

function lastOutput(graph: Graph, outputs: readonly number[]): MainOutput | null {
  for (let layer = graph.operators.length - 1; layer >= 0; layer--) {
    const tensor = graph.operators[layer]?.outputs.find((index) => outputs.includes(index));
    if (tensor !== undefined) return { tensor, layer };
  }
  return null;
}

/** Operands for the local error: the float path's own values in the format that the quantized path gives each tensor. */
export class LocalOperands {
  private readonly values = new Map<number, Value | null>();

  constructor(
    private readonly graph: Graph,
    private readonly float: FloatPath,
    private readonly paths: QuantizedPaths,
    /** Whether all states started at zero with this sample. */
    private readonly fresh: boolean,
    private readonly calls: Calls | null,
  ) {}

  value(tensor: number): Value | null {
    const known = this.values.get(tensor);
    if (known !== undefined) return known;
    const value = this.quantize(tensor);
    this.values.set(tensor, value);
    return value;
  }

  /** Null where an operand has no float counterpart. */
  *step(plan: LayerPlan, floatStep: StepResult | null, quantizedStep: StepResult | null): Generator<void, StepResult | null> {
    const prepared = this.paths.runner.operators[plan.position];
    if (plan.cells.length > 0 && prepared !== undefined) {
      if (floatStep === null || quantizedStep === null) return null;
      return yield* localCells(prepared, this.graph, plan, floatStep, quantizedStep, this.paths.memory);
    }
    const computed = plan.operator.inputs.map((tensor) => this.paths.lane.value(tensor) ?? null);
    const operands = plan.operator.inputs.map((tensor, index) => (computed[index] === null ? null : this.value(tensor)));
    if (operands.some((operand, index) => operand === null && computed[index] !== null)) return null;
    // The first layers see the same codes on both paths, and an operator with the same state then gives the same answer.
    const same = operands.every((operand, index) => sameValues(operand, computed[index] ?? null));
    return this.fresh && same
      ? quantizedStep
      : yield* this.paths.local.stepOn(plan.position, operands, this.calls?.count ?? null);
  }

  private quantize(index: number): Value | null {
    // An input has its codes from the data, but for a state, which has them from the path.
    const input = this.graph.inputs.indexOf(index);
    if (input >= 0 && typeof this.calls?.feeds[input] !== 'number') return this.paths.lane.value(index) ?? null;
    const value = this.float.value(index);
    const tensor = this.graph.tensors[index];
    if (value === undefined || tensor === undefined) return null;
    return toCodes(tensor, value, this.paths.runner.options.path);
  }
}

/** What quantizing an input alone costs. */
function countInput(
  { graph, float, quantized }: ComparedPaths,
  index: number,
  { inputs }: Counts,
  position: number,
  place: SamplePlace & { readonly isLocated: boolean; readonly isState: boolean },
): void {
  const tensor = graph.tensors[index];
  const floats = float.value(index)?.data;
  const runner = quantized?.runner ?? { options: { path: 'float', persona: 'tflite' } as const };
  const format = tensor === undefined ? null : tensorFormat(tensor, runner);
  if (format === null || !(floats instanceof Float32Array)) return;
  const sums = (inputs[position] ??= emptySignal(format, quantized !== null));
  const codes = quantized?.lane.value(index)?.data ?? null;
  // A state's error is no input's own.
  addSignal(sums, floats, codes as Int8Array | null, place.isState ? null : (codes as Int8Array | null), place);
}
