/**
 * Sigmoid and tanh in int16 by linear interpolation in one table of 256 entries, as TensorFlow Lite Micro, CMSIS-NN and
 * TensorFlow Lite's own int16 LOGISTIC and TANH compute them (reference/integer_ops/logistic.h, tanh.h).
 * tanh(x) = 2 sigmoid(2x) - 1 by the same table.
 */

/**
 * sigmoid(n / 24) as uint16, 2^16 = 1. The nodes lie above the curve by half of what a chord sags below it (|f''| h^2 / 16 with
 * h = 1/24), so that interpolation errs to both sides alike; the last node is where the function saturates.
 */
const SIGMOID_STEPS: Uint16Array = Uint16Array.from({ length: 256 }, (_, n) => {
  const sigmoid = 1 / (1 + Math.exp(-n / 24));
  const curvature = sigmoid * (1 - sigmoid) * (2 * sigmoid - 1);
  return n === 255 ? 65535 : Math.round(65536 * (sigmoid + curvature / (16 * 24 * 24)));
});

const step = (index: number): number => SIGMOID_STEPS[index] ?? 65535;

/** Sigmoid: raw Q3.12 in, Q0.15 out. Flat from 10.625 on, which Q3.12 does not reach. */
export function lutSigmoid(raw: number): number {
  return sigmoidOfThirds(raw * 3);
}

/** tanh: raw Q(integerBits) in, Q0.15 out. Inputs finer than Q3.12 are first rounded to Q3.12 * 3, half up. */
export function lutTanh(raw: number, integerBits: number): number {
  const shift = integerBits - 3;
  return tanhOfThirds(shift >= 0 ? (raw * 3) << shift : (raw * 3 + (1 << (-shift - 1))) >> -shift);
}

/** Sigmoid of scaled / (3 * 4096), Q0.15: 24 table steps per unit, 9 bits of fraction between steps. */
export function sigmoidOfThirds(scaled: number): number {
  const magnitude = Math.abs(scaled);
  const index = magnitude >> 9;
  const fraction = magnitude & 511;
  const interpolated = index >= 255 ? 32767 << 10 : (step(index) << 9) + fraction * (step(index + 1) - step(index));
  return (scaled >= 0 ? interpolated + 512 : (1 << 25) - interpolated + 511) >> 10;
}

/** tanh of scaled / (3 * 4096), Q0.15: the sigmoid's table at twice the pace. */
export function tanhOfThirds(scaled: number): number {
  const magnitude = Math.abs(scaled);
  const index = magnitude >> 8;
  const fraction = magnitude & 255;
  const interpolated = index >= 255 ? 65535 << 8 : (step(index) << 8) + fraction * (step(index + 1) - step(index));
  return (scaled >= 0 ? interpolated - (1 << 23) + 128 : -interpolated + (1 << 23) + 127) >> 8;
}
