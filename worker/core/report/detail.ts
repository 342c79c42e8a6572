import type { SignalName } from '../lstm/signals';
import type { DType } from '../model/dtype';

/**
 * What can be asked about a run beyond its report: any step, unit and value of the samples chosen, computed anew from the model when
 * asked. Answers are plain data with typed arrays, hold what was asked for and never a whole tensor; all limits are here.
 */
export const DETAIL_LIMITS = {
  /** Samples that one answer covers together. */
  samples: 1_024,
  /** Cells of one matrix. */
  cells: 262_144,
  /** Points of the series over steps. */
  points: 4_096,
  bins: 1_024,
  /** Raw values, or cells of a value grid. */
  values: 16_384,
  /** Channels whose ranges and histograms one answer holds. */
  channels: 256,
} as const;

/** Whole numbers from `from` up to `to`, which is not included; beyond the end it is cut. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** Which values count as matching; all figures of `matches` and the mask of a matrix are about these. */
export type ValueFilter =
  /** Reals on one path, both ends included; null: open. */
  | { readonly kind: 'range'; readonly path: 'float' | 'quantized'; readonly low: number | null; readonly high: number | null }
  /** Codes at the ends of the integer type. */
  | { readonly kind: 'rails'; readonly end: 'low' | 'high' | 'either' }
  /** An activation at its end value (see `SignalReport.flat`). */
  | { readonly kind: 'flat' }
  /** Codes at the model's own clip of the cell or the projection, or beyond. */
  | { readonly kind: 'clip' };

/** One signal of one LSTM over some samples. Steps and units limit everything that is answered. */
export interface SignalDetailRequest {
  /** Operator index in the file. */
  readonly op: number;
  readonly direction?: 'forward' | 'backward';
  /** `out`: the first output of an operator that is no LSTM, along the axes of `outputAxes`. */
  readonly signal: SignalName | 'out';
  /**
   * Places among the run's samples. Step n of one counts with step n of the others; where states are carried over, the samples follow
   * each other on the axis of steps.
   */
  readonly samples: readonly number[];
  /** Null: all. */
  readonly steps: IndexRange | null;
  readonly units: IndexRange | null;
  readonly filter: ValueFilter | null;
  readonly series?: SeriesRequest;
  readonly unitList?: UnitListRequest;
  readonly matrix?: MatrixRequest;
  readonly histogram?: HistogramRequest;
  /** Counts of what `filter` matches. */
  readonly matches?: true;
  readonly values?: readonly ValueAddress[];
}

export interface SeriesRequest {
  /** Neighbouring steps share a point where there are more. */
  readonly mostPoints: number;
}

export interface UnitListRequest {
  readonly order: 'worst' | 'index';
  readonly most: number;
}

export interface MatrixRequest {
  /** `error` is quantized - float; `saturation` the share at a rail, 0..1; `value` a real. */
  readonly of: 'error' | 'saturation' | 'value';
  /** For `error`. */
  readonly against: 'accumulated' | 'local';
  /** For `value`. */
  readonly path: 'float' | 'quantized';
  /** Most cells along the steps and along the units. */
  readonly width: number;
  readonly height: number;
  /** `worst`: units of the largest RMS error first. */
  readonly order: 'worst' | 'index';
}

export interface HistogramRequest {
  /** Window of reals; null: all that is seen. */
  readonly from: number | null;
  readonly to: number | null;
  readonly mostBins: number;
}

export interface ValueAddress {
  /** Place among the run's samples; it must be one of `samples`. */
  readonly sample: number;
  /** Of the sample itself, from 0. */
  readonly step: number;
  readonly batch: number;
  readonly unit: number;
}

/** Samples in which a value is NaN or infinite are left out of `series` and `unitList`; such values are counted nowhere else. */
export interface SignalDetail {
  readonly op: number;
  readonly direction?: 'forward' | 'backward';
  readonly signal: SignalName | 'out';
  /** Steps on the axis (of the longest sample, or of all in a row), batch rows, values per step and row. */
  readonly steps: number;
  readonly batch: number;
  readonly size: number;
  readonly dtype: DType;
  /** Real distance of two neighbouring codes; null where values are reals. */
  readonly lsb: number | null;
  /** Real values of the rails; null where values are reals. */
  readonly rails: readonly [low: number, high: number] | null;
  readonly samples: readonly DetailSample[];
  /** Which values there are; figures of what is missing are 0. */
  readonly paths: { readonly float: boolean; readonly quantized: boolean; readonly local: boolean };
  /** What the answer covers after cutting. */
  readonly stepRange: IndexRange;
  readonly unitRange: IndexRange;
  readonly series: StepSeries | null;
  readonly unitList: readonly UnitFigures[] | null;
  readonly matrix: DetailMatrix | null;
  readonly histogram: DetailHistogram | null;
  readonly matches: MatchFigures | null;
  readonly values: readonly RawValue[] | null;
}

export interface DetailSample {
  readonly index: number;
  readonly name: string;
  readonly steps: number;
  /** Where it begins on the axis of steps: 0 but where states are carried over. */
  readonly firstStep: number;
}

