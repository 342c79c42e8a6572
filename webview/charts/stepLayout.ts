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
  /** Pixels kept free for a heat map under the lanes; with a height, what it gets at least of what there is. */
  readonly heatHeight: number;
  readonly markers: readonly StepMarker[];
  /** Pixels that all of it takes: the lanes share them. Default: as the lanes need. */
  readonly height?: number | null;
  /** What of steps and values is shown; default: all. */
  readonly zoom?: StepZoom;
}

/** Zoomed in. Null: all. */
export interface StepZoom {
  /** From a step up to another, which is not included. */
  readonly steps: readonly [from: number, to: number] | null;
  /** Reals of the range lane. */
  readonly range: readonly [low: number, high: number] | null;
  /** Upper end of the error lane. */
  readonly error: number | null;
}

export const WHOLE: StepZoom = { steps: null, range: null, error: null };

/** A level to compare the error with, such as what storing the same values as float16 would make. */
export interface ErrorReference {
  readonly rmse: number;
  /** Such as `float16`. */
  readonly label: string;
}

export interface Lane {
  readonly top: number;
  readonly height: number;
  /** Value to y; not above or below the lane. */
  readonly y: (value: number) => number;
}

export interface RangeLane extends Lane {
  /** Reals that are shown, and all that there are. */
  readonly domain: readonly [low: number, high: number];
  readonly whole: readonly [low: number, high: number];
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
  /** `end`: what is shown at its top. */
  readonly error: Lane & { readonly peak: number; readonly end: number };
  /** Null where the editor is too narrow: the figures under the pointer then tell the range. */
  readonly range: RangeLane | null;
  readonly share: (Lane & { readonly most: number }) | null;
  readonly heatTop: number;
  readonly heatHeight: number;
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
const LINE = 13;
/** Of the labels over the lanes: one line, or two where they meet. */
const TOP = 21;

/** Heights in pixels, and what is left of them where there is little room. */
const LANES = {
  error: { wanted: 58, least: 34 },
  range: { wanted: 50, least: 26 },
  share: { wanted: 32, least: 18 },
} as const;
const HEAT_LEAST = 28;
const ROOMY = { gap: 10, axis: 24 };
const TIGHT = { gap: 6, axis: 19 };

interface Heights {
  readonly error: number;
  readonly range: number;
  readonly share: number;
  readonly heat: number;
  readonly gap: number;
  readonly axis: number;
}

/** Where everything in the lanes over steps goes: pure arithmetic. */
export function layoutSteps(options: StepLaneOptions): StepLayout {
  const { width, figures, steps, rails, zoom = WHOLE } = options;
  const narrow = width < NARROW;
  const left = narrow ? 58 : 78;
  const notes = narrow ? 0 : 112;
  const plotWidth = Math.max(40, width - left - notes - 8);
  const first = zoom.steps?.[0] ?? figures.first;
  const last = Math.min(steps, figures.first + figures.rmse.length * figures.stepsPerPoint);
  const to = Math.max(first + 1, zoom.steps?.[1] ?? last);
  const scale = scaleLinear([first, to], [0, plotWidth]).clamp(true);
  const seen = options.markers.filter(({ step }) => step >= first && step < to);
  const markers = placeMarkers(seen, (step) => scale(step + 0.5), plotWidth);
  const top = TOP + (markers.some(({ label }) => label && label.y > LINE) ? LINE : 0);
  const heights = heightsOf(options, top, { range: !narrow, share: rails !== null });

  const peak = Math.max(mostOf(figures.rmse), mostOf(figures.localRmse));
  const lane = (from: number, height: number, domain: readonly [number, number]): Lane => ({
    top: from,
    height,
    y: scaleLinear(domain[1] > domain[0] ? domain : [domain[0] - 1, domain[1] + 1], [from + height, from]).clamp(true),
  });
  const end = zoom.error ?? (peak > 0 ? peak : 1);
  const error = { ...lane(top, heights.error, [0, end]), peak, end };
  let bottom = top + heights.error;
  const whole = rangeEnds(figures, rails);
  const domain = zoom.range ?? whole;
  const range = narrow ? null : { ...lane(bottom + heights.gap, heights.range, domain), domain, whole };
  if (range) bottom = range.top + range.height;
  const most = mostShare(figures);
  const share = rails === null ? null : { ...lane(bottom + heights.gap, heights.share, [0, most > 0 ? most : 1]), most };
  if (share) bottom = share.top + share.height;
  const heatTop = bottom + heights.gap;
  const axisTop = heatTop + heights.heat;
  return {
    left,
    plotWidth,
    height: axisTop + heights.axis,
    domain: [first, to],
    x: (step) => scale(step),
    stepAt: (x) => Math.max(first, Math.min(to - 1, Math.floor(scale.invert(x)))),
    error,
    range,
    share,
    heatTop,
    heatHeight: heights.heat,
    axisTop,
    ticks: scale
      .ticks(Math.max(2, Math.floor(plotWidth / 60)))
      .filter((step) => Number.isInteger(step) && step < to)
      .map((step) => ({ step, x: scale(step + 0.5) })),
    notes,
    markers,
  };
}

/** Wanted heights where there is room, what is over going to the heat map and the two tall lanes; else all lower, each to its least. */
function heightsOf(
  { height = null, heatHeight }: StepLaneOptions,
  top: number,
  shown: { readonly range: boolean; readonly share: boolean },
): Heights {
  const range = shown.range ? LANES.range : { wanted: 0, least: 0 };
  const share = shown.share ? LANES.share : { wanted: 0, least: 0 };
  const gaps = 1 + Number(shown.range) + Number(shown.share);
  const wanted = LANES.error.wanted + range.wanted + share.wanted + heatHeight;
  const roomy = { error: LANES.error.wanted, range: range.wanted, share: share.wanted, heat: heatHeight, ...ROOMY };
  if (height === null) return roomy;
  const over = height - top - ROOMY.axis - gaps * ROOMY.gap - wanted;
  if (over >= 0) {
    const taller = shown.range ? 0.3 : 0;
    const error = Math.floor(over * 0.25);
    const band = Math.floor(over * taller);
    return { ...roomy, error: roomy.error + error, range: roomy.range + band, heat: roomy.heat + over - error - band };
  }
  const room = height - top - TIGHT.axis - gaps * TIGHT.gap;
  const heatLeast = Math.min(heatHeight, HEAT_LEAST);
  const least = LANES.error.least + range.least + share.least + heatLeast;
  const part = Math.max(0, Math.min(1, (room - least) / (wanted - least)));
  const between = (low: number, high: number) => Math.round(low + (high - low) * part);
  const error = between(LANES.error.least, LANES.error.wanted);
  const [band, columns] = [between(range.least, range.wanted), between(share.least, share.wanted)];
  return { error, range: band, share: columns, heat: Math.max(heatLeast, room - error - band - columns), ...TIGHT };
}

/** What the rails are called beside the range lane; in one note where two have no room. */
export function railNotes(rails: readonly number[], { y }: Lane): readonly { readonly text: string; readonly y: number }[] {
  const notes = rails.map((rail) => ({ text: `rail ${rail > 0 ? '+' : ''}${real(rail)}`, y: y(rail) }));
  const [low, high] = notes;
  if (!low || !high || Math.abs(low.y - high.y) >= LINE) return notes;
  return [{ text: `rails ${rails.map((rail) => real(rail)).join(', ')}`, y: (low.y + high.y) / 2 }];
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
function placeMarkers(markers: readonly StepMarker[], x: (step: number) => number, width: number): StepLayout['markers'] {
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
    { x: 0, y: 0, width: width + 60, height: TOP + LINE },
  );
  return markers.map(({ step }, k) => ({ step, x: x(step), label: groups[k]?.[taken[k] ?? -1]?.label ?? null }));
}
