/**
 * Sigmoid and tanh as TensorFlow Lite's float and hybrid LSTMs compute them on x86: Eigen's vectorized approximations in float32
 * without fused multiply-add. They are up to 5 units in the last place off, and which code a hybrid LSTM rounds a state to can
 * depend on such a unit. Equal to LiteRT 2.3.0 in every one of 800,000 floats in -20..20.
 * Source of the approximations: Eigen, scalar_logistic_op<float> and ptanh_float.
 * The plain twins of the kernels that layers run (kernels/float32Activations.ts).
 */

const { fround } = Math;

/** From here on the sigmoid is exactly 1, and the tanh exactly +-1. */
const SIGMOID_END = fround(16.6355324);
const TANH_END = fround(7.907389640808105);

const LOG2_E = fround(1.4426950408889634);
/** ln 2 in two parts, so that nothing is lost when m times it is taken off. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = fround(-2.1219444e-4);

/** exp(r) = 1 + r + r^2 (P2 + P3 r + P4 r^2 + P5 r^3) on [-ln 2 / 2, ln 2 / 2]. */
const P2 = fround(0.49999141693115234375);
const P3 = fround(0.16666877269744873046875);
const P4 = fround(4.1898667812347412109375e-2);
const P5 = fround(8.33471305668354034423828125e-3);

/** 2^m for the m that occur: -75 (at -104) to 12. */
const LOWEST_POWER = -80;
const POWERS = Float64Array.from({ length: 100 }, (_, index) => 2 ** (index + LOWEST_POWER));

/** e / (1 + e), with e = exp(x) = exp(x / 2)^2, exp(x / 2) = 2^m exp(r). */
export function sigmoid(x: number): number {
  if (!(x >= -104)) return x < -104 ? 0 : NaN;
  const half = fround((x < SIGMOID_END ? x : SIGMOID_END) * 0.5);
  const m = Math.floor(fround(fround(half * LOG2_E) + 0.5));
  const r = fround(fround(half - fround(m * LN2_HIGH)) - fround(m * LN2_LOW));
  const r2 = fround(r * r);
  const even = fround(fround(r2 * P4) + P2);
  const odd = fround(fround(r2 * P5) + P3);
  const exp = fround(fround(r2 * fround(fround(r * odd) + even)) + fround(r + 1));
  const root = fround(exp * POWERS[m - LOWEST_POWER]!);
  const e = fround(root * root);
  return fround(e / fround(1 + e));
}

/** Coefficients of x^3, x^5 ... above and of x^2, x^4 ... below. */
const A3 = fround(1.3402161e-1);
const A5 = fround(3.520756727e-3);
const A7 = fround(2.10273356e-5);
const A9 = fround(1.394553628e-8);
const B2 = fround(4.67354834e-1);
const B4 = fround(2.597254514e-2);
const B6 = fround(3.326951409e-4);
const B8 = fround(8.015776984e-7);

/** x (1 + A(x^2)) / B(x^2), an odd rational function of degrees 9 and 8. */
export function tanh(x: number): number {
  const c = x > TANH_END ? TANH_END : x < -TANH_END ? -TANH_END : x;
  const c2 = fround(c * c);
  const a = fround(fround(fround(A9 * c2) + A7) * c2);
  const numerator = fround(fround(fround(c2 * c) * fround(fround(fround(a + A5) * c2) + A3)) + c);
  const b = fround(fround(fround(fround(B8 * c2) + B6) * c2) + B4);
  const denominator = fround(fround(fround(fround(b * c2) + B2) * c2) + 1);
  return fround(numerator / denominator);
}
