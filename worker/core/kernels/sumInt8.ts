import { KernelArena, type Kernels } from './kernels';

/** Values that one pass can hold. */
const LENGTH = 65536;

const arena = new KernelArena();
const place = arena.reserve(LENGTH);
let opened: { readonly kernels: Kernels; readonly values: Int8Array } | null = null;

/** Sum of `count` values from `at` on, exact. */
export function sumInt8(values: Int8Array, at: number, count: number): number {
  opened ??= { kernels: arena.open(), values: arena.int8(place, LENGTH) };
  let sum = 0;
  for (let done = 0; done < count; done += LENGTH) {
    const part = Math.min(LENGTH, count - done);
    opened.values.set(values.subarray(at + done, at + done + part));
    sum += opened.kernels.sumInt8(place, part);
  }
  return sum;
}
