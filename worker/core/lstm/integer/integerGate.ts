import { clampToInt16, type MultiplyByQuantizedMultiplier } from '../../quantization/fixedPoint';
import type { ActivationTable } from '../../quantization/activationTables';
import type { QuantizedMultiplier } from '../../quantization/quantizeMultiplier';
import type { Accumulators } from './codeArithmetic';

/** The stages of one integer gate over one row, `z.length` cells; spec: TensorFlow Lite kernels/lstm_eval.cc. */

/** z = clamp16(rescale(acc)): the input matmul's result. */
export function rescaleInput(
  acc: Accumulators,
  at: number,
  { multiplier, shift }: QuantizedMultiplier,
  rescale: MultiplyByQuantizedMultiplier,
  z: Int16Array,
): void {
  for (let k = 0; k < z.length; k++) z[k] = clampToInt16(rescale(acc[at + k]!, multiplier, shift));
}

/** sum = clamp16(rescale(acc) + z): the recurrent matmul added, saturating once. */
export function addRecurrent(
  acc: Accumulators,
  at: number,
  { multiplier, shift }: QuantizedMultiplier,
  rescale: MultiplyByQuantizedMultiplier,
  z: Int16Array,
  sum: Int16Array,
): void {
  for (let k = 0; k < z.length; k++) sum[k] = clampToInt16(rescale(acc[at + k]!, multiplier, shift) + z[k]!);
}

/** sum = clamp16(clamp16(rescale(acc)) + z): the recurrent matmul saturates before it is added, as in TFLM. */
export function addSaturatedRecurrent(
  acc: Accumulators,
  at: number,
  { multiplier, shift }: QuantizedMultiplier,
  rescale: MultiplyByQuantizedMultiplier,
  z: Int16Array,
  sum: Int16Array,
): void {
  for (let k = 0; k < z.length; k++) {
    sum[k] = clampToInt16(clampToInt16(rescale(acc[at + k]!, multiplier, shift)) + z[k]!);
  }
}

/** sum = clamp16(multiply(p * c) + z): the peephole; a coefficient of 0 leaves z as it is. */
export function addPeephole(
  coefficients: Int16Array,
  c: Int16Array,
  { multiplier, shift }: QuantizedMultiplier,
  multiply: MultiplyByQuantizedMultiplier,
  z: Int16Array,
  sum: Int16Array,
): void {
  for (let k = 0; k < z.length; k++) sum[k] = clampToInt16(multiply(coefficients[k]! * c[k]!, multiplier, shift) + z[k]!);
}

/**
 * The coefficients that one row's cells meet, into `out`. A runtime that passes `width` < cell as the peephole's size walks
 * the flat index q = b * width + j through [batch, cell]: cell k of row `row` meets coefficient (row * cell + k) mod width,
 * none from batch * width on. A width beyond the cell would read past the coefficients; they are taken as 0 there.
 */
export function peepholeOfRow(coefficients: Int16Array, width: number, row: number, batch: number, out: Int16Array): void {
  const cell = out.length;
  for (let k = 0; k < cell; k++) {
    const flat = row * cell + k;
    out[k] = flat < batch * width ? (coefficients[flat % width] ?? 0) : 0;
  }
}

/** y = table[x]: sigmoid or tanh. */
export function lookUp(table: ActivationTable, x: Int16Array, y: Int16Array): void {
  for (let k = 0; k < x.length; k++) y[k] = table[x[k]! + 32768]!;
}

/** i = 32767 - f: the input gate with CIFG; 1 in Q0.15 is not representable. */
export function coupleInputGate(f: Int16Array, i: Int16Array): void {
  for (let k = 0; k < f.length; k++) i[k] = 32767 - f[k]!;
}
