import type { LstmLosses } from '../lstm/lstmRunner';
import type { SignalName } from '../lstm/signals';
import type { Value } from '../run/value';
import { isCodeArray, type AnalysedArray } from './analysedArray';
import { emptyErrors, mergeErrors, type ErrorSums } from './errorSums';
import type { CellPlan, LayerPlan, SignalPlan } from './layerPlan';
import { addLosses, emptyLosses, type StepResult } from './probedRun';
import type { SamplePlace } from './locatedSums';
import { inSteps, outputAxes } from './outputAxes';
import {
  addQuantizedAlone,
  addSignal,
  emptySignal,
  mergeSignal,
  type AddedErrors,
  type SignalPlace,
  type SignalSums,
} from './signalSums';
import { addWorstSample, sampleError } from './worstSamples';

/** All that is counted at one operator. Mergeable, plain data. */
export interface LayerSums {
  readonly output: SignalSums | null;
  readonly cells: readonly CellSums[];
}

export interface CellSums {
  /** Aligned with the plan's signals; one object for signals that are the same values. */
  readonly signals: readonly SignalSums[];
  readonly losses: LstmLosses;
}

/** One path's values at one operator. */
export interface LayerValues {
  readonly step: StepResult;
  /** The operator's first input, which is an LSTM's x. */
  readonly input: Value | undefined;
}

/** Null where a path has nothing to say of the operator. */
export type LayerPaths = Readonly<Record<'float' | 'quantized' | 'local', LayerValues | null>>;

export function emptyLayer(plan: LayerPlan, compared: boolean): LayerSums {
  return {
    output: plan.format === null ? null : emptySignal(plan.format, compared),
    cells: plan.cells.map((cell) => ({ signals: emptySignals(cell, compared), losses: emptyLosses() })),
  };
}

function emptySignals({ signals }: CellPlan, compared: boolean): SignalSums[] {
  const sums = new Map<SignalName, SignalSums>();
  for (const { name, sameAs, format, size } of signals) {
    const same = sameAs === null ? undefined : sums.get(sameAs);
    sums.set(name, same ?? emptySignal(format, compared, size));
  }
  return [...sums.values()];
}

/**
 * Adds one sample at one operator, with a pause after every signal.
 * @returns the error of its output over this sample; null where nothing is compared
 */
export function* addLayer(
  sums: LayerSums,
  plan: LayerPlan,
  paths: LayerPaths,
  place: Omit<SamplePlace, 'batch'>,
): Generator<void, ErrorSums | null> {
  const { output } = sums;
  const errors = emptyErrors();
  if (output !== null) {
    for (const index of plan.outputs) {
      const isLocated = index === plan.outputs[0] && plan.cells.length === 0;
      const { accumulated } = addOutput(output, plan, index, paths, isLocated ? place : null);
      if (accumulated !== null) mergeErrors(errors, accumulated);
      yield;
    }
    addWorstSample(output.worstSamples, sampleError(place.sample, errors));
  }
  for (const [index, cell] of plan.cells.entries()) {
    const cellSums = sums.cells[index];
    const local = cellSums === undefined ? null : yield* addCell(cellSums, plan, cell, index, paths, place);
    if (output !== null && local !== null) mergeErrors(output.local, local);
  }
  return errors.values === 0 ? null : errors;
}

/** @param place null: nothing is told by step and unit */
function addOutput(
  sums: SignalSums,
  plan: LayerPlan,
  index: number,
  paths: LayerPaths,
  place: Omit<SamplePlace, 'batch'> | null,
): AddedErrors {
  const step = (paths.quantized ?? paths.float)?.step;
  const { shape = [] } = step?.outputs[index] ?? {};
  const axes = place === null ? null : outputAxes(plan.operator, shape, step?.calls);
  const dataOf = (path: LayerValues | null) => {
    const data = analysed(path?.step.outputs[index]?.data);
    return data === null || axes === null ? data : inSteps(data, shape, axes);
  };
  const isLocated = place !== null && axes !== null && place.sample < locatedOutputs(axes.steps * axes.batch * axes.units);
  const here: SignalPlace | null =
    place === null || axes === null ? null : { ...place, batch: axes.batch, units: axes.units, isPart: true, isLocated };
  // Where nothing has erred, all are one array, and stay so.
  const [float, quantized] = [dataOf(paths.float), dataOf(paths.quantized)];
  const isSame = paths.local?.step.outputs[index]?.data === paths.quantized?.step.outputs[index]?.data;
  return add(plan, sums, float, quantized, isSame ? quantized : dataOf(paths.local), here);
}