/** Figures over steps; every array has one entry per point, point p covering `stepsPerPoint` steps from `first + p * stepsPerPoint`. */
export interface StepSeries {
  readonly first: number;
  /** A power of two. */
  readonly stepsPerPoint: number;
  /** Values compared; fewer where samples have ended. */
  readonly values: ArrayLike<number>;
  /** RMS of quantized - float, in reals; 0 where nothing is compared. */
  readonly rmse: ArrayLike<number>;
  readonly localRmse: ArrayLike<number>;
  readonly maxAbs: ArrayLike<number>;
  /** RMS of the float values: SQNR = 20 log10(floatRms / rmse). */
  readonly floatRms: ArrayLike<number>;
  readonly floatMin: ArrayLike<number>;
  readonly floatMax: ArrayLike<number>;
  /** Reals of the quantized path. */
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
  /** Values at a rail. */
  readonly atRails: ArrayLike<number>;
  /** Unit of the largest |error| and its signed error; on demand only. */
  readonly worstUnit?: ArrayLike<number>;
  readonly worstError?: ArrayLike<number>;
}

export interface UnitError {
  readonly unit: number;
  readonly values: number;
  readonly rmse: number;
  readonly localRmse: number;
  readonly maxAbs: number;
  readonly atRails: number;
}

/** With the ranges of both paths, in reals. */
export interface UnitFigures extends UnitError {
  readonly floatMin: number;
  readonly floatMax: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Rows of units, columns of steps, row-major. Where several values share a cell, it holds the one of the largest magnitude with its
 * sign (`saturation`: the share), never a mean. NaN where there is no value.
 */
export interface DetailMatrix {
  readonly of: MatrixRequest['of'];
  readonly rows: number;
  readonly columns: number;
  readonly cells: Float32Array;
  /** Units in the order of the rows, `unitsPerRow` of them for each. */
  readonly units: Uint32Array;
  readonly unitsPerRow: number;
  readonly firstStep: number;
  /** A power of two. */
  readonly stepsPerColumn: number;
  /** 1 where a value of the cell matches the filter; null without filter. */
  readonly matching: Uint8Array | null;
  /** 99.5th percentile of |cells|, where a colour scale may end. */
  readonly scaleEnd: number;
}

/** Counts in a window of reals. On an axis of codes every bin is a whole number of codes, edges half-way between them. */
export interface DetailHistogram {
  /** n + 1 ascending reals. */
  readonly edges: Float64Array;
  readonly float: Float64Array;
  /** Null where there is no quantized path. */
  readonly quantized: Float64Array | null;
  /** Of these, the values that match the filter; null without filter. */
  readonly matching: Float64Array | null;
  /** Codes of the first and behind the last bin, and codes per bin; null on an axis of reals. */
  readonly codes: { readonly first: number; readonly end: number; readonly perBin: number } | null;
  /** Of the quantized values counted (those outside the window too), how many are at each rail; null where values are reals. */
  readonly rails: { readonly low: number; readonly high: number } | null;
  /** Values outside the window. */
  readonly floatBelow: number;
  readonly floatAbove: number;
  readonly below: number;
  readonly above: number;
}

export interface MatchFigures {
  /** Values that match, of all that the answer covers. */
  readonly count: number;
  readonly values: number;
  /** How many units, and how many steps, have one at least. */
  readonly units: number;
  readonly steps: number;
  /** By unit of the range, and by point of `stepsPerPoint` steps from the range's first step. */
  readonly perUnit: Uint32Array;
  readonly perStep: Uint32Array;
  readonly stepsPerPoint: number;
  /** The units and steps (points) with most of them, first the most. */
  readonly topUnits: readonly { readonly unit: number; readonly count: number; readonly values: number }[];
  readonly topSteps: readonly { readonly step: number; readonly count: number; readonly values: number }[];
  /** The first ones, in the order of samples and steps. */
  readonly first: readonly ValueAddress[];
}

export interface RawValue extends ValueAddress {
  /** Null where there is no float counterpart. */
  readonly float: number | null;
  /** Real of the quantized path; null where there is none. */
  readonly quantized: number | null;
  /** Null where values are reals. */
  readonly code: number | null;
  readonly local: number | null;
  readonly localCode: number | null;
}

/** One tensor of the main graph: a constant, or an operator's result for one sample. */
export interface TensorDetailRequest {
  readonly tensor: number;
  /** Place among the run's samples; null for constants. */
  readonly sample: number | null;
  /** Part of the tensor as a table: its last axis across, all others down. */
  readonly grid?: { readonly rows: IndexRange; readonly columns: IndexRange };
  /** Ranges and histograms by channel: the axis of its scales where it has several, else the first of a constant and the last of a result. */
  readonly channels?: { readonly range: IndexRange; readonly mostBins: number };
}

export interface TensorDetail {
  readonly tensor: number;
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly constant: boolean;
  readonly sample: string | null;
  readonly grid: ValueGrid | null;
  readonly channels: ChannelDetail | null;
}

export interface ValueGrid {
  readonly rows: IndexRange;
  readonly columns: IndexRange;
  /** Row-major reals of the float path; null for constants and where there is no counterpart. */
  readonly float: Float32Array | null;
  /** Reals of the model itself. */
  readonly reals: Float64Array;
  /** Values as stored; null where they are reals. 64-bit integers beyond 2^53 are rounded. */
  readonly codes: Float64Array | null;
}

export interface ChannelDetail {
  readonly axis: number;
  readonly count: number;
  readonly first: number;
  readonly channels: readonly ChannelFigures[];
}

export interface ChannelFigures {
  readonly channel: number;
  readonly scale: number | null;
  readonly zeroPoint: number | null;
  readonly values: number;
  readonly min: number;
  readonly max: number;
  /** Codes at the ends of the type (weights: at ±127 and -128); 0 for reals. */
  readonly atRails: number;
  /** n + 1 reals, n counts. */
  readonly edges: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}
