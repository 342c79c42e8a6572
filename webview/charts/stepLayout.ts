import { scaleLinear } from 'd3';
import { real } from './format';
import { placeLabels } from './placeLabels';
import { textWidth } from './textWidth';

/** Figures over steps, one entry per point; point p covers `stepsPerPoint` steps from `first + p * stepsPerPoint`. */
export interface StepFigures {
  readonly first: number;
  readonly stepsPerPoint: number;
  readonly values: ArrayLike<number>;
  readonly rmse: ArrayLike<number>;
  readonly localRmse: ArrayLike<number>;
  readonly floatMin: ArrayLike<number>;
  readonly floatMax: ArrayLike<number>;
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
  readonly atRails: ArrayLike<number>;
}

export interface StepMarker {
  readonly step: number;
  readonly text: string;
}

export interface StepLaneOptions {
  /** Pixels. The height follows from the lanes: `StepLayout.height`. */
  readonly width: number;
  readonly figures: StepFigures;
  /** Steps in all; the last point may cover fewer than the others. */
  readonly steps: number;
  /** Reals of the rails; null leaves out the lane of shares. */
  readonly rails: readonly [low: number, high: number] | null;
  /** Pixels kept free for a heat map under the lanes. */
  readonly heatHeight: number;
  readonly markers: readonly StepMarker[];
}

/** A level to compare the error with, such as what storing the same values as float16 would make. */
export interface ErrorReference {
  readonly rmse: number;
  /** Such as `float16`. */
  readonly label: string;
}

export interface Lane {
  readonly top: number;
  readonly height: number;
  /** Value to y. */
  readonly y: (value: number) => number;
}

export interface StepLayout {
  readonly left: number;
  readonly plotWidth: number;
  readonly height: number;
  /** First step and the step behind the last. */
  readonly domain: readonly [from: number, to: number];
  /** Left edge of a step; not before or behind the plot. */
  readonly x: (step: number) => number;
  readonly stepAt: (x: number) => number;
  readonly error: Lane & { readonly peak: number };
  /** Null where the editor is too narrow: the figures under the pointer then tell the range. */
  readonly range: Lane | null;
  readonly share: (Lane & { readonly most: number }) | null;
  readonly heatTop: number;
  readonly axisTop: number;
  readonly ticks: readonly { readonly step: number; readonly x: number }[];
  /** Room for notes right of the lanes; 0 where there is none. */
  readonly notes: number;
  readonly markers: readonly { readonly step: number; readonly x: number; readonly label: MarkerLabel | null }[];
}

export interface MarkerLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

/** Under this width the range lane and the notes are left out. */
const NARROW = 500;
const TOP = 34;
const GAP = 10;
const ERROR_HEIGHT = 58;
const RANGE_HEIGHT = 50;
const SHARE_HEIGHT = 32;
const AXIS_HEIGHT = 24;
const LINE = 13;

