import { scaleLinear } from 'd3';
import { measureAxis, type ErrorMeasure, type MeasureAxis } from './errorMeasure';

/** One operator along the graph. */
export interface ProfilePoint {
  /** What the operator is, such as `12 TANH`; named in labels. */
  readonly name: string;
  /** Of the profile's measure; null: not measured, or exact. */
  readonly local: number | null;
  readonly accumulated: number | null;
  /** Adds error of its own: its ring is filled. */
  readonly isCulprit: boolean;
  /** Shares of values at a rail, and of those that are lost there, 0..1. */
  readonly atRails: number;
  readonly lost: number;
}

/** Both ends included. */
export interface ProfileStretch {
  readonly from: number;
  readonly to: number;
}

export const MARGIN = { left: 52, right: 16, top: 12, bottom: 22 };
/** Free row between the lanes, for names. Pixels. */
export const NOTE_ROW = 20;
/** Of the height, the lane of errors; the rest is the lane of rails. */
const ERRORS_SHARE = 0.64;

export interface ProfileFrame {
  readonly x: (index: number) => number;
  readonly axis: MeasureAxis;
  readonly points: readonly ProfilePoint[];
  readonly measure: ErrorMeasure;
  /** Lowest y of the error lane, and the base of the saturation lane. */
  readonly floor: number;
  readonly base: number;
  readonly width: number;
  readonly hasRails: boolean;
}

export interface ProfileShape {
  readonly points: readonly ProfilePoint[];
  readonly measure: ErrorMeasure;
  /** Whether anything has rails: else the lane of rails is the errors' too. */
  readonly hasRails: boolean;
  readonly width: number;
  readonly height: number;
}

export function profileFrame({ points, measure, hasRails, width, height }: ProfileShape): ProfileFrame {
  const base = height - MARGIN.bottom;
  const floor = hasRails ? MARGIN.top + (base - MARGIN.top) * ERRORS_SHARE : base - NOTE_ROW;
  return {
    x: scaleLinear([-0.5, Math.max(1, points.length) - 0.5], [MARGIN.left, width - MARGIN.right]),
    axis: measureAxis(measure, valuesOf(points), [floor, MARGIN.top]),
    points,
    measure,
    floor,
    base,
    width,
    hasRails,
  };
}

const VALUES = new WeakMap<readonly ProfilePoint[], readonly number[]>();

function valuesOf(points: readonly ProfilePoint[]): readonly number[] {
  const known = VALUES.get(points);
  if (known) return known;
  const values = points.flatMap(({ local, accumulated }) => [local, accumulated]).filter((value) => value !== null);
  VALUES.set(points, values);
  return values;
}

/** Height of a share's bar in the lane of rails; at least visible. */
export function barHeights({ points, floor, base }: Pick<ProfileFrame, 'points' | 'floor' | 'base'>): (share: number) => number {
  const most = points.reduce((largest, { atRails }) => Math.max(largest, atRails), 0.1);
  return (share) => Math.max(1.5, (share / most) * (base - floor - NOTE_ROW));
}
