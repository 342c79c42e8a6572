const bits = new Uint32Array(1);
const real = new Float32Array(bits.buffer);

/** IEEE 754 binary16 to float32, exact. `data` is little-endian and holds at least 2 * count bytes. */
export function float16ToFloat32(data: Uint8Array, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    values[i] = smallFloat((data[2 * i] ?? 0) | ((data[2 * i + 1] ?? 0) << 8), 5, 10, true);
  }
  return values;
}

/** bfloat16, the upper half of a float32, to float32, exact. */
export function bfloat16ToFloat32(data: Uint8Array, count: number): Float32Array {
  const values = new Float32Array(count);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < count; i++) words[i] = ((data[2 * i] ?? 0) << 16) | ((data[2 * i + 1] ?? 0) << 24);
  return values;
}

/** 8-bit floats by their name in ONNX: a sign, exponent and mantissa bits, and how their codes differ from IEEE 754's. */
type Float8 = 'e4m3fn' | 'e4m3fnuz' | 'e5m2' | 'e5m2fnuz' | 'e8m0';

/**
 * 8-bit floats to float32, exact (OCP MX and ONNX's float8 types). `e5m2` has infinities; `e4m3fn` has none and only one NaN per
 * sign. The `fnuz` types have neither infinities nor -0, whose code is their NaN, and an exponent bias of one more. `e8m0` is a
 * power of two without sign: 2^(code - 127), NaN at 255.
 */
export function float8ToFloat32(data: Uint8Array, count: number, format: Float8): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = FLOAT8[format](data[i] ?? 0);
  return values;
}

const FLOAT8: Readonly<Record<Float8, (code: number) => number>> = {
  e4m3fn: (code) => ((code & 0x7f) === 0x7f ? NaN : smallFloat(code, 4, 3, false)),
  e4m3fnuz: (code) => (code === 0x80 ? NaN : smallFloat(code, 4, 3, false) / 2),
  e5m2: (code) => smallFloat(code, 5, 2, true),
  e5m2fnuz: (code) => (code === 0x80 ? NaN : smallFloat(code, 5, 2, false) / 2),
  e8m0: (code) => (code === 0xff ? NaN : 2 ** (code - 127)),
};

/** 4-bit floats (OCP E2M1: no NaN, no infinity), two in a byte, the first in the lower half, to float32, exact. */
export function float4ToFloat32(data: Uint8Array, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = smallFloat(((data[i >> 1] ?? 0) >> (i % 2 === 0 ? 0 : 4)) & 0xf, 2, 1, false);
  return values;
}

/** A sign, `exponentBits` and `fractionBits` code as a real; `ieee`: the highest exponent means infinity or NaN. */
function smallFloat(code: number, exponentBits: number, fractionBits: number, ieee: boolean): number {
  const sign = code >> (exponentBits + fractionBits) === 0 ? 1 : -1;
  const highest = (1 << exponentBits) - 1;
  const exponent = (code >> fractionBits) & highest;
  const fraction = code & ((1 << fractionBits) - 1);
  const bias = highest >> 1;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  if (ieee && exponent === highest) return fraction === 0 ? sign * Infinity : NaN;
  // Assembled as float32 bits, which is faster than a power.
  bits[0] = ((exponent - bias + 127) << 23) | (fraction << (23 - fractionBits));
  return sign * (real[0] ?? 0);
}
