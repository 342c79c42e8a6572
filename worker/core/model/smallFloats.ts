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

/** OCP 8-bit floats to float32, exact. `e5m2` has infinities; `e4m3fn` has none and only one NaN per sign. */
export function float8ToFloat32(data: Uint8Array, count: number, format: 'e4m3fn' | 'e5m2'): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const code = data[i] ?? 0;
    if (format === 'e5m2') values[i] = smallFloat(code, 5, 2, true);
    else values[i] = (code & 0x7f) === 0x7f ? NaN : smallFloat(code, 4, 3, false);
  }
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
