import type { Tensor } from '../model/model';
import { elementCount, formatShape } from '../run/arrays';
import type { Value } from '../run/value';
import type { DataArray } from './dataArray';
import { DataFormatError } from './dataFormatError';
import type { Piece } from './piece';

export type Decode = (array: DataArray) => Value;

/** How arrays become samples of one input. */
export interface ArrayPlan {
  readonly tensor: Tensor;
  readonly time: number | null;
  readonly samplesAxis: 0 | null;
  readonly file: string;
  readonly decode: Decode;
}

/** Decodes an array; the last one is kept, because the samples of one array are mostly asked for in order. */
export function keepLast(): Decode {
  let last: { readonly array: DataArray; readonly value: Value } | null = null;
  return (array) => {
    if (last?.array !== array) last = { array, value: array.load() };
    return last.value;
  };
}

/** One array as samples of one input. @throws DataFormatError */
export function arrayPieces(array: DataArray, name: string, { tensor, time, samplesAxis, file, decode }: ArrayPlan): Piece[] {
  const rank = tensor.shapeSignature.length;
  const { shape } = array;
  // A file that knows no shape does not tell samples from the axes of one.
  if (!tensor.hasRank) return [{ name, isCalls: false, load: () => array.load() }];
  if (shape.length === rank + 1) return slices(array, name, shape.slice(1), decode);
  const batch = time === 0 ? 1 : 0;
  if (shape.length === rank) {
    if (samplesAxis === 0 && rank > 1 && batch === 0) return slices(array, name, [1, ...shape.slice(1)], decode);
    return [{ name, isCalls: false, load: () => array.load() }];
  }
  if (shape.length === rank - 1 && tensor.shape[batch] === 1) {
    const withBatch = [...shape.slice(0, batch), 1, ...shape.slice(batch)];
    return [{ name, isCalls: false, load: () => ({ ...array.load(), shape: withBatch }) }];
  }
  const message = `holds ${formatShape(shape)}, but input ${tensor.name} takes ${formatShape(tensor.shapeSignature)}`;
  throw new DataFormatError('RANK', file, message, null, `${rank} axes for one sample, ${rank + 1} for many`);
}

/** Every row of a table, [1, columns]. */
export function tableRows(array: DataArray, name: string, decode: Decode): Piece[] {
  return slices(array, name, [1, ...array.shape.slice(1)], decode);
}

/** Every index of the first axis as a sample of the given shape. */
function slices(array: DataArray, name: string, shape: readonly number[], decode: Decode): Piece[] {
  const size = elementCount(shape);
  return Array.from({ length: array.shape[0] ?? 0 }, (_, index) => ({
    name: `${name}[${index}]`,
    isCalls: false,
    load: () => {
      const whole = decode(array);
      return { dtype: whole.dtype, shape, data: whole.data.slice(index * size, (index + 1) * size) };
    },
  }));
}

/**
 * One array as samples of many calls. Axes of 1 do not matter: what is left is one call's values, calls x values, or
 * samples x calls x values.
 * @throws DataFormatError
 */
export function callPieces(array: DataArray, name: string, { tensor, file, decode }: ArrayPlan): Piece[] {
  const call = tensor.shapeSignature.map((size) => Math.max(1, size));
  const rank = call.length;
  const { shape } = array;
  const wide = call.filter((size) => size !== 1);
  const given = shape.length === rank + 2 ? [...shape.slice(0, 2), ...shape.slice(2).filter((size) => size !== 1)] : shape.filter((size) => size !== 1); // prettier-ignore
  const leading = given.length - wide.length;
  if (leading < 0 || leading > 2 || wide.some((size, axis) => given[leading + axis] !== size)) {
    const message = `holds ${formatShape(shape)}, but a call of input ${tensor.name} takes ${formatShape(call)}`;
    throw new DataFormatError('RANK', file, message, null, `[calls, ...${formatShape(call)}], or [samples, calls, ...]`);
  }
  const [samples, calls] = leading === 2 ? [given[0] ?? 1, given[1] ?? 1] : [1, leading === 1 ? (given[0] ?? 1) : 1];
  const size = calls * elementCount(call);
  return Array.from({ length: samples }, (_, index) => ({
    name: samples === 1 ? name : `${name}[${index}]`,
    isCalls: true,
    load: () => {
      const whole = decode(array);
      return { dtype: whole.dtype, shape: [calls, ...call], data: whole.data.slice(index * size, (index + 1) * size) };
    },
  }));
}
