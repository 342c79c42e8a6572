import type { DType } from '../model/dtype';
import type { QuantizedMultiplier } from '../quantization/quantizeMultiplier';

/**
 * The arithmetic of one operator with its own numbers, as the persona's runtime has it: what the file's scales became. Plain data, for
 * people to check against another implementation. (LSTMs have a formula of their own, `LstmFormula`.)
 */
export interface OperatorFormula {
  /** Tensors by the letter that stands for them: `x` and `y`, `a` and `b` where two are combined, `w` weights, `bias`. */
  readonly operands: readonly FormulaOperand[];
  readonly arithmetic: Arithmetic;
  /** Codes that the result is clamped to: the type's ends, or what a fused activation leaves. Null where nothing is clamped. */
  readonly limits: { readonly low: number; readonly high: number; readonly activation: string } | null;
  /** Where the arithmetic is written down. */
  readonly source: string;
}

export interface FormulaOperand {
  readonly symbol: 'x' | 'y' | 'a' | 'b' | 'w' | 'bias';
  readonly tensor: number;
  readonly dtype: DType;
  /** Null where values are reals, or plain integers. With several scales, those of the first channel. */
  readonly scale: number | null;
  readonly zeroPoint: number;
  /** More than 1: one scale for each channel. */
  readonly scales: number;
}

/** A real factor as integers: multiplier * 2^(shift - 31) stands for `factor`. */
export interface Rescale extends QuantizedMultiplier {
  readonly factor: number;
}

/** How a product with a multiplier is rounded: once, twice as in gemmlowp, or once with a 15-bit multiplier (int64 sums). */
export type RescaleRounding = 'once' | 'twice' | 'once, 15-bit multiplier';

export type Arithmetic =
  | ProductsArithmetic
  /** y = zeroPoint + rescale(rescaleA((a - za) << shift) + sign * rescaleB((b - zb) << shift)) */
  | {
      readonly kind: 'sum';
      readonly sign: 1 | -1;
      readonly leftShift: number;
      readonly first: Rescale;
      readonly second: Rescale;
      readonly result: Rescale;
    }
  /** y = zeroPoint + rescale((a - za) * (b - zb)) */
  | { readonly kind: 'product'; readonly rescale: Rescale }
  /** y = zeroPoint + rescale(x - zx); below zero by another factor where there is one (LEAKY_RELU). */
  | { readonly kind: 'rescale'; readonly rescale: Rescale; readonly below: Rescale | null }
  /** y = round(x / scale) + zeroPoint */
  | { readonly kind: 'quantize' }
  /** y = scale * (x - zeroPoint) */
  | { readonly kind: 'dequantize' }
  /** A function of single codes: how the persona's runtime computes it. */
  | {
      readonly kind: 'function';
      readonly of: 'sigmoid' | 'tanh';
      readonly by: 'float32 table' | 'gemmlowp Q4.27' | 'interpolated table Q0.15';
    }
  | {
      readonly kind: 'softmax';
      readonly beta: number;
      /** Values that share one sum. */
      readonly depth: number;
      readonly by: 'float32 table' | 'gemmlowp Q5.26';
    }
  | { readonly kind: 'pool'; readonly of: 'average' | 'maximum'; readonly height: number; readonly width: number }
  /** y = zeroPoint + rescale(sum of (x - zx)) / count */
  | { readonly kind: 'mean'; readonly rescale: Rescale }
  /** Codes move or stay; none is computed. */
  | { readonly kind: 'same' };

/** y = zeroPoint + rescale(bias + sum of (x - zx) * (w - zw)) */
export interface ProductsArithmetic {
  readonly kind: 'products';
  /** Products in one sum. */
  readonly depth: number;
  readonly channels: number;
  /** Factor scaleX * scaleW / scaleY: one for all channels, or one for each of the first `FORMULA_CHANNELS`. */
  readonly rescales: readonly Rescale[];
  readonly rounding: RescaleRounding;
  readonly accumulator: 'int32' | 'int64';
  /** Lowest and highest code; null without one that is constant. */
  readonly bias: readonly [low: number, high: number] | null;
}

export const FORMULA_CHANNELS = 1024;
