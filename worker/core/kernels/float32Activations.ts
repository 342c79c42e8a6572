import { KernelArena, padded, type Kernels } from './kernels';

/** Values that one pass can hold. */
const LENGTH = 4096;

const arena = new KernelArena();
const place = arena.reserve(LENGTH * 4);
let opened: { readonly kernels: Kernels; readonly values: Float32Array } | null = null;

/** y = sigmoid(x), value by value as `sigmoid` of lstm/float/activations.ts; y may be x. */
export function sigmoidAll(x: Float32Array, y: Float32Array): void {
  apply(x, y, (kernels, count) => kernels.sigmoidFloat32(place, place, count));
}

/** y = tanh(x), value by value as `tanh` of lstm/float/activations.ts; y may be x. */
export function tanhAll(x: Float32Array, y: Float32Array): void {
  apply(x, y, (kernels, count) => kernels.tanhFloat32(place, place, count));
}

function apply(x: Float32Array, y: Float32Array, run: (kernels: Kernels, count: number) => void): void {
  opened ??= { kernels: arena.open(), values: arena.float32(place, LENGTH) };
  const { kernels, values } = opened;
  for (let from = 0; from < x.length; from += LENGTH) {
    const count = Math.min(LENGTH, x.length - from);
    values.set(x.length <= LENGTH ? x : x.subarray(from, from + count));
    run(kernels, padded(count, 4));
    y.set(values.subarray(0, count), from);
  }
}
