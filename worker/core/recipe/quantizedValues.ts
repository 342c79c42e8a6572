import type { CalibratedRange } from '../calibration/calibratedRanges';
import { type AffineParameters, roundHalfAwayFromZero, roundHalfToEven } from '../quantization/affine';

/*
 * The arithmetic of TensorFlow Lite's quantizer (tools/optimize/quantization_utils.cc), every operation rounded to float32:
 * codes and scales come out equal to the last bit. All functions take finite values.
 */

const INT32_MAX = 2 ** 31 - 1;
const INT64_MAX = 2n ** 63n - 1n;
/** [-32767, 32767]. */
export const INT16_LEVELS = 32767;
/** [-127, 127]. */
const INT8_LEVELS = 127;

/** Codes of a constant with one scale, or one per index of an axis; the zero point is 0. */
export interface QuantizedValues<T> {
  readonly codes: T;
  readonly scales: Float32Array;
}

/** scale = (max - min) / 255, zero point from the minimum; 0 is always inside. Null where the range has no extent. */
export function asymmetricInt8(range: CalibratedRange): AffineParameters | null {
  const low = Math.min(range.min, 0);
  const high = Math.max(range.max, 0);
  const scale = Math.fround(Math.fround(high - low) / 255);
  if (!(scale > 0)) return null;
  const fromMin = Math.fround(-128 - Math.fround(low / scale));
  // The sum turns -0 into 0.
  return { scale, zeroPoint: Math.min(127, Math.max(-128, roundHalfAwayFromZero(fromMin))) + 0 };
}

/** scale = max |x| / levels, zero point 0. Null where the range has no extent. */
export function symmetric(range: CalibratedRange, levels: number): AffineParameters | null {
  const scale = Math.fround(largest(range) / levels);
  return scale > 0 ? { scale, zeroPoint: 0 } : null;
}

/** Smallest k >= 0 with 2^k >= max |c|: the cell is Qk.(15-k), its scale 2^(k - 15). */
export function cellIntegerBits(range: CalibratedRange): number {
  const reach = largest(range);
  let bits = 0;
  while (2 ** bits < reach) bits++;
  return bits;
}

/** Largest magnitude in a range. */
export function largest({ min, max }: CalibratedRange): number {
  return Math.max(Math.abs(min), Math.abs(max));
}

/** Smallest and largest of at least one value. */
export function extremes(values: Float32Array): CalibratedRange {
  let min = values[0] ?? 0;
  let max = min;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/**
 * int8 codes in [-127, 127] with one scale, max |w| / 127.
 * @param range what the file records for the weights (trained with fake quantization), in place of their extremes
 */
export function weightsInt8(values: Float32Array, range: CalibratedRange): QuantizedValues<Int8Array> {
  const codes = new Int8Array(values.length);
  const reach = largest(range);
  const inverse = inverseOf(reach, INT8_LEVELS);
  // As TensorFlow Lite: zeros only have the scale 1.
  if (inverse === 0) return { codes, scales: Float32Array.of(1) };
  for (let i = 0; i < codes.length; i++) codes[i] = symmetricCode(values[i] ?? 0, inverse, INT8_LEVELS);
  return { codes, scales: Float32Array.of(reach / INT8_LEVELS) };
}

/**
 * int8 codes in [-127, 127] with one scale for a hybrid kernel: roundHalfToEven(w / scale). TensorFlow Lite multiplies by 127 / max
 * and rounds half away, which differs where w / scale comes within a rounding of a half: in 1 of 1.3 million weights of the
 * reference models, which agree with this.
 */
export function hybridWeights(values: Float32Array): QuantizedValues<Int8Array> {
  const reach = largest(extremes(values));
  const scale = inverseOf(reach, INT8_LEVELS) === 0 ? 1 : Math.fround(reach / INT8_LEVELS);
  const codes = Int8Array.from(values, (value) => {
    const code = roundHalfToEven(Math.fround(value / scale));
    return code > INT8_LEVELS ? INT8_LEVELS : code < -INT8_LEVELS ? -INT8_LEVELS : code;
  });
  return { codes, scales: Float32Array.of(scale) };
}

/**
 * int8 codes in [-127, 127] with a scale for every index of an axis.
 * @param reaches max |w| of each channel; 0 gives the scale 1, as `weightsInt8`
 * @param inner elements from one index of the axis to the next
 */
export function weightsInt8PerChannel(values: Float32Array, reaches: Float32Array, inner: number): QuantizedValues<Int8Array> {
  const channels = reaches.length;
  const inverses = Float32Array.from(reaches, (reach) => inverseOf(reach, INT8_LEVELS));
  const codes = new Int8Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const channel = Math.floor(i / inner) % channels;
    codes[i] = symmetricCode(values[i] ?? 0, inverses[channel] ?? 0, INT8_LEVELS);
  }
  return { codes, scales: reaches.map((reach, channel) => (inverses[channel] === 0 ? 1 : reach / INT8_LEVELS)) };
}

