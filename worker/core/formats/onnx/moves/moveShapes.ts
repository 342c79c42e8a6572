/** Sizes; -1 where open. */
export type Shape = readonly number[];

/** A list of an operator, or that it has none. */
export type OptionalList = readonly number[] | 'absent';

/** Why an operator cannot move such values. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

/** Null in place of a `Misfit`. */
export function whereItFits<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Misfit) return null;
    throw error;
  }
}

/** Axes counted from the front. @throws Misfit where one is outside */
export function axesOf(axes: readonly number[], rank: number): readonly number[] {
  return axes.map((axis) => {
    const positive = axis < 0 ? axis + rank : axis;
    if (!(positive >= 0 && positive < rank)) throw new Misfit(`axis ${axis} of ${rank}`);
    return positive;
  });
}

export function axisOf(axis: number, rank: number): number {
  return axesOf([axis], rank)[0] ?? 0;
}

/** @param axes of size 1 that go; absent: all of them */
export function squeezedShape(shape: Shape, axes: OptionalList): Shape {
  if (axes === 'absent') return shape.filter((size) => size !== 1);
  const gone = axesOf(axes, shape.length);
  return shape.filter((_size, axis) => !gone.includes(axis));
}

/** @throws Misfit where an axis is outside or listed twice */
export function unsqueezedShape(shape: Shape, axes: readonly number[]): Shape {
  const rank = shape.length + axes.length;
  const added = new Set(axesOf(axes, rank));
  if (added.size !== axes.length) throw new Misfit(`axes ${axes.join(', ')} of ${rank}`);
  let next = 0;
  return Array.from({ length: rank }, (_unused, axis) => (added.has(axis) ? 1 : (shape[next++] ?? -1)));
}

export function flattenedShape(shape: Shape, axis: number): Shape {
  const at = axis < 0 ? axis + shape.length : axis;
  return [sizeOf(shape.slice(0, at)), sizeOf(shape.slice(at))];
}

/**
 * @param shape null where not even the rank is known
 * @param wanted 0 keeps an axis (without `keepsZero`), one -1 takes what is left, null is not known
 */
export function reshapedShape(shape: Shape | null, wanted: readonly (number | null)[], keepsZero: boolean): Shape {
  const sizes = wanted.map((size, axis) => (size === 0 && !keepsZero ? (shape?.[axis] ?? null) : size));
  const rest = sizes.indexOf(-1);
  const others = sizes.filter((_size, axis) => axis !== rest).map((size) => (size === null ? -1 : size));
  const whole = shape === null ? -1 : sizeOf(shape);
  const product = sizeOf(others);
  const filled = rest >= 0 && whole >= 0 && product > 0 ? whole / product : -1;
  return sizes.map((size, axis) => (axis === rest ? (Number.isInteger(filled) ? filled : -1) : (size ?? -1)));
}

/** A Transpose's axes in their new order: reversed where nothing is said. @throws Misfit where it is no permutation */
export function permutationOf(perm: OptionalList, rank: number): readonly number[] {
  const given = perm === 'absent' ? Array.from({ length: rank }, (_unused, axis) => rank - 1 - axis) : perm;
  const axes = axesOf(given, rank);
  if (axes.length !== rank || new Set(axes).size !== rank) throw new Misfit(`axes ${given.join(', ')} of ${rank}`);
  return axes;
}

/** Where a slice begins on an axis, its step, and how many elements it takes; -1 of an open axis. */
export interface Range {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export interface SliceLists {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly axes: OptionalList;
  readonly steps: OptionalList;
}

/** What a Slice takes of every axis, null for axes that it leaves alone. @throws Misfit where the lists do not belong together */
export function sliceRanges(shape: Shape, { starts, ends, axes, steps }: SliceLists): readonly (Range | null)[] {
  const listed = axesOf(axes === 'absent' ? starts.map((_start, axis) => axis) : axes, shape.length);
  if (listed.length !== starts.length || ends.length !== starts.length)
    throw new Misfit(`${starts.length} starts, ${ends.length} ends and ${listed.length} axes`);
  const ranges = new Array<Range | null>(shape.length).fill(null);
  for (const [i, axis] of listed.entries()) {
    const step = steps === 'absent' ? 1 : (steps[i] ?? 1);
    ranges[axis] = rangeOn(shape[axis] ?? -1, starts[i] ?? 0, ends[i] ?? 0, step);
  }
  return ranges;
}

function rangeOn(size: number, start: number, end: number, step: number): Range {
  if (step === 0) throw new Misfit('its step is 0');
  if (size < 0) return { start: 0, step, count: -1 };
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const from = clamp(start < 0 ? start + size : start, 0, high);
  const to = clamp(end < 0 ? end + size : end, low, high);
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** @throws Misfit where the others do not lie beside the first */
export function joinedShape(shapes: readonly Shape[], axis: number): Shape {
  const [first = []] = shapes;
  const at = axisOf(axis, first.length);
  for (const shape of shapes) {
    if (shape.length !== first.length || shape.some((size, other) => other !== at && size !== first[other]))
      throw new Misfit(`[${shape.join(', ')}] does not join [${first.join(', ')}] on axis ${at}`);
  }
  return first.map((size, other) => (other === at ? shapes.reduce((sum, shape) => sum + (shape[at] ?? 0), 0) : size));
}

/** Sizes of a Split's parts. @throws Misfit where those listed are not the whole */
export function splitSizes(whole: number, listed: OptionalList, parts: number): readonly number[] {
  const even = Math.ceil(whole / parts);
  const sizes =
    listed === 'absent' || listed.length === 0
      ? Array.from({ length: parts }, (_unused, part) => Math.max(0, Math.min(even, whole - part * even)))
      : listed;
  const isWhole = sizes.every((size) => size >= 0) && sizes.reduce((sum, size) => sum + size, 0) === whole;
  if (!isWhole || sizes.length !== parts) throw new Misfit(`${sizes.join(', ')} of ${whole} in ${parts} parts`);
  return sizes;
}

/** Elements of a shape; -1 where a size is open. */
export function sizeOf(shape: Shape): number {
  return shape.includes(-1) ? -1 : shape.reduce((product, size) => product * size, 1);
}
