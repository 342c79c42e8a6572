import { ACTIVATION_OUTPUT_SCALE } from '../integer/integerScales';
import { roundToFormat } from './mixedFormats';

export const INT16: readonly [number, number] = [-32768, 32767];

export function clampTo16(code: number): number {
  return code < -32768 ? -32768 : code > 32767 ? 32767 : code;
}

/** Rounded to codes of `scale` and clamped to int16. */
export function saturate(values: Float64Array, scale: number): void {
  const perCode = 1 / scale;
  for (let k = 0; k < values.length; k++) values[k] = clampTo16(Math.round(values[k]! * perCode)) * scale;
}

/**
 * z += added; with a scale, each rounded to it and the sum clamped to int16.
 * @param alone clamps what is added before it is added
 */
export function addTo(z: Float64Array, added: Float32Array | Float64Array, scale: number | null, alone: boolean): void {
  if (scale === null) {
    for (let k = 0; k < z.length; k++) z[k]! += added[k]!;
    return;
  }
  const perCode = 1 / scale;
  for (let k = 0; k < z.length; k++) {
    const code = Math.round(added[k]! * perCode);
    z[k] = clampTo16(Math.round(z[k]! * perCode) + (alone ? clampTo16(code) : code)) * scale;
  }
}

/** y = f(z), in place. @param quantized rounds it to Q0.15 */
export function activate(z: Float64Array, isTanh: boolean, quantized: boolean): void {
  for (let k = 0; k < z.length; k++) {
    const y = isTanh ? Math.tanh(z[k]!) : 1 / (1 + Math.exp(-z[k]!));
    z[k] = quantized ? roundToFormat(y, ACTIVATION_OUTPUT_SCALE, 0, INT16) : y;
  }
}
