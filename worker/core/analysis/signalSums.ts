import { INTEGER_RAILS, type DType } from '../model/dtype';
import type { Quantization } from '../model/model';
import { isCodeArray, type AnalysedArray } from './analysedArray';
import { emptyErrors, errorsOf, mergeErrors, type ErrorSums } from './errorSums';
import { addFlat, emptyFlat, flatEnds, mergeFlat, type FlatSums } from './flatCounts';
import { UNIT_ROW } from './figureTable';
import { addLargest, addLocated, addWhere, emptyLocated, mergeLocated, type LocatedSums, type SamplePlace } from './locatedSums';
import { RealsOnce } from './reals';
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
import { addWorstSample, mergeWorstSamples, sampleError, type SampleErrorSums } from './worstSamples';

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
  readonly worstSamples: SampleErrorSums[];
  /**
   * Where paths are compared; of an operator's output from its first sample on, where it has units. Samples with NaN or infinite values
   * are left out, and those beyond the first ones.
   */
  located: LocatedSums | null;
}

/** Which sample values are of, and how they lie in it. */
export interface SignalPlace extends SamplePlace {
  /** One of the samples whose errors are told by step and unit. */
  readonly isLocated: boolean;
  /** Others count with these values, so that the caller tells of samples. Default: false. */
  readonly isPart?: boolean;
  /** Units, where they are only known now; absent: as the sums have them, if they do. */
  readonly units?: number;
}

/** Errors of one sample; null where nothing was compared. */
export interface AddedErrors {
  readonly accumulated: ErrorSums | null;
  readonly local: ErrorSums | null;
}

/** Points over the steps of an operator's output: there are many operators. */
const OUTPUT_POINTS = 64;

const quantizedReals = new RealsOnce();
const localReals = new RealsOnce();

/**
 * @param compared whether a quantized path runs beside the float one
 * @param units values per step, where it is to be told which steps and units err; else null
 */
export function emptySignal(format: SignalFormat, compared: boolean, units: number | null = null): SignalSums {
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
    worstSamples: [],
    located: compared && units !== null ? emptyLocated(units) : null,
  };
}

/**
 * Adds one sample's values.
 * @param floats the float path's
 * @param quantized the quantized path's, in the signal's format, same length; null where only float is seen
 * @param local the same signal computed from the float path's own values
 * @param place which sample it is; null: nothing is told by sample, step and unit
 */
export function addSignal(
  sums: SignalSums,
  floats: Float32Array,
  quantized: AnalysedArray | null,
  local: AnalysedArray | null,
  place: SignalPlace | null = null,
): AddedErrors {
  const { scale, zeroPoint } = sums.axis;
  const floatRange = rangeOf(floats);
  mergeRange(sums.floatRange, floatRange);
  addReals(sums.floatHistogram, floats, floatRange);
  if (quantized === null) {
    if (sums.flat !== null) addFlat(sums.flat, floats, 1, floatRange);
    return { accumulated: null, local: null };
  }
  if (sums.rails !== null) addFloatsBeyond(sums.rails, floats, sums.axis, floatRange);
  const reals = quantizedReals.of(quantized, scale, zeroPoint);
  const accumulated = errorsOf(floats, reals, 1, 0);
  mergeErrors(sums.accumulated, accumulated);
  // Where nothing before the signal has erred, it is the very same array.
  const locals = local === null || local === quantized ? reals : localReals.of(local, scale, zeroPoint);
  const localErrors = local === null ? null : local === quantized ? accumulated : errorsOf(floats, locals, 1, 0);
  if (localErrors !== null) mergeErrors(sums.local, localErrors);
  const range = addQuantizedAlone(sums, quantized);
  if (place === null) return { accumulated, local: localErrors };
  if (place.isPart !== true) addWorstSample(sums.worstSamples, sampleError(place.sample, accumulated));
  if (place.units !== undefined) sums.located ??= emptyLocated(place.units, OUTPUT_POINTS);
  const isFinite = accumulated.values === floats.length && (localErrors?.values ?? floats.length) === floats.length;
  const isSame = place.units === undefined || (sums.located?.units.length ?? 0) === place.units * UNIT_ROW;
  if (sums.located === null || !isFinite || !isSame) return { accumulated, local: localErrors };
  const values = { float: floats, quantized: reals, local: local === null ? null : locals };
  addLargest(sums.located, place, values, accumulated.maxAbs);
  if (place.isLocated) {
    addLocated(sums.located, place, values);
    addEnds(sums, sums.located, place, quantized, range);
  }
  return { accumulated, local: localErrors };
}

/** Adds values of the quantized path that have no float counterpart. @returns their range */
export function addQuantizedAlone(sums: SignalSums, quantized: AnalysedArray): ValueRange {
  const range = rangeOf(quantized);
  if (sums.range === null || sums.histogram === null) return range;
  mergeRange(sums.range, range);
  if (isCodeArray(quantized)) {
    addCodes(sums.histogram, quantized, range);
    if (sums.rails !== null) addRails(sums.rails, quantized, range);
  } else {
    addReals(sums.histogram, quantized, range);
  }
  if (sums.flat !== null) addFlat(sums.flat, quantized, sums.axis.scale, range);
  return range;
}

/** Steps and units of values at rails and at an activation's ends; mostly there are none. */
function addEnds(
  { rails, flat, axis }: SignalSums,
  located: LocatedSums,
  place: SamplePlace,
  values: AnalysedArray,
  { min, max }: ValueRange,
): void {
  if (rails !== null && isCodeArray(values) && (min <= rails.lowCode || max >= rails.highCode)) {
    addWhere(located, place, 'atRails', values, rails.lowCode, rails.highCode);
  }
  if (flat === null) return;
  const [low, high] = flatEnds(flat.activation, axis.scale);
  if (min <= low || max >= high) addWhere(located, place, 'flat', values, low, high);
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
  mergeWorstSamples(into.worstSamples, other.worstSamples);
  if (into.located === null) into.located = other.located;
  else if (other.located?.units.length === into.located.units.length) mergeLocated(into.located, other.located);
}

function axisOf({ quantization }: SignalFormat): ValueAxis {
  const scale = quantization?.scales[0];
  if (quantization === null || scale === undefined) return REAL_AXIS;
  return { scale, zeroPoint: quantization.zeroPoints[0] ?? 0, codes: true };
}