export function mergeLayer(into: LayerSums, other: LayerSums): void {
  if (into.output !== null && other.output !== null) mergeSignal(into.output, other.output);
  into.cells.forEach((cell, index) => {
    const from = other.cells[index];
    if (from === undefined) return;
    for (const [position, signal] of cell.signals.entries()) {
      const added = from.signals[position];
      const isSeen = cell.signals.indexOf(signal) < position;
      if (added !== undefined && !isSeen) mergeSignal(signal, added);
    }
    addLosses(cell.losses, from.losses);
  });
}

/** Values of one cell whose steps and units are told, some 0.1 s. */
const LOCATED_VALUES = 4e6;
/** What a sample is taken to have; how many are covered must not depend on who runs which. */
const USUAL_STEPS = 64;
const LEAST_SAMPLES = 16;
/** Of operators that are no LSTMs: there are many of them. */
const MOST_LOCATED_OUTPUTS = 1_024;

/** The first samples of a run, whose errors are told by step and unit: more of them hardly change the picture. */
function locatedSamples({ signals }: CellPlan): number {
  const perStep = signals.reduce((sum, { size, sameAs }) => sum + (sameAs === null ? size : 0), 0);
  return Math.max(LEAST_SAMPLES, Math.floor(LOCATED_VALUES / (perStep * USUAL_STEPS)));
}

/** The same of operators that are no LSTMs, by the values of their output: a sample of a large one is enough to see where it errs. */
function locatedOutputs(values: number): number {
  return Math.max(1, Math.floor(LOCATED_VALUES / Math.max(values, LOCATED_VALUES / MOST_LOCATED_OUTPUTS)));
}

/** @returns the local error of h, which is the output's: steps computed from exact states make signals, not the operator's output */
function* addCell(
  sums: CellSums,
  plan: LayerPlan,
  cell: CellPlan,
  index: number,
  paths: LayerPaths,
  place: Omit<SamplePlace, 'batch'>,
): Generator<void, ErrorSums | null> {
  const probe = (paths.quantized ?? paths.float)?.step.probes[index];
  const cellPlace = { ...place, batch: probe?.batch ?? 1, isLocated: place.sample < locatedSamples(cell) };
  let local: ErrorSums | null = null;
  for (const [position, signal] of cell.signals.entries()) {
    const signalSums = sums.signals[position];
    if (signalSums === undefined || signal.sameAs !== null) continue;
    const dataOf = (values: LayerValues | null) => (values === null ? null : signalData(signal, values, index));
    const [float, quantized] = [dataOf(paths.float), dataOf(paths.quantized)];
    const errors = add(plan, signalSums, float, quantized, dataOf(paths.local), cellPlace);
    if (signal.name === 'h') local = errors.local;
    yield;
  }
  if (probe !== undefined) addLosses(sums.losses, probe.losses);
  return local;
}

function add(
  { operator }: LayerPlan,
  sums: SignalSums,
  floats: AnalysedArray | null,
  quantized: AnalysedArray | null,
  local: AnalysedArray | null,
  place: SignalPlace | null,
): AddedErrors {
  if (!(floats instanceof Float32Array)) {
    if (quantized !== null) addQuantizedAlone(sums, quantized);
    return { accumulated: null, local: null };
  }
  for (const other of [quantized, local]) {
    if (other === null || other.length === floats.length) continue;
    const lengths = `${other.length} values, the float path ${floats.length}`;
    throw new RangeError(`op ${operator.index} ${operator.name}: the quantized path has ${lengths}`);
  }
  return addSignal(sums, floats, quantized, local, place);
}

function signalData({ name, size }: SignalPlan, { step, input }: LayerValues, cell: number): AnalysedArray | null {
  if (name === 'x') return analysed(input?.data);
  const probe = step.probes[cell];
  const values = probe?.trace[name];
  if (probe === undefined || values === undefined) return null;
  // A trace may be longer than what was run.
  const length = probe.steps * probe.batch * size;
  return values.length === length ? values : values.subarray(0, length);
}

function analysed(data: unknown): AnalysedArray | null {
  return data instanceof Float32Array || isCodeArray(data) ? data : null;
}
