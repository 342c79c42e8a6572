import type { StepLayout, StepZoom } from './stepLayout';

/** What the wheel is about. */
export interface ZoomAxes {
  readonly steps: boolean;
  readonly values: boolean;
}

/** By what one notch of the wheel, or one key, makes the window narrower. */
export const ZOOM_STEP = 1.25;
/** Steps that a window holds at least. */
const LEAST_STEPS = 4;

/** The wheel zooms both axes; with Shift the steps only, with Alt the values only. */
export function axesOf({ shiftKey, altKey }: Pick<WheelEvent, 'shiftKey' | 'altKey'>): ZoomAxes {
  return { steps: !altKey || shiftKey, values: !shiftKey || altKey };
}

/** Shift turns the wheel sideways. */
export function wheelFactor({ deltaX, deltaY }: Pick<WheelEvent, 'deltaX' | 'deltaY'>): number {
  const delta = deltaY === 0 ? deltaX : deltaY;
  return delta < 0 ? 1 / ZOOM_STEP : delta > 0 ? ZOOM_STEP : 1;
}

/**
 * `zoom` made narrower (factor below 1) or wider around a place of the lanes; what comes to hold everything is null again.
 * @param at pixels from the lanes' left end and from the chart's top
 * @param all steps that there are
 */
export function zoomedLanes(
  zoom: StepZoom,
  layout: StepLayout,
  at: { readonly x: number; readonly y: number },
  factor: number,
  axes: ZoomAxes,
  all: readonly [from: number, to: number],
): StepZoom {
  const { range, error } = layout;
  const inRange = range !== null && at.y >= range.top - 4 && at.y <= range.top + range.height + 4;
  const inError = at.y <= error.top + error.height + 4;
  const both = !inRange && !inError;
  return {
    steps: axes.steps ? zoomedSteps(layout, at.x, factor, all) : zoom.steps,
    range: axes.values && range && (inRange || both) ? zoomedRange(zoom, range, inRange ? at.y : null, factor) : zoom.range,
    error: axes.values && (inError || both) ? zoomedError(zoom, error.peak, factor) : zoom.error,
  };
}

function zoomedSteps(
  { domain: [from, to], plotWidth }: StepLayout,
  x: number,
  factor: number,
  all: readonly [from: number, to: number],
): StepZoom['steps'] {
  const place = Math.max(0, Math.min(1, x / plotWidth));
  const span = to - from;
  // At least one step further, so that small windows move too.
  const wanted = factor < 1 ? Math.min(span - 1, span * factor) : Math.max(span + 1, span * factor);
  const size = Math.max(Math.min(LEAST_STEPS, all[1] - all[0]), Math.round(wanted));
  const start = Math.round(from + place * (span - size));
  return within([start, start + size], all);
}

/** A window of whole steps moved into what there is; null where it holds all of it. */
export function within([from, to]: readonly [number, number], all: readonly [from: number, to: number]): StepZoom['steps'] {
  const size = Math.min(to - from, all[1] - all[0]);
  if (size >= all[1] - all[0]) return null;
  const start = Math.max(all[0], Math.min(all[1] - size, from));
  return [start, start + size];
}

function zoomedRange(
  zoom: StepZoom,
  lane: NonNullable<StepLayout['range']>,
  y: number | null,
  factor: number,
): StepZoom['range'] {
  const [low, high] = lane.domain;
  const middle =
    y === null ? (low + high) / 2 : high - (Math.max(0, Math.min(lane.height, y - lane.top)) / lane.height) * (high - low);
  const next = [middle - (middle - low) * factor, middle + (high - middle) * factor] as const;
  const [least, most] = lane.whole;
  if (next[0] <= least && next[1] >= most) return null;
  return zoom.range === null && factor > 1 ? null : [Math.max(least, next[0]), Math.min(most, next[1])];
}

function zoomedError(zoom: StepZoom, peak: number, factor: number): StepZoom['error'] {
  const end = (zoom.error ?? peak) * factor;
  return peak <= 0 || end >= peak ? null : end;
}
