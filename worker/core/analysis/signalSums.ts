import { INTEGER_RAILS, type DType } from '../model/dtype';
import type { Quantization } from '../model/model';
import { isCodeArray, type AnalysedArray } from './analysedArray';
import { emptyErrors, errorsOf, mergeErrors, type ErrorSums } from './errorSums';
import { addFlat, emptyFlat, mergeFlat, type FlatSums } from './flatCounts';
import { addFloatsBeyond, addRails, emptyRails, mergeRails, type RailSums } from './railCounts';
import {
  addCodes,
  addReals,
  emptyHistogram,
  mergeHistogram,
  REAL_AXIS,
  type ValueAxis,
  type ValueHistogram,
} from './valueHistogram';
import { emptyRange, mergeRange, rangeOf, type ValueRange } from './valueRange';

/** How a signal's values are stored on the quantized path. */
export interface SignalFormat {
  readonly dtype: DType;
  /** One scale; null where the values are reals (float and hybrid paths) or plain integers. */
  readonly quantization: Pick<Quantization, 'scales' | 'zeroPoints'> | null;
  /** Function whose ends count as flat; null where the signal is not an activation's output. */
  readonly activation: 'sigmoid' | 'tanh' | null;
}

/** All that is counted of one signal, or of one operator's output. Mergeable, plain data. */
export interface SignalSums {
  readonly format: SignalFormat;
  readonly axis: ValueAxis;
  readonly floatRange: ValueRange;
  readonly floatHistogram: ValueHistogram;
  /** In codes where the format has them; null where only the float path is seen. */
  readonly range: ValueRange | null;
  readonly histogram: ValueHistogram | null;
  readonly rails: RailSums | null;
  readonly flat: FlatSums | null;
  readonly accumulated: ErrorSums;
  readonly local: ErrorSums;
}

/** @param compared whether a quantized path runs beside the float one */
export function emptySignal(format: SignalFormat, compared: boolean): SignalSums {
  const axis = axisOf(format);
  const rails = compared && axis.codes ? (INTEGER_RAILS[format.dtype] ?? null) : null;
  return {
    format,
    axis,
    floatRange: emptyRange(),
    floatHistogram: emptyHistogram(axis),
    range: compared ? emptyRange() : null,
    histogram: compared ? emptyHistogram(axis) : null,
    rails: rails === null ? null : emptyRails(rails),
    flat: format.activation === null ? null : emptyFlat(format.activation),
    accumulated: emptyErrors(),
    local: emptyErrors(),
  };
}

/**
 * Adds one sample's values.
 * @param floats the float path's
 * @param quantized the quantized path's, in the signal's format, same length; null where only float is seen
 * @param local the same signal computed from the float path's own values
 */
export function addSignal(
  sums: SignalSums,
  floats: Float32Array,
  quantized: AnalysedArray | null,
  local: AnalysedArray | null,
): void {
  const { scale, zeroPoint } = sums.axis;
  const floatRange = rangeOf(floats);
  mergeRange(sums.floatRange, floatRange);
  addReals(sums.floatHistogram, floats, floatRange);
  if (quantized === null) {
    if (sums.flat !== null) addFlat(sums.flat, floats, 1, floatRange);
    return;
  }
  if (sums.rails !== null) addFloatsBeyond(sums.rails, floats, sums.axis, floatRange);
  const errors = errorsOf(floats, quantized, scale, zeroPoint);
  mergeErrors(sums.accumulated, errors);
  // Where nothing before the signal has erred, it is the very same array.
  if (local !== null) mergeErrors(sums.local, local === quantized ? errors : errorsOf(floats, local, scale, zeroPoint));
  addQuantizedAlone(sums, quantized);
}

/** Adds values of the quantized path that have no float counterpart. */
export function addQuantizedAlone(sums: SignalSums, quantized: AnalysedArray): void {
  if (sums.range === null || sums.histogram === null) return;
  const range = rangeOf(quantized);
  mergeRange(sums.range, range);
  if (isCodeArray(quantized)) {
    addCodes(sums.histogram, quantized, range);
    if (sums.rails !== null) addRails(sums.rails, quantized, range);
  } else {
    addReals(sums.histogram, quantized, range);
  }
  if (sums.flat !== null) addFlat(sums.flat, quantized, sums.axis.scale, range);
}

/** Adds what was counted over other samples. Both must be of the same signal. */
export function mergeSignal(into: SignalSums, other: SignalSums): void {
  mergeRange(into.floatRange, other.floatRange);
  mergeHistogram(into.floatHistogram, other.floatHistogram);
  if (into.range !== null && other.range !== null) mergeRange(into.range, other.range);
  if (into.histogram !== null && other.histogram !== null) mergeHistogram(into.histogram, other.histogram);
  if (into.rails !== null && other.rails !== null) mergeRails(into.rails, other.rails);
  if (into.flat !== null && other.flat !== null) mergeFlat(into.flat, other.flat);
  mergeErrors(into.accumulated, other.accumulated);
  mergeErrors(into.local, other.local);
}

function axisOf({ quantization }: SignalFormat): ValueAxis {
  const scale = quantization?.scales[0];
  if (quantization === null || scale === undefined) return REAL_AXIS;
  return { scale, zeroPoint: quantization.zeroPoints[0] ?? 0, codes: true };
}
