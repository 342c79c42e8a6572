import { renderToStaticMarkup } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { Bars } from '../../webview/charts/Bars';
import { BytesBar } from '../../webview/charts/BytesBar';
import { DotPlot, dotPlotHeight } from '../../webview/charts/DotPlot';
import { ErrorProfile } from '../../webview/charts/ErrorProfile';
import { describeBin, Histogram, type HistogramProps } from '../../webview/charts/Histogram';
import { MiniHistogram } from '../../webview/charts/MiniHistogram';
import type { ProfilePoint } from '../../webview/charts/profileFrame';
import { SamplesByError } from '../../webview/charts/SamplesByError';
import type { VNode } from 'preact';

/** One element a line, so that a changed snapshot shows what changed. */
const drawn = (chart: VNode): string => renderToStaticMarkup(chart).replaceAll('><', '>\n<');
const elements = (svg: string): number => svg.match(/<[a-z]/g)?.length ?? 0;

const data = {
  edges: [-10, -9, -8, -4, 0, 4, 8, 12, 16],
  float: [3, 40, 400, 4000, 9000, 5000, 700, 20],
  int8: [0, 0, 443, 4000, 9000, 5720, 0, 0],
};
const rails = { lowCode: -32768, highCode: 32767, lowReal: -8, highReal: 7.999755859375, low: 43, high: 720 };
const histogram: HistogramProps = {
  width: 534,
  height: 198,
  title: 'o before σ',
  summary: '4.0 % at the rails',
  data,
  values: 19163,
  rails,
  codes: { scale: 2 ** -12, zeroPoint: 0 },
  floatRange: [-9.5, 15.2],
  flatBeyond: 7.95,
};

function points(count: number): ProfilePoint[] {
  return Array.from({ length: count }, (_, k) => ({
    name: `${k} ADD`,
    local: k % 7 === 3 ? null : 20 + ((k * 37) % 25),
    accumulated: 12 + ((k * 13) % 17),
    isCulprit: k % 7 !== 3 && (k * 37) % 25 < 2,
    atRails: k % 5 === 0 ? 0.01 * (k % 40) : 0,
    lost: k % 10 === 0 ? 0.01 * (k % 40) : 0,
  }));
}

describe('drawings', () => {
  test('what ends up flat is told in its zone, with its count where there is room', () => {
    const texts = (width: number) =>
      [...drawn(<Histogram {...histogram} width={width} flatCounts={{ low: 0, high: 620 }} />).matchAll(/>(flat [^<]*)/g)].map(
        ([, text]) => text?.replaceAll('\u00a0', ' ').trim(),
      );
    expect(texts(534)).toEqual([expect.stringMatching(/^flat [\d.]+ %, 620$/)]);
    expect(texts(300)).toEqual([expect.stringMatching(/^flat [\d.]+ %$/)]);
  });

  test('histogram, logarithmic', () => {
    expect(drawn(<Histogram {...histogram} />)).toMatchSnapshot();
  });

  test('histogram, linear, without a quantized path', () => {
    expect(
      drawn(
        <Histogram {...histogram} counts="linear" data={{ ...data, int8: null }} rails={null} codes={null} flatBeyond={null} />,
      ),
    ).toMatchSnapshot();
  });

  test('small histogram', () => {
    expect(drawn(<MiniHistogram width={58} height={44} title="o" summary="rails" data={data} rails={rails} />)).toMatchSnapshot();
  });

  test('error profile', () => {
    const bands = [{ from: 2, to: 4, label: 'lstm0' }];
    expect(
      drawn(
        <ErrorProfile width={700} height={190} title="Error" summary="worst" points={points(12)} bands={bands} selected={3} />,
      ),
    ).toMatchSnapshot();
  });

  test('dots, bars, bytes, samples', () => {
    const rows = [
      { label: 'input', accumulated: 39.2, local: null, exact: false },
      { label: 'lstm0', accumulated: 37.7, local: 39.3, exact: false },
      { label: 'reshape', accumulated: null, local: null, exact: true },
    ];
    expect(drawn(<DotPlot width={430} height={dotPlotHeight(3)} title="Error" summary="s" rows={rows} />)).toMatchSnapshot();
    const bars = [
      { label: 'weights', value: 2.8, text: '+2.8 dB' },
      { label: 'gate o', value: -0.1, text: '−0.1 dB', tone: 'weak' as const },
    ];
    expect(drawn(<Bars width={430} title="Costs" summary="s" rows={bars} />)).toMatchSnapshot();
    const parts = [
      { label: 'int8 weights', bytes: 157728 },
      { label: 'int32 biases', bytes: 3116 },
    ];
    expect(drawn(<BytesBar width={430} title="Bytes" summary="s" parts={parts} />)).toMatchSnapshot();
    const samples = [36.1, 34.7, null, 38.9].map((sqnrDb, k) => ({ name: `u00${k}`, sqnrDb }));
    expect(drawn(<SamplesByError width={430} height={74} title="Samples" summary="s" samples={samples} />)).toMatchSnapshot();
  });
});

