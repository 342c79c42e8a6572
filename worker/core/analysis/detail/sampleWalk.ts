import type { Calls, SampleSource } from '../../data/sample';
import { realInputs } from '../../run/calls';
import type { Value } from '../../run/value';
import type { PreparedComparison } from '../compareSamples';
import { firstCalls, partsOfSample } from '../callsAtOnce';
import type { LayerPlan } from '../layerPlan';
import { localCells } from '../localCell';
import type { StepResult } from '../probedRun';
import { LocalOperands } from '../sampleComparison';
import { SampleError } from '../sampleError';
import type { OperatorTraces } from './cellTraces';
import type { OutputPaths } from './outputTraces';

/** Told of every LSTM that was run. */
export type OnCells = (sample: number, position: number, traces: OperatorTraces) => void;

/**
 * Runs samples on all paths without counting anything, operator by operator and only as far as is asked. Values of the sample that was
 * reached last can be read. With states carried over, all samples before are run first, unless they were just.
 */
export class SampleWalk {
  private sample = -1;
  /** Operators of `sample` that have run. */
  private done = 0;
  /** Of `sample`; null: one, without an axis of its own. */
  private calls: Calls | null = null;
  /** A walk that was left in the middle of a step has states that nobody knows. */
  private isLost = false;

  constructor(
    private readonly prepared: PreparedComparison,
    private readonly samples: Pick<SampleSource, 'get' | 'names'>,
    private readonly onCells: OnCells,
  ) {}

  /** Runs the first `count` operators on a sample, with pauses. @throws SampleError */
  *reach(sample: number, count: number): Generator<void, void> {
    const isCarried = this.prepared.state === 'carry';
    if (isCarried && (this.isLost || sample < this.sample)) this.restart();
    const first = isCarried ? Math.max(0, this.sample) : sample;
    for (let index = first; index <= sample; index++) {
      try {
        yield* this.run(index, index < sample ? this.prepared.plans.length : count);
      } catch (cause) {
        throw new SampleError(this.samples.names[index] ?? String(index), cause);
      }
    }
  }

  /**
   * Runs a sample from its beginning to its end, part by part where it is of very many calls, and tells of each part when its values are
   * there. Samples are to be asked for in order; afterwards the walk is to be forgotten.
   * @param count operators that are needed
   */
  *through(sample: number, count: number, visit: () => void): Generator<void, void> {
    const { paths, plans, state } = this.prepared;
    const { graph, float, quantized } = paths;
    try {
      if (state === 'reset') this.restart();
      else if (sample > 0) yield* this.reach(sample - 1, plans.length);
      else this.restart();
      this.isLost = true;
      for (const { inputs, calls, continues } of partsOfSample(graph, this.samples.get(sample))) {
        float.begin(realInputs(graph, inputs, calls), calls, continues);
        quantized?.lane.begin(inputs, calls, continues);
        // States of operators behind those that are needed go on, too.
        for (let position = 0; position < (state === 'carry' ? plans.length : count); position++) {
          yield* float.step(position);
          if (quantized !== null) yield* quantized.lane.step(position);
        }
        visit();
      }
      [this.sample, this.done, this.isLost] = [sample, plans.length, false];
    } catch (cause) {
      throw new SampleError(this.samples.names[sample] ?? String(sample), cause);
    }
  }

  /** Value of a tensor of the sample that was reached; undefined where the path does not have it. */
  value(tensor: number, path: 'float' | 'quantized'): Value | undefined {
    const { float, quantized } = this.prepared.paths;
    return path === 'float' ? float.value(tensor) : quantized?.lane.value(tensor);
  }

  /**
   * What an operator that is no LSTM gave on all paths for the sample that was reached, at least as far as it. Local is null where the
   * operator keeps a state over samples.
   */
  *output(plan: LayerPlan): Generator<void, OutputPaths> {
    const { paths, state } = this.prepared;
    const { graph, float, quantized } = paths;
    const { calls } = this;
    const stepOf = (path: 'float' | 'quantized'): StepResult | null => {
      const outputs = plan.operator.outputs.flatMap((index) => this.value(index, path) ?? []);
      const isWhole = outputs.length === plan.operator.outputs.length;
      return isWhole ? { outputs, probes: [], ...(calls === null ? {} : { calls: calls.count }) } : null;
    };
    const steps = { float: stepOf('float'), quantized: quantized === null ? null : stepOf('quantized') };
    const keepsState = plan.operator.inputs.some((index) => graph.tensors[index]?.isVariable === true);
    if (quantized === null || steps.quantized === null || (keepsState && state === 'carry')) return { ...steps, local: null };
    quantized.local.resetState();
    const local = new LocalOperands(graph, float, quantized, state === 'reset', calls);
    return { ...steps, local: yield* local.step(plan, steps.float, steps.quantized) };
  }

  /** The next sample is run from its beginning, whichever it is. */
  forget(): void {
    this.isLost = true;
  }

  private *run(sample: number, end: number): Generator<void, void> {
    const isNew = this.isLost || sample !== this.sample;
    this.isLost = true;
    if (isNew) this.begin(sample);
    for (; this.done < end; this.done++) yield* this.step(sample, this.done);
    this.isLost = false;
  }

  private begin(sample: number): void {
    const { graph, float, quantized } = this.prepared.paths;
    if (this.prepared.state === 'reset') this.restart();
    const { inputs, calls } = firstCalls(graph, this.samples.get(sample));
    float.begin(realInputs(graph, inputs, calls), calls);
    quantized?.lane.begin(inputs, calls);
    this.calls = calls;
    this.sample = sample;
    this.done = 0;
  }

  private restart(): void {
    const { float, quantized } = this.prepared.paths;
    float.resetState();
    quantized?.lane.resetState();
    this.sample = -1;
  }

  private *step(sample: number, position: number): Generator<void, void> {
    const { graph, float, quantized } = this.prepared.paths;
    const plan = this.prepared.plans[position];
    const floatStep = yield* float.step(position);
    const quantizedStep = quantized === null ? null : yield* quantized.lane.step(position);
    if (plan === undefined || plan.cells.length === 0) return;
    const prepared = quantized?.runner.operators[position];
    const localStep =
      prepared === undefined || floatStep === null || quantizedStep === null
        ? null
        : yield* localCells(prepared, graph, plan, floatStep, quantizedStep, null);
    this.onCells(sample, position, tracesOf(plan.cells.length, floatStep, quantizedStep, localStep));
  }
}

function tracesOf(
  cells: number,
  float: StepResult | null,
  quantized: StepResult | null,
  local: StepResult | null,
): OperatorTraces {
  return Array.from({ length: cells }, (_, index) => {
    const probe = quantized?.probes[index] ?? float?.probes[index];
    return {
      steps: probe?.steps ?? 0,
      batch: probe?.batch ?? 0,
      float: float?.probes[index]?.trace ?? null,
      quantized: quantized?.probes[index]?.trace ?? null,
      local: local?.probes[index]?.trace ?? null,
    };
  });
}
