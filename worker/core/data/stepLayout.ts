import type { Tensor } from '../model/model';
import { elementCount, formatShape } from '../run/arrays';
import { DataFormatError } from './dataFormatError';

/** Where an input has steps of a known width. */
export interface StepLayout {
  /** Steps of one call; null where it takes any number. */
  readonly steps: number | null;
  /** Shape for so many steps. */
  shape(steps: number): number[];
  /** The steps' axis lies behind the values' one. */
  readonly isTransposed: boolean;
}

/**
 * How steps of `width` values fill an input: along an axis of that size with the steps on another, or one after the other on the last
 * axis. @param time axis that counts steps, where that is known
 * @throws DataFormatError where they do not fit
 */
export function stepLayout(tensor: Tensor, width: number, time: number | null, file: string): StepLayout {
  const signature = tensor.shapeSignature;
  const batch = signature.length < 2 ? null : time === 0 ? 1 : 0;
  const axes = [...signature.keys()].filter((axis) => axis !== batch);
  const base = signature.map((size) => Math.max(1, size));
  if (batch !== null && (signature[batch] ?? 1) <= 1) base[batch] = 1;
  const wide = axes.filter((axis) => signature[axis] !== 1);
  if (width === 1) {
    // Every sample is a step: all of it lies on the one axis that is not 1.
    const axis = wide.length === 1 ? wide[0] : wide.length === 0 ? axes.at(-1) : undefined;
    if (axis === undefined) throw misfit(tensor, width, file);
    const size = signature[axis] ?? -1;
    return { steps: size > 1 ? size : null, isTransposed: false, shape: (steps) => replaced(base, axis, steps) };
  }
  const values = axes.filter((axis) => signature[axis] === width).at(-1) ?? axes.filter((axis) => signature[axis] === -1).at(-1);
  if (values === undefined) return flatLayout(tensor, base, axes, width, file);
  base[values] = width;
  const others = axes.filter((axis) => axis !== values);
  const wideOthers = others.filter((axis) => signature[axis] !== 1);
  if (wideOthers.length > 1) throw misfit(tensor, width, file);
  const axis = wideOthers[0] ?? (time !== null && others.includes(time) ? time : others[0]);
  if (axis === undefined) return { steps: 1, isTransposed: false, shape: () => [...base] };
  const size = signature[axis] ?? -1;
  return { steps: size > 1 ? size : null, isTransposed: axis > values, shape: (steps) => replaced(base, axis, steps) };
}

function flatLayout(tensor: Tensor, base: readonly number[], axes: readonly number[], width: number, file: string): StepLayout {
  const count = elementCount(axes.map((axis) => base[axis] ?? 1));
  const isRow = axes.filter((axis) => (base[axis] ?? 1) > 1).length === 1;
  if (!isRow || count % width !== 0) throw misfit(tensor, width, file);
  return { steps: count / width, isTransposed: false, shape: () => [...base] };
}

function replaced(shape: readonly number[], axis: number, size: number): number[] {
  return shape.map((old, index) => (index === axis ? size : old));
}

function misfit({ name, shapeSignature }: Tensor, width: number, file: string): DataFormatError {
  const message = `becomes ${width} values a step, which input ${name}, ${formatShape(shapeSignature)}, does not take`;
  const limit = 'features whose width is one of its axes (--features; in the editor under Data)';
  return new DataFormatError('FEATURES_WIDTH', file, message, null, limit);
}
