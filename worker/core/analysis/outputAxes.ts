import type { Operator } from '../model/model';
import type { AnalysedArray } from './analysedArray';

/**
 * An operator's output as steps of units. Units are its channels: the last axis, or the second of ONNX's image operators. Steps are the
 * first other axis behind the batch that is longer than 1 (time of a sequence, rows of an image), else the batch. All other axes are
 * rows of a step.
 */
export interface OutputAxes {
  readonly unit: number;
  /** Null where the units are all there is. */
  readonly step: number | null;
  readonly steps: number;
  /** Rows of one step. */
  readonly batch: number;
  readonly units: number;
}

/** ONNX's operators that have their channels in the second axis. */
const CHANNELS_FIRST = new Set([
  'AveragePool',
  'BatchNormalization',
  'Conv',
  'ConvInteger',
  'ConvTranspose',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'InstanceNormalization',
  'MaxPool',
  'QLinearConv',
]);

/**
 * Null for a single value.
 * @param calls the shape is [calls, ...shape of one], and calls are the steps; absent: it is that of one call
 */
export function outputAxes({ name }: Pick<Operator, 'name'>, shape: readonly number[], calls?: number): OutputAxes | null {
  if (calls !== undefined) return callAxes(name, shape);
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.length === 0 || size === 0) return null;
  const unit = CHANNELS_FIRST.has(name) && shape.length > 2 ? 1 : shape.length - 1;
  const others = shape.map((_, axis) => axis).filter((axis) => axis !== unit);
  const step = others.find((axis) => axis > 0 && (shape[axis] ?? 0) > 1) ?? others[0] ?? null;
  const units = shape[unit] ?? 1;
  const steps = step === null ? 1 : (shape[step] ?? 1);
  return { unit, step, steps, batch: size / (units * steps), units };
}

function callAxes(name: string, [calls = 1, ...shape]: readonly number[]): OutputAxes | null {
  const one = outputAxes({ name }, shape);
  if (one === null) return null;
  return { unit: one.unit + 1, step: 0, steps: calls, batch: one.batch * one.steps, units: one.units };
}

/** Puts values in the order [steps, rows, units]: the same array where they are, else a copy. */
export function inSteps<T extends AnalysedArray>(values: T, shape: readonly number[], axes: OutputAxes): T {
  const order = stepOrder(shape, axes);
  if (order === null || values.length !== axes.steps * axes.batch * axes.units) return values;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const sizes = order.map((axis) => shape[axis] ?? 1);
  const jumps = order.map((axis) => strides[axis] ?? 1);
  const out = new (values.constructor as new (length: number) => T)(values.length);
  const at = new Array<number>(order.length).fill(0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from]!;
    for (let k = order.length - 1; k >= 0; k--) {
      from += jumps[k]!;
      if (++at[k]! < sizes[k]!) break;
      from -= sizes[k]! * jumps[k]!;
      at[k] = 0;
    }
  }
  return out;
}

/** Axes in the order of steps, rows and units; null where they lie so already. */
function stepOrder(shape: readonly number[], { step, unit }: OutputAxes): readonly number[] | null {
  const rows = shape.map((_, axis) => axis).filter((axis) => axis !== step && axis !== unit);
  const order = [...(step === null ? [] : [step]), ...rows, unit];
  // Axes of length 1 may stand anywhere.
  const long = order.filter((axis) => (shape[axis] ?? 1) > 1);
  return long.every((axis, place) => place === 0 || axis > (long[place - 1] ?? -1)) ? null : order;
}
