import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { AudioLanes } from '../../webview/charts/AudioLanes';
import { layoutAudio, wavePath } from '../../webview/charts/audioLayout';
import { levelPixels } from '../../webview/charts/spectrogramColors';
import { describeUnits, UnitErrors } from '../../webview/charts/UnitErrors';
import { layoutUnits } from '../../webview/charts/unitLayout';
import { ConfusionTable, describeCell } from '../../webview/figures/ConfusionTable';
import { flipGroups, marginText } from '../../webview/figures/flipText';
import { recordingsOf } from '../../webview/views/audio/recordings';
import { renderHtmlReport } from '../../worker/export/htmlReport';
import { renderMarkdownReport } from '../../worker/export/markdownReport';
import { confusionOf, flipsOf } from '../../worker/core/report/task/confusion';
import type { Report, SampleReport } from '../../worker/core/report/report';
import { reportOf } from './reportFixture';

const sample = (index: number, expected: string, float: string, quantized: string): SampleReport => ({
  index,
  name: `u[${index}]`,
  steps: 1,
  sqnrDb: 20,
  expected,
  float,
  quantized,
  margin: { float: 0.5, quantized: 0.25 },
});

describe('answers', () => {
  const samples = [
    sample(0, 'yes', 'yes', 'no'),
    sample(1, 'yes', 'yes', 'yes'),
    sample(2, 'no', 'yes', 'no'),
    sample(3, 'no', '<b>', 'no'),
  ];
  const confusion = confusionOf('whole', samples)!;

  it('are a table of rows and columns, with what became worse framed', () => {
    const html = renderToString(<ConfusionTable confusion={confusion} quantizedPath="int8" onPick={() => undefined} />);
    expect(html.match(/<button/g)).toHaveLength(confusion.cells.length);
    expect(html.match(/class="worse"/g)).toHaveLength(1);
    expect(html).toContain('aria-label="no answered for yes: float 0, int8 1"');
    expect(html).toContain('&lt;b');
    expect(html).not.toContain('<b>');
    const diagonal = confusion.cells.find(
      ({ expected, answered }) => expected === answered && confusion.texts[expected] === 'yes',
    )!;
    expect(describeCell(confusion, diagonal, 'int8')).toBe('yes answered rightly: float 2, int8 1');
  });

  it('that flip are listed by what became of them', () => {
    const groups = flipGroups({ perSample: samples }, flipsOf(samples)!, 'int8');
    expect(groups.map(({ title, samples: list }) => [title, list.map(({ index }) => index)])).toEqual([
      ['right in float, wrong in int8', [0]],
      ['wrong in float, right in int8', [2, 3]],
    ]);
    expect(marginText(samples[0]!)).toBe('0.500 → 0.250');
  });

  it('and sound are in every export', () => {
    const audio = [
      { tensor: 9, name: 'mask_out', kind: 'mask', index: 2, frame: 257, frames: 120, siSdrDb: 17.25, exact: false },
    ] as const;
    const report: Report = { ...reportOf(), audio };
    const html = renderHtmlReport(report);
    expect(html).toContain('class="confusion"');
    expect(html).toContain('right in float, wrong in int8');
    expect(html).toContain('17.3');
    const markdown = renderMarkdownReport(report);
    expect(markdown).toContain('## Answers');
    expect(markdown).toContain('| 1 | 7 | 0 | 1 |');
    expect(markdown).toMatch(/mask\\_out \| mask \| 120 \| 17\.3/);
  });
});

describe('errors by unit', () => {
  const units = Array.from({ length: 1000 }, (_, unit) => ({ unit, rmse: unit === 700 ? 5 : 1, localRmse: 0.5 }));

  it('join neighbours by the worst of them', () => {
    const { columns } = layoutUnits(units, 400, 96);
    expect(columns.length).toBeLessThan(200);
    expect(columns.at(-1)).toMatchObject({ last: 999 });
    const worst = columns.filter(({ worst: { rmse } }) => rmse === 5);
    expect(worst).toHaveLength(1);
    expect(describeUnits(worst[0]!)).toMatch(/^units \d+ to \d+, worst 700: error RMS 5\.00, local 0\.500$/);
  });

  it('draw a reference only where it is inside', () => {
    const draw = (reference: number | null) =>
      renderToString(
        <UnitErrors title="t" summary="s" width={300} height={96} units={units} selected={700} reference={reference} />,
      );
    expect(draw(0.1)).toContain('stroke-dasharray="1 3"');
    expect(draw(50)).not.toContain('stroke-dasharray="1 3"');
    expect(draw(null)).toContain('aria-label="t: s"');
  });
});

describe('lanes of sound', () => {
  const wave = { low: [-1, -0.5], high: [1, 0.5] };
  const lanes = [
    { name: 'float', wave, tone: 'float', topHz: 8000 },
    { name: 'mask', wave: null, tone: 'fg', topHz: null },
  ] as const;
  const layout = layoutAudio({ width: 800, lanes, seconds: 2, peak: 1 });

  it('stand below each other, on one axis of time', () => {
    const [first, second] = layout.lanes;
    expect(second!.top).toBeGreaterThan(first!.picture.top + first!.picture.height);
    expect(layout.secondsAt(layout.x(1.25))).toBeCloseTo(1.25, 6);
    expect(layout.secondsAt(1e6)).toBe(2);
    expect(wavePath(first!, 100, 1)).toBe('M25,4L75,14L75,34L25,44Z');
    expect(wavePath(second!, 100, 1)).toBe('');
  });

  it('are read out', () => {
    const html = renderToString(
      <AudioLanes
        width={800}
        title="output"
        summary="float RMS 0.1"
        layout={layout}
        seconds={2}
        peak={1}
        cursor={{ seconds: 0.5, lane: null, up: 0 }}
        describe={({ seconds }) => `at ${seconds}`}
        onPoint={() => undefined}
      />,
    );
    expect(html).toContain('aria-valuetext="at 0.5"');
    expect(html).toContain('>8k<');
  });

  it('have their lowest frequency at the bottom', () => {
    const cells = Float32Array.of(-80, 0, -40, -200);
    const pixels = levelPixels({ rows: 2, columns: 2, cells, low: -80, high: 0 }, [0, 0, 0], [200, 100, 50]);
    expect([...pixels]).toEqual([100, 50, 25, 255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 100, 50, 255]);
  });
});

it('numbered samples of one step are the frames of one recording', () => {
  const of = (name: string, index: number, steps = 1) => ({ ...sample(index, '', '', ''), name, steps });
  const perSample = [of('a[0]', 0), of('a[1]', 1), of('b[0]', 2), of('c', 3), of('d', 4), of('e[0]', 5, 20), of('e[1]', 6, 20)];
  expect(recordingsOf({ perSample })).toEqual([
    { name: 'a', from: 0, to: 2 },
    { name: 'b', from: 2, to: 3 },
    { name: 'c', from: 3, to: 4 },
    { name: 'd', from: 4, to: 5 },
    { name: 'e[0]', from: 5, to: 6 },
    { name: 'e[1]', from: 6, to: 7 },
  ]);
});
