import { KernelArena, type Kernels } from './kernels';

/** Values that one pass can hold. */
const LENGTH = 65536;

const arena = new KernelArena();
const place = arena.reserve(LENGTH);
let opened: { readonly kernels: Kernels; readonly values: Int8Array } | null = null;

/** Sum of `count` values from `at` on, exact. */
export function sumInt8(values: Int8Array, at: number, count: number): number {
  return added(values, at, count, (kernels, part) => kernels.sumInt8(place, part));
}

/** How many of the values are -128, -127 or 127: the ends of the symmetric range, and what lies below. */
export function countRailsInt8(values: Int8Array): number {
  return added(values, 0, values.length, (kernels, part) => kernels.countRailsInt8(place, part));
}

function added(values: Int8Array, at: number, count: number, ofPart: (kernels: Kernels, part: number) => number): number {
  opened ??= { kernels: arena.open(), values: arena.int8(place, LENGTH) };
  let sum = 0;
  for (let done = 0; done < count; done += LENGTH) {
    const part = Math.min(LENGTH, count - done);
    opened.values.set(values.subarray(at + done, at + done + part));
    sum += ofPart(opened.kernels, part);
  }
  return sum;
}
