/**
 * Affine quantization: real = scale * (q - zeroPoint). All arithmetic in float32, as the runtimes do it.
 * Values beyond the code range saturate at `low` and `high`; NaN becomes `low`.
 */

export type IntegerArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

export interface AffineParameters {
  /** A float32 value > 0. */
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Nearest integer, ties away from zero (C's round). */
export function roundHalfAwayFromZero(x: number): number {
  return x < 0 ? -Math.round(-x) : Math.round(x);
}

/** Nearest integer, ties to the even one (IEEE default; lrintf, XNNPACK, most SIMD conversions). */
export function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const fraction = x - floor;
  if (fraction !== 0.5) return fraction < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** clamp(roundHalfAwayFromZero(float32(real / scale)) + zeroPoint, low, high). TensorFlow Lite's AffineQuantize. */
export function quantizeRoundHalfAway(real: number, parameters: AffineParameters, low: number, high: number): number {
  return clamp(roundHalfAwayFromZero(Math.fround(real / parameters.scale)) + parameters.zeroPoint, low, high);
}

/** clamp(roundHalfToEven(float32(real / scale)) + zeroPoint, low, high). What NumPy's round gives, so how data is usually prepared. */
export function quantizeRoundHalfToEven(real: number, parameters: AffineParameters, low: number, high: number): number {
  return clamp(roundHalfToEven(Math.fround(real / parameters.scale)) + parameters.zeroPoint, low, high);
}

/** `quantizeRoundHalfAway` of every value into `out` (same length), saturating at the rails of its type. */
export function quantizeAllRoundHalfAway<T extends IntegerArray>(
  reals: ArrayLike<number>,
  parameters: AffineParameters,
  out: T,
): T {
  const [low, high] = railsOf(out);
  for (let i = 0; i < out.length; i++) out[i] = quantizeRoundHalfAway(reals[i] ?? NaN, parameters, low, high);
  return out;
}

/** `quantizeRoundHalfToEven` of every value into `out` (same length), saturating at the rails of its type. */
export function quantizeAllRoundHalfToEven<T extends IntegerArray>(
  reals: ArrayLike<number>,
  parameters: AffineParameters,
  out: T,
): T {
  const [low, high] = railsOf(out);
  for (let i = 0; i < out.length; i++) out[i] = quantizeRoundHalfToEven(reals[i] ?? NaN, parameters, low, high);
  return out;
}

/** float32(scale * (q - zeroPoint)). */
export function dequantize(q: number, parameters: AffineParameters): number {
  return Math.fround(parameters.scale * (q - parameters.zeroPoint));
}

/** `dequantize` of every code. */
export function dequantizeAll(codes: ArrayLike<number>, parameters: AffineParameters): Float32Array {
  const reals = new Float32Array(codes.length);
  for (let i = 0; i < reals.length; i++) reals[i] = parameters.scale * ((codes[i] ?? 0) - parameters.zeroPoint);
  return reals;
}

function clamp(x: number, low: number, high: number): number {
  return x > high ? high : x >= low ? x : low;
}

function railsOf(array: IntegerArray): readonly [low: number, high: number] {
  const codes = 2 ** (8 * array.BYTES_PER_ELEMENT);
  const isSigned = array instanceof Int8Array || array instanceof Int16Array || array instanceof Int32Array;
  return isSigned ? [-codes / 2, codes / 2 - 1] : [0, codes - 1];
}
