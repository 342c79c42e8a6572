/**
 * The stages of a float32 LSTM step over one row; every result is rounded to float32. Layers run layer norm as it stands here;
 * the others are the plain twins of their kernels. Source: TensorFlow Lite, lstm_eval.cc.
 */

/** TensorFlow Lite's constant inside the square root of layer norm. */
const NORMALIZATION_CONSTANT = Math.fround(1e-8);

const { fround } = Math;

/** sum = z + p * c. */
export function addPeephole(coefficients: Float32Array, c: Float32Array, z: Float32Array, sum: Float32Array): void {
  for (let k = 0; k < z.length; k++) sum[k] = z[k]! + fround(coefficients[k]! * c[k]!);
}

/** y = coefficient * (z - mean) / sqrt(variance + 1e-8) + bias, every sum and product in float32, in the order of the values. */
export function normalizeLayer(coefficients: Float32Array, bias: Float32Array, z: Float32Array, y: Float32Array): void {
  const n = z.length;
  let sum = 0;
  for (let k = 0; k < n; k++) sum = fround(sum + z[k]!);
  const mean = fround(sum / n);
  let squares = 0;
  for (let k = 0; k < n; k++) {
    const difference = fround(z[k]! - mean);
    squares = fround(squares + fround(difference * difference));
  }
  const inverse = fround(1 / fround(Math.sqrt(fround(fround(squares / n) + NORMALIZATION_CONSTANT))));
  for (let k = 0; k < n; k++) {
    const normal = fround(fround(z[k]! - mean) * inverse);
    y[k] = fround(normal * coefficients[k]!) + bias[k]!;
  }
}

/** i = 1 - f: the input gate with CIFG. */
export function coupleInputGate(f: Float32Array, i: Float32Array): void {
  for (let k = 0; k < f.length; k++) i[k] = 1 - f[k]!;
}

/** c = f * c + i * g. */
export function updateCell(f: Float32Array, i: Float32Array, g: Float32Array, c: Float32Array): void {
  for (let k = 0; k < c.length; k++) c[k] = fround(f[k]! * c[k]!) + fround(i[k]! * g[k]!);
}

/** m = o * tanh(c). */
export function multiplyInto(o: Float32Array, tanhC: Float32Array, m: Float32Array): void {
  for (let k = 0; k < m.length; k++) m[k] = o[k]! * tanhC[k]!;
}
