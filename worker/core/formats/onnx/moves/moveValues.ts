import { copyStrided, rowMajorStrides } from '../../../ops/strided';
import { elementCount, formatShape } from '../../../run/arrays';
import type { NumericArray } from '../../../run/value';
import {
  axesOf,
  axisOf,
  flattenedShape,
  joinedShape,
  Misfit,
  type OptionalList,
  permutationOf,
  reshapedShape,
  type Shape,
  sliceRanges,
  splitSizes,
  squeezedShape,
  unsqueezedShape,
} from './moveShapes';

/** What an operator of ONNX's own set says of itself, wherever its attributes and constant operands are kept. */
export interface MoveSource {
  readonly name: string;
  readonly outputs: number;
  readonly number: (name: string, otherwise: number) => number;
  /** A list that older operator sets have as an attribute and newer ones as an operand; null where a run computes it. */
  readonly list: (name: string, position: number) => OptionalList | null;
  /** Shape of an operand; null where it is not known. */
  readonly shape: (position: number) => Shape | null;
}

/** One output of a move. */
export interface MovedPart {
  readonly shape: Shape;
  /** Its elements out of those of the operands, as many as the shapes say; null: the first operand's as they are. */
  readonly take: ((operands: readonly NumericArray[]) => NumericArray) | null;
}

/**
 * What a move makes of operands of such shapes (without open sizes), output by output: those of Concat, else the first. Nothing is
 * allocated before `take`.
 * @throws Misfit where the shapes do not suit the operator
 */
export type Move = (shapes: readonly Shape[]) => readonly MovedPart[];

/**
 * The work of an operator that gives its values another shape or place and computes nothing. Null for all others, and where a list of
 * sizes, axes or indices is itself computed.
 */
export function moveOf(source: MoveSource): Move | null {
  return (Object.hasOwn(RULES, source.name) ? RULES[source.name]?.(source) : null) ?? null;
}

type Rule = (source: MoveSource) => Move | null;

/** The same elements under another shape. */
function renamed(from: Shape, shape: Shape): readonly MovedPart[] {
  if (elementCount(shape) !== elementCount(from) || !shape.every((size) => Number.isInteger(size) && size >= 0))
    throw new Misfit(`${formatShape(from)} does not become ${formatShape(shape)}`);
  return [{ shape, take: null }];
}

const renaming =
  (rule: (source: MoveSource) => ((shape: Shape) => Shape) | null): Rule =>
  (source) => {
    const rename = rule(source);
    return rename === null ? null : ([shape = []]) => renamed(shape, rename(shape));
  };

/** Element [i0, i1, ...] is that at start + i0*strides[0] + ... */
function strided(shape: Shape, start: number, strides: readonly number[]): MovedPart {
  const take = ([values]: readonly NumericArray[]): NumericArray => {
    const taken = like(values, elementCount(shape));
    copyStrided(values ?? taken, taken, shape, start, strides);
    return taken;
  };
  return { shape, take };
}

/** Zeroes of an array's type. */
function like(values: NumericArray | undefined, length: number): NumericArray {
  return new ((values ?? new Float32Array(0)).constructor as new (length: number) => NumericArray)(length);
}

function copyRun(from: NumericArray, start: number, count: number, to: NumericArray, at: number): void {
  (to as Float32Array).set(from.subarray(start, start + count) as Float32Array, at);
}

const transpose: Rule = (source) => {
  const perm = source.list('perm', -1);
  if (perm === null) return null;
  return ([shape = []]) => {
    const axes = permutationOf(perm, shape.length);
    const strides = rowMajorStrides(shape);
    return [strided(axes.map((axis) => shape[axis] ?? 1), 0, axes.map((axis) => strides[axis] ?? 1))]; // prettier-ignore
  };
};

