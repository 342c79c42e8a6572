import { KERNELS_WASM } from './kernelsWasm.generated';

/**
 * The SIMD kernels of worker/kernels, on addresses inside a KernelArena; formulas and padding rules stand with their sources.
 * Each equals its plain twin exactly (integers); `single` chooses single-rounding multipliers.
 */
export interface Kernels {
  sumInt8(source: number, count: number): number;
  countRailsInt8(source: number, count: number): number;
  widenInt8(source: number, target: number, count: number): void;
  packInt8(source: number, target: number, columns: number): void;
  multiplyInt8(
    weights: number,
    x: number,
    bias: number,
    y: number,
    rows: number,
    columns: number,
    vectors: number,
    xStride: number,
    yStride: number,
  ): void;
  sigmoidFloat32(x: number, y: number, count: number): void;
  tanhFloat32(x: number, y: number, count: number): void;
  peepholeAddFloat32(p: number, c: number, z: number, sum: number, count: number): void;
  coupleInputGateFloat32(f: number, i: number, count: number): void;
  updateCellFloat32(f: number, i: number, g: number, c: number, count: number): void;
  multiplyFloat32(o: number, t: number, m: number, count: number): void;
  packInFours(source: number, weights: number, first: number, rows: number, columns: number): void;
  addVectorsInFours(...product: FloatProduct): void;
  packInOrder(source: number, weights: number, first: number, rows: number, columns: number, height: number): void;
  addVectorsInOrder(...product: FloatProduct): void;
  rescaleToInt16(acc: number, multiplier: number, shift: number, single: boolean, z: number, count: number): void;
  rescaleAddInt16(acc: number, multiplier: number, shift: number, single: boolean, z: number, sum: number, count: number): void;
  rescaleAddSaturatedInt16(
    acc: number,
    multiplier: number,
    shift: number,
    single: boolean,
    z: number,
    sum: number,
    count: number,
  ): void;
  peepholeAddInt16(
    p: number,
    c: number,
    multiplier: number,
    shift: number,
    single: boolean,
    z: number,
    sum: number,
    count: number,
  ): void;
  lookUpInt16(table: number, x: number, y: number, count: number): void;
  coupleInputGate(f: number, i: number, count: number): void;
  updateCellByShift(
    f: number,
    i: number,
    g: number,
    right: number,
    low: number,
    high: number,
    c: number,
    count: number,
    valid: number,
  ): number;
  updateCellByMultiplier(
    f: number,
    i: number,
    g: number,
    forgetMultiplier: number,
    forgetShift: number,
    inputMultiplier: number,
    inputShift: number,
    single: boolean,
    low: number,
    high: number,
    c: number,
    count: number,
    valid: number,
  ): number;
  hiddenInt8(
    o: number,
    t: number,
    multiplier: number,
    shift: number,
    single: boolean,
    zeroPoint: number,
    m: number,
    count: number,
  ): void;
  projectInt8(
    acc: number,
    multiplier: number,
    shift: number,
    single: boolean,
    zeroPoint: number,
    low: number,
    high: number,
    h: number,
    count: number,
    valid: number,
  ): number;
  sumInt16(z: number, count: number): number;
  sumOfSquaresInt16(z: number, count: number): number;
  normalizeInt16(
    z: number,
    mean: number,
    inverseMultiplier: number,
    inverseShift: number,
    coefficients: number,
    bias: number,
    multiplier: number,
    shift: number,
    single: boolean,
    y: number,
    count: number,
  ): number;
}

/** Addresses and sizes of a float32 product that is added to y. */
export type FloatProduct = [
  weights: number,
  x: number,
  y: number,
  rows: number,
  columns: number,
  vectors: number,
  xStride: number,
  yStride: number,
];

/** Rows that are packed together. */
export const BLOCK_ROWS = 8;

/** Bytes to put between long rows: rows a power of two apart would share few places of the nearest cache. */
export const ROW_GAP = 64;

const PAGE = 65536;
/** Every buffer starts on a cache line. */
const ALIGNMENT = 64;

let compiled: WebAssembly.Module | null = null;

/** Compiled on first use, once per thread. */
function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNELS_WASM), (character) => character.charCodeAt(0)));
  return compiled;
}

/** A memory that small arenas share, with the kernels that work on it: engines refuse a memory for each of ten thousand layers. */
interface Slab {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  /** Where the next arena begins. */
  end: number;
}

const SLAB_BYTES = 64 * PAGE;
/** Larger arenas get a memory of their own. */
const SHARED_AT_MOST = SLAB_BYTES / 4;

/** The one being filled; of this thread. */
let slab: Slab | null = null;

function newSlab(bytes: number): Slab {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const kernels = new WebAssembly.Instance(kernelModule(), { env: { memory } }).exports as unknown as Kernels;
  return { memory, kernels, end: ALIGNMENT };
}

/**
 * Memory of one prepared layer: first reserve every buffer, then open, before another arena is begun. It never grows afterwards, so
 * views stay valid. All memory starts as zero.
 */
export class KernelArena {
  readonly #begin: number;
  #end: number;
  #memory: WebAssembly.Memory | null = null;

  constructor() {
    if (slab === null || slab.end > SLAB_BYTES - SHARED_AT_MOST) slab = newSlab(SLAB_BYTES);
    this.#begin = slab.end;
    this.#end = slab.end;
  }

  /** Address of a new buffer of `byteLength` bytes. */
  reserve(byteLength: number): number {
    if (this.#memory !== null) throw new Error('the arena is open: reserve before');
    const address = this.#end;
    this.#end = address + Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
    return address;
  }

  open(): Kernels {
    const isShared = slab?.end === this.#begin && this.#end - this.#begin <= SHARED_AT_MOST;
    const home = isShared ? slab! : newSlab(this.#end);
    home.end = this.#end;
    this.#memory = home.memory;
    return home.kernels;
  }

  int8(address: number, length: number): Int8Array {
    return new Int8Array(this.#buffer(), address, length);
  }

  int16(address: number, length: number): Int16Array {
    return new Int16Array(this.#buffer(), address, length);
  }

  int32(address: number, length: number): Int32Array {
    return new Int32Array(this.#buffer(), address, length);
  }

  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.#buffer(), address, length);
  }

  #buffer(): ArrayBuffer {
    if (this.#memory === null) throw new Error('the arena is not open yet');
    return this.#memory.buffer;
  }
}

/** `count` rounded up to a multiple of `step`: how far a buffer has to reach for whole vectors. */
export function padded(count: number, step: number): number {
  return Math.ceil(count / step) * step;
}
