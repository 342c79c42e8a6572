import type { Tensor } from '../model/model';
import { elementCount } from '../run/arrays';

/**
 * Largest magnitude among the codes of a dense int8 constant, or any magnitude of at least `enough`: the search ends at the
 * first of them, so that well-quantized weights, however many, are hardly read.
 */
export function largestCode(tensor: Tensor, enough: number): number {
  return largestIn(codesOf(tensor), enough);
}

/**
 * Slices along an axis of a dense int8 constant that hold no code of at least `enough`, without those that are all 0.
 * @param axis the first or the last
 */
export function weakSlices(
  tensor: Tensor,
  axis: 'first' | 'last',
  enough: number,
): { readonly weak: number; readonly slices: number } {
  const codes = codesOf(tensor);
  const slices = (axis === 'first' ? tensor.shape[0] : tensor.shape.at(-1)) ?? 0;
  if (slices === 0 || codes.length === 0) return { weak: 0, slices: 0 };
  let weak = 0;
  const size = codes.length / slices;
  for (let slice = 0; slice < slices; slice++) {
    const largest =
      axis === 'first'
        ? largestIn(codes.subarray(slice * size, (slice + 1) * size), enough)
        : largestEvery(codes, slice, slices, enough);
    if (largest > 0 && largest < enough) weak++;
  }
  return { weak, slices };
}

function codesOf({ data, shape }: Tensor): Int8Array {
  return data === null
    ? new Int8Array()
    : new Int8Array(data.buffer, data.byteOffset, Math.min(data.length, elementCount(shape)));
}

function largestIn(codes: Int8Array, enough: number): number {
  return largestEvery(codes, 0, 1, enough);
}

function largestEvery(codes: Int8Array, first: number, step: number, enough: number): number {
  let largest = 0;
  for (let k = first; k < codes.length; k += step) {
    const magnitude = Math.abs(codes[k]!);
    if (magnitude > largest) {
      if (magnitude >= enough) return magnitude;
      largest = magnitude;
    }
  }
  return largest;
}
