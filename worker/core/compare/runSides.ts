import type { AnalysedArray } from '../analysis/analysedArray';
import { isCodeArray } from '../analysis/analysedArray';
import { firstCalls } from '../analysis/callsAtOnce';
import type { CellPlan, LayerPlan, SignalPlan } from '../analysis/layerPlan';
import type { StepResult } from '../analysis/probedRun';
import type { Calls, Sample } from '../data/sample';
import { realInputs } from '../run/calls';
import type { LstmProbe } from '../run/preparedOp';
import type { Value } from '../run/value';
import { countDifferences, type Geometry } from './countDifferences';
import type { DifferenceSums } from './differenceSums';
import type { GraphPairing } from './matchGraphs';
import type { PreparedSide } from './prepareSides';

/** A signal that both sides have. */
export interface SignalPair {
  readonly a: SignalPlan | null;
  readonly b: SignalPlan | null;
  /** Which cell of the operator, and which output, on both sides. */
  readonly cell: number;
  readonly output: number;
  readonly direction: CellPlan['direction'];
}

/** An operator of A with its counterpart, and what is compared there. */
export interface LayerPair {
  readonly a: LayerPlan;
  readonly b: LayerPlan;
  readonly signals: readonly SignalPair[];
}

/** Matched operators whose values stand for reals, in the order of A. */
export function pairLayers(a: PreparedSide, b: PreparedSide, { partners }: GraphPairing): LayerPair[] {
  return a.plans.flatMap((plan): LayerPair[] => {
    const other = b.plans[partners[plan.position] ?? -1];
    if (other === undefined) return [];
    const cells = plan.cells.flatMap((cell, index) =>
      cell.signals.flatMap((signal): SignalPair[] => {
        const partner = other.cells[index]?.signals.find(({ name }) => name === signal.name);
        if (partner === undefined || partner.size !== signal.size || signal.name === 'x') return [];
        return [{ a: signal, b: partner, cell: index, output: 0, direction: cell.direction }];
      }),
    );
    const isPlain = plan.cells.length === 0 || other.cells.length === 0;
    const outputs = isPlain && plan.format !== null && other.format !== null ? plan.outputs.filter((one) => other.outputs.includes(one)) : []; // prettier-ignore
    const signals = [...cells, ...outputs.map((output): SignalPair => ({ a: null, b: null, cell: 0, output, direction: null }))];
    return signals.length === 0 ? [] : [{ a: plan, b: other, signals }];
  });
}

/** What one side has at one operator. */
interface SideStep {
  readonly own: StepResult;
  readonly float: StepResult | null;
}

export interface SampleDifference {
  /** Aligned with the pairs and their signals; null where lengths differ. */
  readonly layers: (DifferenceSums | null)[][];
  /** Main outputs. */
  readonly a: Value | null;
  readonly b: Value | null;
}

/** As much of a sample as can be compared: all values of its calls are kept on both sides. The sample itself where that is all. */
export function comparedPart({ graph }: PreparedSide, sample: Sample): Sample {
  const { inputs, calls } = firstCalls(graph, sample);
  if (sample.calls === undefined || calls === null || calls.count === sample.calls.count) return sample;
  return { ...sample, inputs, calls, steps: Math.round((sample.steps * calls.count) / sample.calls.count) };
}

/** Runs one sample on both sides and on their float paths, with pauses. */
export function* runSides(
  a: PreparedSide,
  b: PreparedSide,
  pairs: readonly LayerPair[],
  { inputs: order }: GraphPairing,
  sample: Sample,
  index: number,
  state: 'reset' | 'carry',
): Generator<void, SampleDifference> {
  const inputsOf = (side: PreparedSide) => (side === a ? sample.inputs : order.flatMap((from) => sample.inputs[from] ?? []));
  for (const side of [a, b]) {
    if (state === 'reset') for (const path of [side.lane, side.float]) path.resetState();
    const inputs = inputsOf(side);
    const calls = sample.calls === undefined ? null : callsOf(sample.calls, side === a ? null : order);
    side.lane.begin(inputs, calls);
    side.float.begin(realInputs(side.graph, inputs, calls), calls);
  }
  const walkA = new Walk(a, new Set(pairs.map((pair) => pair.a.position)));
  const walkB = new Walk(b, new Set(pairs.map((pair) => pair.b.position)));
  const layers: (DifferenceSums | null)[][] = [];
  for (const pair of pairs) {
    const stepA = yield* walkA.at(pair.a.position);
    const stepB = yield* walkB.at(pair.b.position);
    const counts: (DifferenceSums | null)[] = [];
    for (const signal of pair.signals) {
      counts.push(compareSignal(pair, signal, stepA, stepB, sample, index));
      yield;
    }
    layers.push(counts);
  }
  yield* walkA.end();
  yield* walkB.end();
  const outputOf = ({ lane, main }: PreparedSide) => (main === null ? null : (lane.value(main.tensor) ?? null));
  return { layers, a: outputOf(a), b: outputOf(b) };
}

