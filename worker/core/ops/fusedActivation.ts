import { INTEGER_RAILS } from '../model/dtype';
import type { Tensor } from '../model/model';
import { roundHalfAwayFromZero } from '../quantization/affine';
import type { OperatorContext } from './operatorContext';

/** Lowest and highest value after a fused activation. */
export type Limits = readonly [low: number, high: number];

const REAL_LIMITS: Readonly<Record<string, Limits>> = {
  NONE: [-Infinity, Infinity],
  RELU: [0, Infinity],
  RELU_N1_TO_1: [-1, 1],
  RELU6: [0, 6],
};

/** Limits of an operator's fused activation as reals. */
export function realLimits(context: OperatorContext): Limits {
  const name = context.nameOption('fused_activation_function');
  const limits = REAL_LIMITS[name];
  if (limits === undefined) throw context.unsupported(`fused activation ${name} is not computed`);
  return limits;
}

/** The same as codes of the output, inside the rails of its type (CalculateActivationRangeQuantized, kernel_util.cc). */
export function codeLimits(context: OperatorContext, output: Tensor): Limits {
  const { scale, zeroPoint } = context.affine(output);
  const rails = INTEGER_RAILS[output.dtype];
  if (rails === undefined) throw context.unsupported(`output type ${output.dtype} is not computed`);
  const [low, high] = realLimits(context);
  const code = (real: number) => zeroPoint + roundHalfAwayFromZero(Math.fround(real / scale));
  return [
    low === -Infinity ? rails[0] : Math.max(rails[0], code(low)),
    high === Infinity ? rails[1] : Math.min(rails[1], code(high)),
  ];
}

/** Clamps every value in place; NaN stays. */
export function clampAll(values: Float32Array, [low, high]: Limits): Float32Array {
  if (low === -Infinity && high === Infinity) return values;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value < low) values[i] = low;
    else if (value > high) values[i] = high;
  }
  return values;
}
