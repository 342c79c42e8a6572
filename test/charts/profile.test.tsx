import { renderToStaticMarkup } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { DotPlot, dotPlotHeight } from '../../webview/charts/DotPlot';
import { ErrorProfile } from '../../webview/charts/ErrorProfile';
import { badness, ERROR_MEASURES, measureAxis } from '../../webview/charts/errorMeasure';
import type { ProfilePoint } from '../../webview/charts/profileFrame';
import { textWidth } from '../../webview/charts/textWidth';

const point = (name: string, local: number | null, accumulated: number, isCulprit = false): ProfilePoint => ({
  name,
  local,
  accumulated,
  isCulprit,
  atRails: 0,
  lost: 0,
});

describe('error profile', () => {
  const points = [point('0 ADD', 0.002, 0.004), point('1 MUL', 0.31, 0.29, true), point('2 TANH', 0, 1.7)];
  const drawn = (measure: (typeof ERROR_MEASURES)[number], hasRails = true) =>
    renderToStaticMarkup(
      <ErrorProfile width={700} height={190} title="t" summary="s" points={points} measure={measure} hasRails={hasRails} />,
    );

  test('errors are drawn by their order of magnitude, and nothing where there is none', () => {
    const svg = drawn('rmse');
    expect([...svg.matchAll(/text-anchor="end"[^>]*>([\d.]+)</g)].map(([, tick]) => tick)).toEqual(['0.01', '0.1', '1']);
    // Of three rings one is a culprit, and one has no place on a logarithm.
    expect(svg.match(/stroke-linecap="round" d="[^"]*"|d="[^"]*"[^>]*stroke-linecap="round"/g)?.map((path) => path.match(/h0/g)?.length ?? 0)).toEqual([1, 1, 1]); // prettier-ignore
    expect(svg).toContain('1 MUL: largest local RMS, 0.310');
  });

  test('where nothing has rails, the lane of errors is as high as the chart', () => {
    expect(drawn('sqnr')).toContain('at rails');
    expect(drawn('sqnr', false)).not.toContain('at rails');
  });

  test.each(ERROR_MEASURES)('%s: an axis for any values', (measure) => {
    for (const values of [[], [0], [3], [-2, 5], [1e-9, 1e6], [0.99999, 1]]) {
      const { y, ticks, holds } = measureAxis(measure, values, [100, 10]);
      for (const value of [...values.filter(holds), ...ticks]) {
        expect(y(value)).toBeGreaterThanOrEqual(9.9);
        expect(y(value)).toBeLessThanOrEqual(100.1);
      }
    }
  });

  test('what is worse', () => {
    expect(badness('sqnr', 3)).toBeGreaterThan(badness('sqnr', 30));
    expect(badness('rmse', 3)).toBeGreaterThan(badness('rmse', 0.3));
    expect(badness('cosine', 0.9)).toBeGreaterThan(badness('cosine', 0.99));
    expect(badness('mean', -3)).toBeGreaterThan(badness('mean', 1));
  });
});

test('figures beside the dots meet neither names nor the edge', () => {
  const rows = [
    { label: '15 FULLY_CONNECTED', accumulated: -0.7, local: 41.2, exact: false },
    { label: '16 UNIDIRECTIONAL_SEQUENCE_LSTM', accumulated: -12.3, local: 118.4, exact: false },
  ];
  for (const width of [240, 300, 430, 900]) {
    const svg = renderToStaticMarkup(
      <DotPlot width={width} height={dotPlotHeight(2)} title="t" summary="s" rows={rows} labelWidth={Math.min(180, width / 3)} />,
    );
    const texts = [...svg.matchAll(/<text x="([-\d.]+)" y="([\d.]+)"([^>]*)>([^<]*)</g)].map(([, x, y, rest, text]) => {
      const size = Number(/font-size="([\d.]+)"/.exec(rest ?? '')?.[1]);
      const wide = textWidth(text ?? '', size, { mono: (rest ?? '').includes('--gs-mono') });
      const anchor = /text-anchor="(\w+)"/.exec(rest ?? '')?.[1] ?? 'start';
      const from = Number(x) - (anchor === 'end' ? wide : anchor === 'middle' ? wide / 2 : 0);
      return { from, to: from + wide, y: Number(y), text };
    });
    for (const a of texts) {
      expect(a.from, `${a.text} at ${width}`).toBeGreaterThanOrEqual(-0.5);
      expect(a.to, `${a.text} at ${width}`).toBeLessThanOrEqual(width + 0.5);
      for (const b of texts) {
        if (a !== b && Math.abs(a.y - b.y) < 5)
          expect(a.from >= b.to || b.from >= a.to, `${a.text} | ${b.text} at ${width}`).toBe(true);
      }
    }
  }
});

test('rows that lead somewhere are named buttons', () => {
  const rows = [{ label: '3 ADD', accumulated: 9.7, local: 7.4, exact: false }];
  const svg = renderToStaticMarkup(
    <DotPlot width={400} height={90} title="t" summary="s" rows={rows} onSelect={() => undefined} />,
  );
  expect(svg).toContain('aria-label="Show 3 ADD, accumulated 9.7 dB, local 7.4 dB"');
});