/** @param order which input of A each one of B is; outputs stand in the same order. Null: they are A's */
function callsOf({ count, feeds }: Calls, order: readonly number[] | null): Calls {
  return { count, feeds: order === null ? feeds : order.map((from) => feeds[from] ?? 'same') };
}

/** One side's way through its graph; what a later pair needs is kept until then. */
class Walk {
  private readonly kept = new Map<number, SideStep>();
  private next = 0;

  constructor(
    private readonly side: PreparedSide,
    private readonly wanted: ReadonlySet<number>,
  ) {}

  *at(position: number): Generator<void, SideStep> {
    while (this.next <= position) yield* this.step();
    const step = this.kept.get(position)!;
    this.kept.delete(position);
    return step;
  }

  *end(): Generator<void, void> {
    while (this.next < this.side.plans.length) yield* this.step();
  }

  private *step(): Generator<void, void> {
    const own = yield* this.side.lane.step(this.next);
    const float = yield* this.side.float.step(this.next);
    if (this.wanted.has(this.next)) this.kept.set(this.next, { own, float });
    this.next++;
  }
}

function compareSignal(
  pair: LayerPair,
  signal: SignalPair,
  stepA: SideStep,
  stepB: SideStep,
  sample: Sample,
  index: number,
): DifferenceSums | null {
  const [a, b] = [valuesOf(stepA.own, signal, signal.a), valuesOf(stepB.own, signal, signal.b)];
  if (a === null || b === null || a.length !== b.length || a.length === 0) return null;
  const float = (step: SideStep, plan: SignalPlan | null) => {
    const values = step.float === null ? null : valuesOf(step.float, signal, plan);
    return values instanceof Float32Array && values.length === a.length ? values : null;
  };
  const formatA = signal.a?.format ?? pair.a.format;
  const formatB = signal.b?.format ?? pair.b.format;
  if (formatA === null || formatB === null) return null;
  const values = { a, b, floatA: float(stepA, signal.a), floatB: float(stepB, signal.b), formatA, formatB };
  return countDifferences(values, geometryOf(stepA.own, signal, sample), { index, name: sample.name });
}

function valuesOf(step: StepResult, { cell, output }: SignalPair, plan: SignalPlan | null): AnalysedArray | null {
  if (plan === null) return analysed(step.outputs[output]?.data);
  const probe: LstmProbe | undefined = step.probes[cell];
  const trace = probe?.trace[plan.name];
  // A trace may be longer than what was run.
  return probe === undefined || trace === undefined ? null : trace.subarray(0, probe.steps * probe.batch * plan.size);
}

function analysed(data: unknown): AnalysedArray | null {
  return data instanceof Float32Array || isCodeArray(data) ? data : null;
}

/** Time lies on the first of the leading axes that is as long as the sample. */
function geometryOf(step: StepResult, { a, cell, output }: SignalPair, sample: Sample): Geometry {
  const probe = step.probes[cell];
  if (a !== null && probe !== undefined) return { outer: 1, steps: probe.steps, rows: probe.batch, units: a.size, hasTime: true };
  const shape = step.outputs[output]?.shape ?? [];
  const units = shape.at(-1) ?? 1;
  const count = shape.reduce((product, size) => product * size, 1);
  const time = sample.steps > 1 ? shape.slice(0, -1).indexOf(sample.steps) : -1;
  if (time < 0) return { outer: 1, steps: 1, rows: units === 0 ? 0 : count / units, units, hasTime: false };
  const outer = shape.slice(0, time).reduce((product, size) => product * size, 1);
  return { outer, steps: sample.steps, rows: count / (outer * sample.steps * units), units, hasTime: true };
}
