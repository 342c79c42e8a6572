import type { LstmLosses } from '../lstm/lstmRunner';
import type { Value } from '../run/value';
import { isCodeArray, type AnalysedArray } from './analysedArray';
import { addErrors, emptyErrors, type ErrorSums } from './errorSums';
import type { CellPlan, LayerPlan, SignalPlan } from './layerPlan';
import { addLosses, emptyLosses, type StepResult } from './probedRun';
import { addQuantizedAlone, addSignal, emptySignal, mergeSignal, type SignalSums } from './signalSums';

/** All that is counted at one operator. Mergeable, plain data. */
export interface LayerSums {
  readonly output: SignalSums | null;
  readonly cells: readonly CellSums[];
}

export interface CellSums {
  /** Aligned with the plan's signals. */
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
    cells: plan.cells.map((cell) => ({
      signals: cell.signals.map((signal) => emptySignal(signal.format, compared)),
      losses: emptyLosses(),
    })),
  };
}

/** Adds one sample at one operator, with a pause after every signal. */
export function* addLayer(sums: LayerSums, plan: LayerPlan, paths: LayerPaths): Generator<void, void> {
  const { output } = sums;
  if (output !== null) {
    for (const index of plan.outputs) {
      const dataOf = (values: LayerValues | null) => analysed(values?.step.outputs[index]?.data);
      add(plan, output, dataOf(paths.float), dataOf(paths.quantized), dataOf(paths.local));
      yield;
    }
  }
  for (const [index, cell] of plan.cells.entries()) {
    const cellSums = sums.cells[index];
    if (cellSums !== undefined) yield* addCell(cellSums, plan, cell, index, paths);
  }
}

/** Error of the operator's output over one sample alone; null where nothing is compared. */
export function outputErrors({ output }: LayerSums, plan: LayerPlan, paths: LayerPaths): ErrorSums | null {
  if (output === null) return null;
  const sums = emptyErrors();
  for (const index of plan.outputs) {
    const floats = analysed(paths.float?.step.outputs[index]?.data);
    const quantized = analysed(paths.quantized?.step.outputs[index]?.data);
    if (!(floats instanceof Float32Array) || quantized === null) continue;
    addErrors(sums, floats, quantized, output.axis.scale, output.axis.zeroPoint);
  }
  return sums;
}

export function mergeLayer(into: LayerSums, other: LayerSums): void {
  if (into.output !== null && other.output !== null) mergeSignal(into.output, other.output);
  into.cells.forEach((cell, index) => {
    const from = other.cells[index];
    if (from === undefined) return;
    cell.signals.forEach((signal, position) => {
      const added = from.signals[position];
      if (added !== undefined) mergeSignal(signal, added);
    });
    addLosses(cell.losses, from.losses);
  });
}

function* addCell(sums: CellSums, plan: LayerPlan, cell: CellPlan, index: number, paths: LayerPaths): Generator<void, void> {
  for (const [position, signal] of cell.signals.entries()) {
    const signalSums = sums.signals[position];
    if (signalSums === undefined) continue;
    const dataOf = (values: LayerValues | null) => (values === null ? null : signalData(signal, values, index));
    add(plan, signalSums, dataOf(paths.float), dataOf(paths.quantized), dataOf(paths.local));
    yield;
  }
  const losses = (paths.quantized ?? paths.float)?.step.probes[index]?.losses;
  if (losses !== undefined) addLosses(sums.losses, losses);
}

function add(
  { operator }: LayerPlan,
  sums: SignalSums,
  floats: AnalysedArray | null,
  quantized: AnalysedArray | null,
  local: AnalysedArray | null,
): void {
  if (!(floats instanceof Float32Array)) {
    if (quantized !== null) addQuantizedAlone(sums, quantized);
    return;
  }
  for (const other of [quantized, local]) {
    if (other === null || other.length === floats.length) continue;
    const lengths = `${other.length} values, the float path ${floats.length}`;
    throw new RangeError(`op ${operator.index} ${operator.name}: the quantized path has ${lengths}`);
  }
  addSignal(sums, floats, quantized, local);
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
