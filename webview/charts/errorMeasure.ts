import { scaleLinear, scaleLog } from 'd3';
import { decibel, real, signedReal, withUnit } from './format';

/** Figures of an error that a profile can be drawn by. */
export const ERROR_MEASURES = ['sqnr', 'rmse', 'max', 'cosine', 'mean'] as const;
export type ErrorMeasure = (typeof ERROR_MEASURES)[number];

interface MeasureLook {
  /** Short, for a choice. */
  readonly label: string;
  /** With its unit, for a title. */
  readonly title: string;
  /** Where the worse values are. */
  readonly worse: 'lower' | 'higher' | 'far from 0';
  readonly text: (value: number) => string;
  /** Axis marks. */
  readonly tick: (value: number) => string;
}

const plain = (value: number): string => String(value).replace('-', '\u2212').replace('e+', 'e');

export const MEASURE_LOOKS: Readonly<Record<ErrorMeasure, MeasureLook>> = {
  sqnr: { label: 'SQNR', title: 'SQNR, dB', worse: 'lower', text: (db) => withUnit(decibel(db), 'dB'), tick: plain },
  rmse: { label: 'RMSE', title: 'RMS error', worse: 'higher', text: real, tick: plain },
  max: { label: 'max', title: 'Largest error', worse: 'higher', text: real, tick: plain },
  cosine: { label: 'cosine', title: 'Cosine to float', worse: 'lower', text: (value) => value.toFixed(5), tick: plain },
  mean: { label: 'mean', title: 'Mean error', worse: 'far from 0', text: signedReal, tick: plain },
};

/** How bad a value is among others of its measure: larger is worse. */
export function badness(measure: ErrorMeasure, value: number): number {
  const { worse } = MEASURE_LOOKS[measure];
  return worse === 'lower' ? -value : worse === 'higher' ? value : Math.abs(value);
}

export interface MeasureAxis {
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
  /** Whether it has a place for the value: a logarithm has none for 0. */
  readonly holds: (value: number) => boolean;
}

/**
 * The axis that holds all values with some room.
 * @param values of the measure; none: an empty axis
 * @param lane y of the lower and of the upper end, pixels
 */
export function measureAxis(measure: ErrorMeasure, values: readonly number[], lane: readonly [number, number]): MeasureAxis {
  if (measure === 'rmse' || measure === 'max') return logAxis(values, lane);
  const lowest = values.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const domain = values.length === 0 ? [0, measure === 'sqnr' ? 50 : 1] : linearDomain(measure, lowest, highest);
  const scale = scaleLinear(domain, lane);
  return { y: scale, ticks: scale.ticks(4), holds: () => true };
}

function linearDomain(measure: ErrorMeasure, lowest: number, highest: number): readonly [number, number] {
  // A difference of little is drawn as little.
  if (measure === 'sqnr') return [Math.min(lowest - 2, highest - 12), highest + 2];
  if (measure === 'cosine') return [Math.min(lowest, highest - 1e-4), highest];
  const most = Math.max(Math.abs(lowest), Math.abs(highest)) || 1;
  return [-most, most];
}

/** Errors of layers are orders of magnitude apart. */
function logAxis(values: readonly number[], lane: readonly [number, number]): MeasureAxis {
  const positive = values.filter((value) => value > 0);
  const lowest = positive.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = positive.reduce((a, b) => Math.max(a, b), -Infinity);
  const domain = positive.length === 0 ? [0.001, 1] : [Math.min(lowest / 1.3, highest / 10), highest * 1.3];
  const scale = scaleLog(domain, lane);
  const decades = scale.ticks(4).filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6));
  return { y: scale, ticks: decades, holds: (value) => value > 0 };
}
