import { describe, expect, test } from 'vitest';
import { axesOf, wheelFactor, within, zoomedLanes, ZOOM_STEP } from '../../webview/charts/stepZoom';
import { layoutSteps, WHOLE, type StepFigures, type StepZoom } from '../../webview/charts/stepLayout';
import { fadedSteps, fadedUnits } from '../../webview/views/steps/fadedSteps';

const hundred = (value: number) => Array.from({ length: 100 }, () => value);
const figures: StepFigures = {
  first: 0,
  stepsPerPoint: 1,
  values: hundred(10),
  rmse: hundred(2),
  localRmse: hundred(1),
  floatMin: hundred(-4),
  floatMax: hundred(4),
  min: hundred(-4),
  max: hundred(4),
  atRails: hundred(0),
};
const layout = (zoom: StepZoom) =>
  layoutSteps({ width: 900, figures, steps: 100, rails: null, heatHeight: 60, markers: [], zoom });
const ALL = [0, 100] as const;

describe('zooming the lanes over steps', () => {
  test('Shift zooms steps alone, Alt values alone, and Shift turns the wheel sideways', () => {
    expect(axesOf({ shiftKey: false, altKey: false })).toEqual({ steps: true, values: true });
    expect(axesOf({ shiftKey: true, altKey: false })).toEqual({ steps: true, values: false });
    expect(axesOf({ shiftKey: false, altKey: true })).toEqual({ steps: false, values: true });
    expect(wheelFactor({ deltaX: -120, deltaY: 0 })).toBe(1 / ZOOM_STEP);
    expect(wheelFactor({ deltaX: 0, deltaY: 3 })).toBe(ZOOM_STEP);
  });

  test('the step under the pointer stays under it', () => {
    const whole = layout(WHOLE);
    const at = { x: whole.x(70.5), y: 0 };
    const zoom = zoomedLanes(WHOLE, whole, at, 0.5, { steps: true, values: false }, ALL);
    expect(zoom).toEqual({ steps: [35, 85], range: null, error: null });
    const closer = layout(zoom);
    expect(closer.domain).toEqual([35, 85]);
    expect(Math.abs(closer.stepAt(at.x) - 70)).toBeLessThanOrEqual(1);
  });

  test('a window never leaves the steps there are, never gets narrower than four, and is null when it holds all', () => {
    expect(within([90, 110], ALL)).toEqual([80, 100]);
    expect(within([-7, 13], ALL)).toEqual([0, 20]);
    expect(within([-50, 170], ALL)).toBeNull();
    let zoom: StepZoom = WHOLE;
    for (let k = 0; k < 40; k++)
      zoom = zoomedLanes(zoom, layout(zoom), { x: 300, y: 0 }, 0.8, { steps: true, values: false }, ALL);
    expect(zoom.steps![1] - zoom.steps![0]).toBe(4);
    for (let k = 0; k < 60; k++)
      zoom = zoomedLanes(zoom, layout(zoom), { x: 300, y: 0 }, 1.25, { steps: true, values: false }, ALL);
    expect(zoom.steps).toBeNull();
  });

  test('values zoom in the lane that is pointed at, and back to all', () => {
    const whole = layout(WHOLE);
    const values = { steps: false, values: true };
    const inError = zoomedLanes(WHOLE, whole, { x: 100, y: whole.error.top + 5 }, 0.5, values, ALL);
    expect(inError).toEqual({ steps: null, range: null, error: 1 });
    expect(layout(inError).error.y(2)).toBe(whole.error.top);
    const range = whole.range!;
    const middle = { x: 100, y: range.top + range.height / 2 };
    const inRange = zoomedLanes(WHOLE, whole, middle, 0.5, values, ALL);
    expect(inRange).toEqual({ steps: null, range: [-2, 2], error: null });
    expect(zoomedLanes(inRange, layout(inRange), middle, 4, values, ALL)).toEqual(WHOLE);
  });
});

describe('height of the lanes', () => {
  const at = (height: number) =>
    layoutSteps({ width: 900, height, figures, steps: 100, rails: [-8, 8], heatHeight: 108, markers: [] });

  test('they share what there is, each at least legible, and end where they should', () => {
    for (const height of [200, 230, 260, 340, 500]) {
      const { error, range, share, heatHeight, height: total } = at(height);
      expect(Math.abs(total - height)).toBeLessThanOrEqual(2);
      expect(error.height).toBeGreaterThanOrEqual(34);
      expect(range!.height).toBeGreaterThanOrEqual(26);
      expect(share!.height).toBeGreaterThanOrEqual(18);
      expect(heatHeight).toBeGreaterThanOrEqual(28);
    }
    expect(at(500).heatHeight).toBeGreaterThan(at(340).heatHeight);
  });
});

describe('what fades beside a filter', () => {
  const matrix = {
    of: 'error' as const,
    rows: 2,
    columns: 4,
    cells: new Float32Array(8),
    units: new Uint32Array([7, 3]),
    unitsPerRow: 1,
    firstStep: 10,
    stepsPerColumn: 2,
    scaleEnd: 1,
  };

  test('steps at which no unit matches, joined, and units that match at no step', () => {
    const matching = new Uint8Array([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(fadedSteps({ ...matrix, matching })).toEqual([
      { from: 10, to: 14 },
      { from: 16, to: 18 },
    ]);
    expect([...fadedUnits({ ...matrix, matching })]).toEqual([3]);
  });

  test('nothing without a filter', () => {
    expect(fadedSteps({ ...matrix, matching: null })).toEqual([]);
    expect(fadedUnits({ ...matrix, matching: null }).size).toBe(0);
  });
});
