import { INTEGER_RAILS } from '../model/dtype';
import { multiplyByQuantizedMultiplierDoubleRounding } from '../quantization/fixedPoint';
import { quantizeMultiplier } from '../quantization/quantizeMultiplier';
import { elementCount, toIndices } from '../run/arrays';
import type { Value } from '../run/value';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { newLike, resolveAxis, rowMajorStrides } from './strided';

/** How the values of one group become one. */
type Combine = (values: Float64Array) => number;

/** MEAN, SUM, REDUCE_MAX, REDUCE_MIN over the axes of operand 1. */
function reduction(combine: Combine, quantized: (context: OperatorContext) => Combine): KernelPreparer {
  return (context): Kernel => {
    const type = context.dtype(context.input(0));
    const keepsAxes = context.booleanOption('keep_dims');
    const isCode = INTEGER_RAILS[type] !== undefined && context.input(0).quantization !== null;
    const rule = isCode ? quantized(context) : combine;
    return (operands) => {
      const input = context.required(operands, 0);
      if (input.data instanceof BigInt64Array) throw context.unsupported('int64 is not computed');
      const rank = input.shape.length;
      const axes = new Set(toIndices(context.required(operands, 1)).map((axis) => resolveAxis(context, axis, rank)));
      const kept = input.shape.map((size, axis) => (axes.has(axis) ? 1 : size));
      const data = newLike(context, input, elementCount(kept));
      forEachGroup(input, kept, axes, (values, target) => (data[target] = rule(values)));
      const shape = keepsAxes ? kept : input.shape.filter((_, axis) => !axes.has(axis));
      return [{ dtype: input.dtype, shape, data }];
    };
  };
}

/** Every group of values that differ in the reduced axes only; the array is reused. */
function forEachGroup(
  input: Value,
  kept: readonly number[],
  axes: ReadonlySet<number>,
  visit: (values: Float64Array, target: number) => void,
): void {
  const strides = rowMajorStrides(input.shape);
  const inside = offsetsOf(input.shape, strides, (axis) => axes.has(axis));
  const outside = offsetsOf(input.shape, strides, (axis) => !axes.has(axis));
  const values = new Float64Array(inside.length);
  if (elementCount(kept) === 0) return;
  outside.forEach((start, target) => {
    inside.forEach((offset, i) => (values[i] = Number(input.data[start + offset] ?? 0)));
    visit(values, target);
  });
}

/** Offsets of every index over the chosen axes, in row-major order. */
function offsetsOf(shape: readonly number[], strides: readonly number[], chosen: (axis: number) => boolean): number[] {
  let offsets = [0];
  shape.forEach((size, axis) => {
    if (!chosen(axis)) return;
    const stride = strides[axis] ?? 1;
    offsets = offsets.flatMap((offset) => Array.from({ length: size }, (_, index) => offset + index * stride));
  });
  return offsets;
}

const sum: Combine = (values) => values.reduce((total, value) => total + value, 0);
const mean: Combine = (values) => sum(values) / values.length;
const largest: Combine = (values) => values.reduce((most, value) => Math.max(most, value), -Infinity);
const smallest: Combine = (values) => values.reduce((least, value) => Math.min(least, value), Infinity);

/**
 * Sum of codes without zero point, times scaleIn / scaleOut / count, plus the output's zero point, clamped. The multiplier of
 * scaleIn / scaleOut is divided by count in integers, shifted left before by as much as count has bits less one.
 * Source: TensorFlow Lite, reference/reduce.h, QuantizedMeanOrSum.
 */
function meanOfCodes(context: OperatorContext): Combine {
  const x = context.affine(context.input(0));
  const y = context.affine(context.output());
  const [low, high] = INTEGER_RAILS[context.output().dtype] ?? [-128, 127];
  const { multiplier, shift } = quantizeMultiplier(x.scale / y.scale);
  return (values) => {
    const left = Math.min(31 - Math.clz32(values.length), 31 + shift);
    const perValue = Math.floor((multiplier * 2 ** left) / values.length);
    const scaled = multiplyByQuantizedMultiplierDoubleRounding(sum(values) - values.length * x.zeroPoint, perValue, shift - left);
    const code = scaled + y.zeroPoint;
    return code < low ? low : code > high ? high : code;
  };
}

function refuseSum(context: OperatorContext): Combine {
  throw context.unsupported('sums of quantized codes are not computed');
}

/** Order is the same for codes and reals where input and output share their parameters. */
function sameParameters(combine: Combine): (context: OperatorContext) => Combine {
  return (context) => {
    const x = context.affine(context.input(0));
    const y = context.affine(context.output());
    if (x.scale !== y.scale || x.zeroPoint !== y.zeroPoint)
      throw context.unsupported('other parameters in than out are not computed');
    return combine;
  };
}

/** ARG_MAX and ARG_MIN: index of the first largest or smallest value along the axis of operand 1. */
function argument(isBetter: (value: number, best: number) => boolean): KernelPreparer {
  return (context): Kernel => {
    const type = context.output().dtype === 'int64' ? 'int64' : 'int32';
    return (operands) => {
      const input = context.required(operands, 0);
      const axis = resolveAxis(context, toIndices(context.required(operands, 1))[0] ?? 0, input.shape.length);
      const kept = input.shape.map((size, index) => (index === axis ? 1 : size));
      const found = new Int32Array(elementCount(kept));
      forEachGroup(input, kept, new Set([axis]), (values, target) => {
        let best = 0;
        for (let i = 1; i < values.length; i++) if (isBetter(values[i] ?? 0, values[best] ?? 0)) best = i;
        found[target] = best;
      });
      const shape = input.shape.filter((_, index) => index !== axis);
      return [{ dtype: type, shape, data: type === 'int64' ? BigInt64Array.from(found, BigInt) : found }];
    };
  };
}

/** Operators that combine all values along some axes. */
export const REDUCE_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  MEAN: reduction(mean, meanOfCodes),
  SUM: reduction(sum, refuseSum),
  REDUCE_MAX: reduction(largest, sameParameters(largest)),
  REDUCE_MIN: reduction(smallest, sameParameters(smallest)),
  ARG_MAX: argument((value, best) => value > best),
  ARG_MIN: argument((value, best) => value < best),
};
