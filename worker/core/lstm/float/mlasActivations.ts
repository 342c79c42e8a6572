/**
 * Sigmoid and tanh as ONNX Runtime's recurrent operators compute them without fused multiply-add: odd rational functions in float32,
 * whose last bits decide which code a value is rounded to at the next step.
 * Source of the coefficients: ONNX Runtime, mlas/lib/logistic.cpp and tanh.cpp.
 */

const { fround } = Math;
const floats = (...values: readonly number[]) => Float32Array.from(values);

/** From the highest power of x^2 down; the first is of x in the numerator, of 1 in the denominator, at the end of the list. */
interface Rational {
  /** Arguments beyond +-this are taken to be it. */
  readonly limit: number;
  readonly numerator: Float32Array;
  readonly denominator: Float32Array;
}

const SIGMOID: Rational = {
  limit: 18,
  numerator: floats(4.37031012579801e-11, 1.15627324459942e-7, 6.08574864600143e-5, 8.51377133304701e-3, 2.48287947061529e-1),
  denominator: floats(
    6.10247389755681e-13,
    5.76102136993427e-9,
    6.2910678501704e-6,
    1.70198817374094e-3,
    1.16817656904453e-1,
    9.9315192102318e-1,
  ),
};

const TANH: Rational = {
  limit: 9,
  numerator: floats(
    -2.76076847742355e-16,
    2.00018790482477e-13,
    -8.60467152213735e-11,
    5.12229709037114e-8,
    1.48572235717979e-5,
    6.37261928875436e-4,
    4.89352455891786e-3,
  ),
  denominator: floats(1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3),
};

/** y[k] = sigmoid(x[k]). */
export function mlasSigmoid(x: Float32Array, y: Float32Array): void {
  for (let k = 0; k < x.length; k++) {
    const value = fround(quotient(SIGMOID, x[k]!) + 0.5);
    y[k] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
}

/** y[k] = tanh(x[k]). */
export function mlasTanh(x: Float32Array, y: Float32Array): void {
  for (let k = 0; k < x.length; k++) y[k] = quotient(TANH, x[k]!);
}

function quotient({ limit, numerator, denominator }: Rational, x: number): number {
  const value = x < -limit ? -limit : x > limit ? limit : x;
  const square = fround(value * value);
  return fround(fround(horner(numerator, square) * value) / horner(denominator, square));
}

function horner(coefficients: Float32Array, square: number): number {
  let sum = coefficients[0]!;
  for (let k = 1; k < coefficients.length; k++) sum = fround(fround(sum * square) + coefficients[k]!);
  return sum;
}