const slice: Rule = (source) => {
  const [starts, ends] = [source.list('starts', 1), source.list('ends', 2)];
  const [axes, steps] = [source.list('axes', 3), source.list('steps', 4)];
  if (starts === null || ends === null || axes === null || steps === null) return null;
  if (starts === 'absent' || ends === 'absent') return null;
  return ([shape = []]) => {
    const ranges = sliceRanges(shape, { starts, ends, axes, steps });
    const strides = rowMajorStrides(shape);
    const start = ranges.reduce((sum, range, axis) => sum + (range?.start ?? 0) * (strides[axis] ?? 1), 0);
    const taken = ranges.map((range, axis) => range?.count ?? shape[axis] ?? 1);
    return [strided(taken, start, strides.map((stride, axis) => stride * (ranges[axis]?.step ?? 1)))]; // prettier-ignore
  };
};

const gather: Rule = (source) => {
  const [indices, places] = [source.list('indices', 1), source.shape(1)];
  if (indices === null || indices === 'absent' || places === null || indices.length !== elementCount(places)) return null;
  const wanted = source.number('axis', 0);
  return ([shape = []]) => {
    const axis = axisOf(wanted, shape.length);
    const length = shape[axis] ?? 0;
    const taken = axesOf(indices, length);
    const [outer, inner] = [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis + 1))];
    const take = ([values]: readonly NumericArray[]): NumericArray => {
      const to = like(values, outer * taken.length * inner);
      for (let o = 0; o < outer; o++)
        for (const [i, index] of taken.entries())
          copyRun(values ?? to, (o * length + index) * inner, inner, to, (o * taken.length + i) * inner);
      return to;
    };
    return [{ shape: [...shape.slice(0, axis), ...places, ...shape.slice(axis + 1)], take }];
  };
};

const concat: Rule = (source) => {
  const wanted = source.number('axis', 0);
  return (shapes) => {
    const axis = axisOf(wanted, shapes[0]?.length ?? 0);
    const shape = joinedShape(shapes, axis);
    const [outer, row] = [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))];
    const runs = shapes.map((part) => elementCount(part.slice(axis)));
    const take = (operands: readonly NumericArray[]): NumericArray => {
      const to = like(operands[0], outer * row);
      if (operands.some(({ constructor }) => constructor !== to.constructor)) throw new Misfit('its operands differ in type');
      let start = 0;
      for (const [place, run] of runs.entries()) {
        for (let o = 0; o < outer; o++) copyRun(operands[place] ?? to, o * run, run, to, o * row + start);
        start += run;
      }
      return to;
    };
    return [{ shape, take }];
  };
};

const split: Rule = (source) => {
  const listed = source.list('split', 1);
  const wanted = source.number('axis', 0);
  if (listed === null) return null;
  return ([shape = []]) => {
    const axis = axisOf(wanted, shape.length);
    const strides = rowMajorStrides(shape);
    let start = 0;
    return splitSizes(shape[axis] ?? 0, listed, source.outputs).map((size) => {
      start += size;
      return strided(shape.map((whole, at) => (at === axis ? size : whole)), (start - size) * (strides[axis] ?? 1), strides); // prettier-ignore
    });
  };
};

const RULES: Readonly<Record<string, Rule>> = {
  Identity: renaming(() => (shape) => shape),
  Squeeze: renaming((source) => {
    const axes = source.list('axes', 1);
    return axes === null ? null : (shape) => squeezedShape(shape, axes);
  }),
  Unsqueeze: renaming((source) => {
    const axes = source.list('axes', 1);
    return axes === null || axes === 'absent' || axes.length > 64 ? null : (shape) => unsqueezedShape(shape, axes);
  }),
  Flatten: renaming((source) => {
    const axis = source.number('axis', 1);
    return (shape) => flattenedShape(shape, axis);
  }),
  Reshape: renaming((source) => {
    const wanted = source.list('shape', 1);
    const keepsZero = source.number('allowzero', 0) !== 0;
    return wanted === null || wanted === 'absent' || wanted.length > 64
      ? null
      : (shape) => reshapedShape(shape, wanted, keepsZero);
  }),
  Transpose: transpose,
  Slice: slice,
  Gather: gather,
  Concat: concat,
  Split: split,
};