describe('every chart', () => {
  const charts: [string, VNode][] = [
    ['histogram', <Histogram {...histogram} />],
    ['narrow histogram', <Histogram {...histogram} width={300} />],
    ['tiny histogram', <Histogram {...histogram} width={120} height={60} />],
    ['empty histogram', <Histogram {...histogram} data={{ edges: [], float: [], int8: [] }} values={0} floatRange={[0, 0]} />],
    ['one bin', <Histogram {...histogram} data={{ edges: [1, 1], float: [1], int8: [1] }} />],
    [
      'empty small histogram',
      <MiniHistogram width={58} height={44} title="t" summary="s" data={{ edges: [], float: [], int8: null }} rails={null} />,
    ],
    ['profile', <ErrorProfile width={700} height={190} title="t" summary="s" points={points(12)} />],
    ['empty profile', <ErrorProfile width={700} height={190} title="t" summary="s" points={[]} />],
    [
      'profile of one',
      <ErrorProfile width={700} height={190} title="t" summary="s" points={points(1)} selected={0} onSelect={() => {}} />,
    ],
    ['empty dots', <DotPlot width={430} height={60} title="t" summary="s" rows={[]} />],
    ['empty bars', <Bars width={430} title="t" summary="s" rows={[]} />],
    ['bars of nothing', <Bars width={430} title="t" summary="s" rows={[{ label: 'l', value: 0, text: '0' }]} />],
    ['empty bytes', <BytesBar width={430} title="t" summary="s" parts={[]} />],
    ['no samples', <SamplesByError width={430} height={74} title="t" summary="s" samples={[]} />],
    ['one sample', <SamplesByError width={430} height={74} title="t" summary="s" samples={[{ name: 'n', sqnrDb: 30 }]} />],
  ];

  test.each(charts)('%s: named, finite, coordinates of at most two decimals, colours from tokens', (_, chart) => {
    const svg = renderToStaticMarkup(chart);
    expect(svg).toMatch(/^<svg role="(img|figure)" aria-label="[^"]+: [^"]+"/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    const numbers = svg.replace(/>[^<]*</g, '><').match(/\d+\.\d+/g) ?? [];
    expect(numbers.filter((number) => number.split('.')[1]!.length > 2)).toEqual([]);
    const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour);
    expect(colours.filter((colour) => !/^(none|transparent|var\(--gs-[a-z]+\))$/.test(colour ?? ''))).toEqual([]);
  });

  test('names from a model are text, never markup', () => {
    const hostile = '"><script>alert(1)</script>';
    const svg = [
      <ErrorProfile
        width={700}
        height={190}
        title={hostile}
        summary={hostile}
        points={[{ name: hostile, local: 3, accumulated: 4, isCulprit: true, atRails: 0.5, lost: 0.5 }]}
      />,
      <DotPlot
        width={2000}
        height={90}
        title={hostile}
        summary="s"
        labelWidth={900}
        rows={[{ label: hostile, accumulated: 1, local: 2, exact: false }]}
      />,
      <SamplesByError width={2000} height={74} title="t" summary="s" samples={[{ name: hostile, sqnrDb: 30 }]} />,
      <Bars width={2000} labelWidth={900} title="t" summary="s" rows={[{ label: hostile, value: 1, text: hostile }]} />,
    ].map((chart) => renderToStaticMarkup(chart));
    for (const one of svg) {
      expect(one).not.toContain('<script');
      expect(one).toContain('&lt;script');
    }
  });
});

test('an error profile of 5,000 operators is a handful of elements', () => {
  const profile = (count: number): number =>
    elements(
      renderToStaticMarkup(
        <ErrorProfile width={1300} height={190} title="t" summary="s" points={points(count)} onSelect={() => {}} />,
      ),
    );
  expect(profile(5000)).toBeLessThan(30);
  expect(profile(50)).toBeLessThan(30);
});

test('a bin is described by its reals, its codes and both counts', () => {
  const lines = describeBin({ data, codes: { scale: 2 ** -12, zeroPoint: 0 } }, 5);
  expect(lines).toEqual(['4.00 to 8.00', 'codes 16,384 to 32,768', 'float 5,000', 'int8 path 5,720']);
  const oneCode = { edges: [0.5, 1.5], float: [3], int8: null };
  expect(describeBin({ data: oneCode, codes: { scale: 1, zeroPoint: -11 } }, 0)).toEqual([
    '0.500 to 1.50',
    'code −10',
    'float 3',
  ]);
});

describe('histogram with hover', () => {
  test('has one hit area, however many bins, and outlines the bin under the pointer', () => {
    const svg = renderToStaticMarkup(<Histogram {...histogram} hover={5} onHover={() => {}} />);
    expect(svg.match(/fill="transparent"/g)?.length).toBe(1);
    expect(svg.match(/stroke="var\(--gs-focus\)"/g)?.length).toBe(1);
    expect(svg).toContain('tabindex="0"');
  });
});
