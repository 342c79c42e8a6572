const real = new Float32Array(1);
const bits = new Uint32Array(real.buffer);

const INFINITE = 0x7c00;
const NOT_A_NUMBER = 0x7e00;
/** Half of the step between subnormal half floats is 2^-25. */
const SUBNORMAL_STEP = 2 ** -24;
const SMALLEST_NORMAL = 2 ** -14;

/** Bits of the nearest IEEE 754 half floats, halfway to even; beyond 65,520 infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = half(values[i] ?? 0);
  return halves;
}

function half(value: number): number {
  real[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return sign | NOT_A_NUMBER;
  if (size < SMALLEST_NORMAL) {
    const steps = size / SUBNORMAL_STEP;
    const floor = Math.floor(steps);
    const rest = steps - floor;
    return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
  }
  // Of the 23 bits of the fraction 13 go: half of their last place is added, one less where the kept part is even. A carry into the
  // exponent is right as well.
  const kept = (word & 0x7fffffff) - ((127 - 15) << 23);
  const rounded = (kept + 0xfff + ((kept >>> 13) & 1)) >>> 13;
  return sign | Math.min(rounded, INFINITE);
}