/** Where everything in the lanes over steps goes: pure arithmetic. */
export function layoutSteps(options: StepLaneOptions): StepLayout {
  const { width, figures, steps, rails, heatHeight } = options;
  const narrow = width < NARROW;
  const left = narrow ? 58 : 78;
  const notes = narrow ? 0 : 112;
  const plotWidth = Math.max(40, width - left - notes - 8);
  const { first } = figures;
  const to = Math.max(first + 1, Math.min(steps, first + figures.rmse.length * figures.stepsPerPoint));
  const scale = scaleLinear([first, to], [0, plotWidth]).clamp(true);

  const peak = Math.max(mostOf(figures.rmse), mostOf(figures.localRmse));
  const lane = (top: number, height: number, domain: readonly [number, number]): Lane => ({
    top,
    height,
    y: scaleLinear(domain[1] > domain[0] ? domain : [domain[0] - 1, domain[1] + 1], [top + height, top]),
  });
  const error = { ...lane(TOP, ERROR_HEIGHT, [0, peak > 0 ? peak : 1]), peak };
  let bottom = TOP + ERROR_HEIGHT;
  const ends = rangeEnds(figures, rails);
  const range = narrow ? null : lane(bottom + GAP, RANGE_HEIGHT, ends);
  if (range) bottom = range.top + range.height;
  const most = mostShare(figures);
  const share = rails === null ? null : { ...lane(bottom + GAP, SHARE_HEIGHT, [0, most > 0 ? most : 1]), most };
  if (share) bottom = share.top + share.height;
  const heatTop = bottom + GAP;
  const axisTop = heatTop + heatHeight;
  return {
    left,
    plotWidth,
    height: axisTop + AXIS_HEIGHT,
    domain: [first, to],
    x: (step) => scale(step),
    stepAt: (x) => Math.max(first, Math.min(to - 1, Math.floor(scale.invert(x)))),
    error,
    range,
    share,
    heatTop,
    axisTop,
    ticks: scale
      .ticks(Math.max(2, Math.floor(plotWidth / 60)))
      .filter(Number.isInteger)
      .map((step) => ({ step, x: scale(step + 0.5) })),
    notes,
    markers: placeMarkers(options, (step) => scale(step + 0.5), plotWidth),
  };
}

/** What the rails are called beside the range lane. */
export function railNote(rail: number): string {
  return `rail ${rail > 0 ? '+' : ''}${real(rail)}`;
}

function mostOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let k = 0; k < values.length; k++) most = Math.max(most, values[k] ?? 0);
  return most;
}

/** Share of a point's values that are at a rail; 0 where it has none. */
export function shareAt({ atRails, values }: Pick<StepFigures, 'atRails' | 'values'>, point: number): number {
  const of = values[point] ?? 0;
  return of > 0 ? (atRails[point] ?? 0) / of : 0;
}

/** Largest share at the rails of any point. */
export function mostShare(figures: Pick<StepFigures, 'atRails' | 'values'>): number {
  let most = 0;
  for (let k = 0; k < figures.values.length; k++) most = Math.max(most, shareAt(figures, k));
  return most;
}

/** All that is seen, and a rail where it is near: one that float never comes close to would only flatten the lane. */
function rangeEnds({ floatMin, floatMax, min, max, values }: StepFigures, rails: StepLaneOptions['rails']): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < values.length; k++) {
    if ((values[k] ?? 0) === 0) continue;
    low = Math.min(low, floatMin[k] ?? low, min[k] ?? low);
    high = Math.max(high, floatMax[k] ?? high, max[k] ?? high);
  }
  if (low > high) return [0, 1];
  for (const rail of rails ?? []) {
    const span = high - low;
    if (rail > high && rail - high < span * 0.25) high = rail;
    if (rail < low && low - rail < span * 0.25) low = rail;
  }
  return [low, high];
}

/** Labels over the lanes: beside their line, on its other side near the end, a line lower where another is in the way, else none. */
function placeMarkers({ markers }: StepLaneOptions, x: (step: number) => number, width: number): StepLayout['markers'] {
  const groups = markers.map(({ step, text }) => {
    const at = x(step);
    const wide = textWidth(text, 11, { bold: true });
    return [12, 12 + LINE].flatMap((y) =>
      (['start', 'end'] as const).map((anchor) => ({
        label: { text, x: anchor === 'start' ? at + 5 : at - 5, y, anchor },
        box: { x: anchor === 'start' ? at + 3 : at - 5 - wide, y: y - 10, width: wide + 4, height: LINE - 1 },
      })),
    );
  });
  const taken = placeLabels(
    groups.map((options) => options.map(({ box }) => box)),
    { x: 0, y: 0, width: width + 60, height: TOP },
  );
  return markers.map(({ step }, k) => ({ step, x: x(step), label: groups[k]?.[taken[k] ?? -1]?.label ?? null }));
}
