import type { IndexRange } from '../../report/detail';
import { isCodeArray, type AnalysedArray, type CodeArray } from '../analysedArray';
import { realsOf } from '../reals';
import type { SignalPlan } from '../layerPlan';
import type { CellTraces, DetailTrace } from './cellTraces';

/** One signal's values over one sample, cut to the steps and units asked for: arrays of [steps, batch, units]. */
export interface SignalBlock {
  /** Place among the run's samples. */
  readonly sample: number;
  /** First step: of the sample itself, and on the axis of steps. */
  readonly sampleStep: number;
  readonly axisStep: number;
  readonly steps: number;
  readonly batch: number;
  readonly units: number;
  /** Null where the path does not have the signal. */
  readonly float: Float32Array | null;
  /** Reals of the quantized path, and its codes where it has them. */
  readonly quantized: Float32Array | null;
  readonly codes: CodeArray | null;
  readonly local: Float32Array | null;
  readonly localCodes: CodeArray | null;
}

/** The signal that is looked into. */
export interface DetailPlan extends Pick<SignalPlan, 'size' | 'format'> {
  readonly name: keyof DetailTrace;
}

export interface BlockPlace {
  readonly sample: number;
  /** Of the whole sample on the axis of steps. */
  readonly firstStep: number;
  /** On the axis of steps; null: all. */
  readonly steps: IndexRange | null;
  readonly units: IndexRange;
}

export function cutBlock(traces: CellTraces, { name, size, format }: DetailPlan, place: BlockPlace): SignalBlock {
  const { firstStep, units } = place;
  const from = Math.min(traces.steps, Math.max(0, (place.steps?.from ?? 0) - firstStep));
  const to = Math.max(from, Math.min(traces.steps, (place.steps?.to ?? Infinity) - firstStep));
  const rows = { from: from * traces.batch, to: to * traces.batch };
  const valuesOf = (trace: CellTraces['float']) => cut(trace, name, size, rows, units);
  const [float, quantized, local] = [traces.float, traces.quantized, traces.local].map(valuesOf);
  const scale = format.quantization?.scales[0] ?? 1;
  const zeroPoint = format.quantization?.zeroPoints[0] ?? 0;
  return {
    sample: place.sample,
    sampleStep: from,
    axisStep: firstStep + from,
    steps: to - from,
    batch: traces.batch,
    units: units.to - units.from,
    float: float instanceof Float32Array ? float : null,
    quantized: quantized === null || quantized === undefined ? null : realsOf(quantized, scale, zeroPoint),
    codes: isCodeArray(quantized) ? quantized : null,
    local: local === null || local === undefined ? null : realsOf(local, scale, zeroPoint),
    localCodes: isCodeArray(local) ? local : null,
  };
}

/** Bytes that a block holds of its own. */
export function blockBytes({ float, quantized, local }: SignalBlock): number {
  return (float?.byteLength ?? 0) + 2 * (quantized?.byteLength ?? 0) + 2 * (local?.byteLength ?? 0);
}

function cut(
  trace: CellTraces['float'],
  name: keyof DetailTrace,
  size: number,
  rows: IndexRange,
  units: IndexRange,
): AnalysedArray | null {
  const values = trace?.[name];
  if (values === undefined) return null;
  if (units.from === 0 && units.to === size) return values.subarray(rows.from * size, rows.to * size);
  const width = units.to - units.from;
  const part = new (values.constructor as new (length: number) => AnalysedArray)((rows.to - rows.from) * width);
  for (let row = rows.from; row < rows.to; row++) {
    part.set(values.subarray(row * size + units.from, row * size + units.to), (row - rows.from) * width);
  }
  return part;
}
