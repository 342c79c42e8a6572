import { formatShape } from '../run/arrays';
import { clampAll, codeLimits, realLimits, type Limits } from './fusedActivation';
import type { Kernel, KernelPreparer, OperatorContext } from './operatorContext';
import { newLike } from './strided';
import { windowAxis } from './window';

type Pool = 'average' | 'max';

/**
 * AVERAGE_POOL_2D and MAX_POOL_2D on NHWC images; what lies outside the image does not count. Averages of codes are rounded
 * half away from zero (reference/integer_ops/pooling.h); input and output share their parameters.
 */
function preparePool(pool: Pool): KernelPreparer {
  return (context): Kernel => {
    const type = context.dtype(context.input(0));
    const isReal = type === 'float32';
    if (!isReal && type !== 'int8' && type !== 'uint8' && type !== 'int16') throw context.unsupported(`${type} is not computed`);
    context.refuseOnTflm(type === 'uint8', 'uint8');
    if (!isReal) checkParameters(context);
    const limits: Limits = isReal ? realLimits(context) : codeLimits(context, context.output());
    const height = context.numberOption('filter_height');
    const width = context.numberOption('filter_width');
    return (operands) => {
      const input = context.required(operands, 0);
      const [batch, rows, columns, channels] = input.shape;
      if (batch === undefined || rows === undefined || columns === undefined || channels === undefined) {
        throw context.misfit(`the input is ${formatShape(input.shape)}, not of 4 axes`);
      }
      const down = windowAxis(context, 'h', rows, height);
      const across = windowAxis(context, 'w', columns, width);
      const shape = [batch, down.size, across.size, channels];
      const data = newLike(context, input, batch * down.size * across.size * channels);
      const x = input.data as Float32Array;
      for (let target = 0; target < data.length; target++) {
        const channel = target % channels;
        const position = Math.floor(target / channels);
        const top = (Math.floor(position / across.size) % down.size) * down.stride - down.before;
        const left = (position % across.size) * across.stride - across.before;
        const image = Math.floor(position / (across.size * down.size));
        let sum = 0;
        let largest = -Infinity;
        let count = 0;
        for (let i = Math.max(top, 0); i < Math.min(top + height, rows); i++) {
          for (let j = Math.max(left, 0); j < Math.min(left + width, columns); j++) {
            const value = x[((image * rows + i) * columns + j) * channels + channel] ?? 0;
            sum += value;
            count += 1;
            if (value > largest) largest = value;
          }
        }
        const pooled = pool === 'max' ? largest : isReal ? sum / count : divideRoundHalfAway(sum, count);
        data[target] = isReal ? pooled : Math.min(Math.max(pooled, limits[0]), limits[1]);
      }
      return [{ dtype: type, shape, data: isReal ? clampAll(data as Float32Array, limits) : data }];
    };
  };
}

/** sum / count rounded to nearest, ties away from zero, in integers. */
function divideRoundHalfAway(sum: number, count: number): number {
  return Math.trunc((sum > 0 ? sum + Math.floor(count / 2) : sum - Math.floor(count / 2)) / count);
}

function checkParameters(context: OperatorContext): void {
  const x = context.affine(context.input(0));
  const y = context.affine(context.output());
  if (x.scale !== y.scale || x.zeroPoint !== y.zeroPoint)
    throw context.unsupported('other parameters in than out are not computed');
}

export const POOLING_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  AVERAGE_POOL_2D: preparePool('average'),
  MAX_POOL_2D: preparePool('max'),
};
