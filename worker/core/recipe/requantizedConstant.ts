import { type AffineParameters, quantizeRoundHalfAway, roundHalfAwayFromZero } from '../quantization/affine';
import type { ConstantFormat } from './constants';
import { extremes, INT16_LEVELS, weightsInt16, weightsInt8 } from './quantizedValues';

/**
 * A constant among inputs that must have the output's parameters. As TensorFlow Lite (RequantizeConstant): symmetric codes first,
 * as for any constant, then those again with the output's parameters, so values are rounded twice.
 */
export function requantizedConstant(wanted: AffineParameters, bits: 8 | 16): ConstantFormat {
  const type = bits === 8 ? 'int8' : 'int16';
  return {
    dtype: type,
    key: `${type} at ${wanted.scale} ${wanted.zeroPoint}`,
    axis: 0,
    suffix: type,
    zeroPoint: wanted.zeroPoint,
    quantize: (values) => {
      const first = bits === 8 ? weightsInt8(values, extremes(values)) : weightsInt16(values, INT16_LEVELS);
      const scale = first.scales[0] ?? 1;
      const inverse = Math.fround(1 / wanted.scale);
      const [low, high] = bits === 8 ? [-128, 127] : [-INT16_LEVELS, INT16_LEVELS];
      const codes = first.codes.map((code) => {
        const again = roundHalfAwayFromZero(Math.fround(Math.fround(scale * code) * inverse)) + wanted.zeroPoint;
        return Math.min(high, Math.max(low, again));
      });
      return { codes, scales: Float32Array.of(wanted.scale) };
    },
  };
}

/** A constant that a state begins with, in the state's format: rounded once, as QUANTIZE does it. */
export function stateConstant(wanted: AffineParameters, bits: 8 | 16): ConstantFormat {
  const type = bits === 8 ? 'int8' : 'int16';
  const [low, high] = bits === 8 ? [-128, 127] : [-32768, 32767];
  return {
    dtype: type,
    key: `${type} once at ${wanted.scale} ${wanted.zeroPoint}`,
    axis: 0,
    suffix: type,
    zeroPoint: wanted.zeroPoint,
    quantize: (values) => {
      const codes = bits === 8 ? new Int8Array(values.length) : new Int16Array(values.length);
      values.forEach((value, k) => (codes[k] = quantizeRoundHalfAway(value, wanted, low, high)));
      return { codes, scales: Float32Array.of(wanted.scale) };
    },
  };
}
