import {
  multiplyByQuantizedMultiplierDoubleRounding,
  multiplyByQuantizedMultiplierInt64,
  multiplyByQuantizedMultiplierSingleRounding,
} from '../quantization/fixedPoint';
import { quantizeMultiplier } from '../quantization/quantizeMultiplier';

/** Rescales an integer by a real factor >= 0 that was turned into a multiplier and a shift before. */
export type Requantize = (x: number) => number;

/** int32, rounded twice as in gemmlowp: every operator of TensorFlow Lite Micro, and of TensorFlow Lite's reference kernels but one. */
export function requantizerDoubleRounding(factor: number): Requantize {
  const { multiplier, shift } = quantizeMultiplier(factor);
  return (x) => multiplyByQuantizedMultiplierDoubleRounding(x, multiplier, shift);
}

/** int32, rounded once, ties towards +infinity: FULLY_CONNECTED of TensorFlow Lite's reference kernels and of XNNPACK (ties apart). */
export function requantizerSingleRounding(factor: number): Requantize {
  const { multiplier, shift } = quantizeMultiplier(factor);
  return (x) => multiplyByQuantizedMultiplierSingleRounding(x, multiplier, shift);
}

/** int64 (16x8), with a 15-bit multiplier, rounded once, ties towards +infinity: every runtime. */
export function requantizerInt64(factor: number): Requantize {
  const { multiplier, shift } = quantizeMultiplier(factor);
  return (x) => multiplyByQuantizedMultiplierInt64(x, multiplier, shift);
}
