import type { ConstantFormat } from './constants';
import type { DraftTensor } from './draft';
import {
  biasInt32,
  biasInt64,
  extremes,
  hybridWeights,
  INT16_LEVELS,
  largest,
  reachPerChannel,
  weightsInt16,
  weightsInt8,
  weightsInt8PerChannel,
} from './quantizedValues';

/** int8, one scale. */
export const WEIGHTS_INT8: ConstantFormat = {
  dtype: 'int8',
  key: 'int8',
  axis: 0,
  suffix: 'int8',
  quantize: (values, tensor) => weightsInt8(values, recorded(tensor, 0) ?? extremes(values)),
};

/** int8, one scale, for kernels that quantize their data on the fly. */
export const HYBRID_WEIGHTS: ConstantFormat = { ...WEIGHTS_INT8, key: 'hybrid', quantize: hybridWeights };

/** int16 up to 32,767, or to fewer levels. */
export function weightsInt16Format(levels = INT16_LEVELS): ConstantFormat {
  return {
    dtype: 'int16',
    key: `int16 to ${levels}`,
    axis: 0,
    suffix: 'int16',
    quantize: (values) => weightsInt16(values, levels),
  };
}

/**
 * int8, one scale for each index of an axis; without an axis one for all.
 * @param leastReach smallest max |w| that a channel is given, so that its bias fits in int32; null where none needs it
 */
export function matrixFormat(axis: number | null, leastReach: Float32Array | null): ConstantFormat {
  return {
    dtype: 'int8',
    key: `int8 by axis ${axis}${leastReach === null ? '' : ` from ${leastReach.join()}`}`,
    axis: axis ?? 0,
    suffix: 'int8',
    quantize: (values, tensor) => {
      const { channels, inner } = channelsOf(tensor.shape, axis);
      const reaches = reachPerChannel(values, channels, inner).map((own, channel) => {
        const range = recorded(tensor, channel);
        return Math.max(range === null ? own : largest(range), leastReach?.[channel] ?? 0);
      });
      return weightsInt8PerChannel(values, reaches, inner);
    },
  };
}

/** How many scales an axis makes, and how many elements lie from one of its indices to the next. */
export function channelsOf(shape: readonly number[], axis: number | null): { readonly channels: number; readonly inner: number } {
  const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, 1);
  if (axis === null) return { channels: 1, inner: Math.max(1, product(shape)) };
  return { channels: shape[axis] ?? 1, inner: Math.max(1, product(shape.slice(axis + 1))) };
}

export function biasFormat(scales: Float32Array, bits: 8 | 16): ConstantFormat {
  return {
    dtype: bits === 8 ? 'int32' : 'int64',
    key: `bias ${bits} at ${scales.join()}`,
    axis: 0,
    suffix: 'duplicate',
    quantize: (values) => (bits === 8 ? biasInt32(values, scales) : biasInt64(values, scales)),
  };
}

/** What a model that was trained with fake quantization, or a recipe, says about a constant's range. */
function recorded({ range }: DraftTensor, channel: number): { min: number; max: number } | null {
  if (range === null || range.min.length === 0) return null;
  const at = range.min.length === 1 ? 0 : channel;
  const [min, max] = [range.min[at], range.max[at]];
  return min === undefined || max === undefined ? null : { min: Math.fround(min), max: Math.fround(max) };
}