/** max |w| of each index of an axis of `channels`, with `inner` elements from one index to the next. */
export function reachPerChannel(values: Float32Array, channels: number, inner: number): Float32Array {
  const reaches = new Float32Array(channels);
  for (let i = 0; i < values.length; i++) {
    const channel = Math.floor(i / inner) % channels;
    const magnitude = Math.abs(values[i] ?? 0);
    if (magnitude > (reaches[channel] ?? 0)) reaches[channel] = magnitude;
  }
  return reaches;
}

/**
 * int16 codes in [-32767, 32767] with one scale, max |w| / levels; 2^-15 where all values are 0 (TensorFlow Lite writes 0,
 * which its own kernels refuse).
 */
export function weightsInt16(values: Float32Array, levels: number): QuantizedValues<Int16Array> {
  const scale = Math.fround(largest(extremes(values)) / levels);
  const codes = new Int16Array(values.length);
  const inverse = inverseOf(scale, 1);
  if (inverse === 0) return { codes, scales: Float32Array.of(2 ** -15) };
  for (let i = 0; i < codes.length; i++) codes[i] = symmetricCode(values[i] ?? 0, inverse, INT16_LEVELS);
  return { codes, scales: Float32Array.of(scale) };
}

/** int32 codes with one scale, or one for each value. */
export function biasInt32(values: Float32Array, scales: Float32Array): QuantizedValues<Int32Array> {
  const codes = new Int32Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const inverse = inverseOf(scales[scales.length === 1 ? 0 : i] ?? 0, 1);
    codes[i] = symmetricCode(values[i] ?? 0, inverse, INT32_MAX);
  }
  return { codes, scales };
}

/** `biasInt32` in 64 bits, as 16-bit activations need it. */
export function biasInt64(values: Float32Array, scales: Float32Array): QuantizedValues<BigInt64Array> {
  const codes = new BigInt64Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const inverse = inverseOf(scales[scales.length === 1 ? 0 : i] ?? 0, 1);
    const scaled = Math.fround((values[i] ?? 0) * inverse);
    if (Math.abs(scaled) >= 2 ** 63) codes[i] = scaled > 0 ? INT64_MAX : -INT64_MAX;
    else codes[i] = BigInt(roundHalfAwayFromZero(scaled));
  }
  return { codes, scales };
}

/** float32(a * b), the product of two scales. */
export function scaleProduct(...factors: readonly number[]): number {
  return factors.reduce((product, factor) => Math.fround(product * factor), 1);
}

/** float32(levels / reach); 0 where that is beyond float32, for values so small that they are as good as 0. */
function inverseOf(reach: number, levels: number): number {
  const inverse = Math.fround(levels / reach);
  return inverse === Infinity ? 0 : inverse;
}

function symmetricCode(value: number, inverse: number, levels: number): number {
  const code = roundHalfAwayFromZero(Math.fround(value * inverse));
  return code > levels ? levels : code < -levels ? -levels : code;
}
