import { renderToStaticMarkup } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { heatPixels } from '../../webview/charts/heatColors';
import { StepLanes } from '../../webview/charts/StepLanes';
import { describeStep } from '../../webview/charts/stepText';
import { layoutSteps, pointEndsInside, type StepFigures } from './stepFixture';

const figures: StepFigures = {
  first: 4,
  stepsPerPoint: 2,
  values: [10, 10, 5],
  rmse: [0.5, 2, 1],
  localRmse: [0.25, 0.5, 2.5],
  floatMin: [-3, -9, -1],
  floatMax: [3, 12, 1],
  min: [-3, -8, -1],
  max: [3, 8, 1],
  atRails: [0, 4, 1],
};
const options = { width: 900, figures, steps: 9, rails: [-8, 8] as const, heatHeight: 60, markers: [] };

describe('layout of the lanes over steps', () => {
  test('covers the steps there are: the last point may be cut short', () => {
    const layout = layoutSteps(options);
    expect(layout.domain).toEqual([4, 9]);
    expect(layout.x(4)).toBe(0);
    expect(layout.x(9)).toBe(layout.plotWidth);
  });

  test('a pixel belongs to the step whose column it is in, and never to one beside the plot', () => {
    const layout = layoutSteps(options);
    for (let step = 4; step < 9; step++) {
      expect(layout.stepAt(layout.x(step) + 0.01)).toBe(step);
      expect(layout.stepAt(layout.x(step + 1) - 0.01)).toBe(step);
    }
    expect(layout.stepAt(-50)).toBe(4);
    expect(layout.stepAt(5000)).toBe(8);
  });

  test('scales each lane to its own largest figure, local errors included', () => {
    const { error, share } = layoutSteps(options);
    expect(error.peak).toBe(2.5);
    expect(error.y(2.5)).toBe(error.top);
    expect(error.y(0)).toBe(error.top + error.height);
    expect(share?.most).toBe(0.4);
  });

  test('has no lane of rails for reals, and no range lane nor notes in a narrow editor', () => {
    expect(layoutSteps({ ...options, rails: null }).share).toBeNull();
    const narrow = layoutSteps({ ...options, width: 460 });
    expect(narrow.range).toBeNull();
    expect(narrow.notes).toBe(0);
  });

  test('a rail far from all values does not flatten the range lane', () => {
    const calm = { ...figures, floatMin: [-1, -1, -1], floatMax: [1, 1, 1], min: [-1, -1, -1], max: [1, 1, 1] };
    const { range } = layoutSteps({ ...options, figures: calm });
    expect(range?.y(1)).toBe(range?.top);
  });

  test('two markers at one place: the second is written a line lower or on the other side', () => {
    const markers = [
      { step: 5, text: 'step 5: largest error' },
      { step: 5, text: 'step 5: h first over 2 × local' },
    ];
    const [a, b] = layoutSteps({ ...options, markers }).markers.map(({ label }) => label);
    expect(a).not.toBeNull();
    expect(b).not.toBeNull();
    expect([a?.y, a?.anchor]).not.toEqual([b?.y, b?.anchor]);
  });

  test('a marker near the end is written to the left of its line', () => {
    const [marker] = layoutSteps({
      ...options,
      markers: [{ step: 8, text: 'a rather long text about step 8 that needs room' }],
    }).markers;
    expect(marker?.label?.anchor).toBe('end');
  });
});

describe('lanes over steps', () => {
  const lanes = {
    ...options,
    layout: layoutSteps(options),
    title: 'o before σ',
    summary: '27.5 % at the rails',
    path: 'int8',
    cursor: null,
    brush: null,
  };

  test('every path stays inside the plot', () => {
    const svg = renderToStaticMarkup(<StepLanes {...lanes} />);
    expect(pointEndsInside(svg, layoutSteps(options).plotWidth)).toBe(true);
  });

  test('the line stands in the middle of its step, the selection covers whole steps', () => {
    const layout = layoutSteps(options);
    const svg = renderToStaticMarkup(<StepLanes {...lanes} cursor={6} brush={{ from: 5, to: 8 }} onPoint={() => undefined} />);
    expect(svg).toContain(`M${Math.round(layout.x(6.5) * 10) / 10},`);
    expect(svg).toContain(`x="${Math.round(layout.x(5) * 10) / 10}"`);
    expect(svg).toContain(`width="${Math.round((layout.x(8) - layout.x(5)) * 10) / 10}"`);
    expect(svg).toContain('role="slider"');
    expect(svg).toContain('aria-valuemax="8"');
  });

  test('a step is told with all its figures, shared points as steps from to', () => {
    expect(describeStep(figures, 7, 'int8')).toBe(
      'steps 6 to 7: error RMS 2.00, local 0.500; float −9.00 to 12.0; int8 −8.00 to 8.00; 40.0\u00a0% at the rails',
    );
    expect(describeStep({ ...figures, stepsPerPoint: 1 }, 4, 'int8')).toBe(
      'step 4: error RMS 0.500, local 0.250; float −3.00 to 3.00; int8 −3.00 to 3.00',
    );
    expect(describeStep(figures, 40, 'int8')).toBe('step 40: no values');
  });
});

describe('colours of the heat map', () => {
  const palette = { background: [0, 0, 0], negative: [100, 0, 0], positive: [0, 100, 0], rail: [0, 0, 100] } as const;
  const heat = { of: 'error' as const, rows: 1, columns: 4, cells: [-4, 0, 1, NaN], scaleEnd: 4, matching: null };
  const cell = (pixels: Uint8ClampedArray, k: number) => Array.from(pixels.subarray(k * 4, k * 4 + 4));

  test('the sign is the hue, the square root of the magnitude its strength, and no value is background', () => {
    const pixels = heatPixels(heat, palette);
    expect([0, 1, 2, 3].map((k) => cell(pixels, k))).toEqual([
      [100, 0, 0, 255],
      [0, 0, 0, 255],
      [0, 50, 0, 255],
      [0, 0, 0, 255],
    ]);
  });

  test('shares are drawn in the colour of the rails, and cells beside the filter fade to a quarter', () => {
    const pixels = heatPixels({ ...heat, of: 'saturation', cells: [1, 1, 0.25, 0], matching: [1, 0, 1, 1] }, palette);
    expect([0, 1, 2, 3].map((k) => pixels[k * 4 + 2])).toEqual([100, 25, 50, 0]);
  });
});
