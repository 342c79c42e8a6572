import { describe, expect, it } from 'vitest';
import { csvTable, markdownTable } from '../../../webview/figures/textRows';
import { plainColor } from '../../../webview/ui/plainColor';
import { placementTable, summaryTable, targetColumns } from '../../../webview/views/targets/placements';
import { sampleOverview } from './overviewFixture';

describe('tables as text', () => {
  it('CSV has figures that programs read, and words as they are', () => {
    const rows = [
      ['what', 'value'],
      ['codes', '−32,768'],
      ['gain', '+7.2'],
      ['share', '27.5\u00a0%'],
      ['small', '1.20e−6'],
      ['name, with "quotes"', '1,2'],
    ];
    expect(csvTable(rows)).toBe('what,value\ncodes,-32768\ngain,7.2\nshare,27.5 %\nsmall,1.20e-6\n"name, with ""quotes""","1,2"');
  });

  it('Markdown keeps bars inside their cells', () => {
    expect(
      markdownTable([
        ['a', 'b'],
        ['x|y', 'two\nlines'],
      ]),
    ).toBe('| a | b |\n| --- | --- |\n| x\\|y | two lines |');
    expect(markdownTable([])).toBe('|  |\n|  |');
  });

  it('targets say in words what the grid marks', () => {
    const overview = sampleOverview();
    const columns = targetColumns(overview);
    const [heading = [], first = []] = placementTable(overview.ops, columns);
    expect(heading.slice(0, 2)).toEqual(['index', 'op']);
    expect(first.slice(0, 2)).toEqual(['0', 'UNIDIRECTIONAL_SEQUENCE_LSTM']);
    expect(first).toHaveLength(columns.length + 2);
    expect(summaryTable(columns)).toHaveLength(columns.length + 1);
  });
});

describe('colours for other programs', () => {
  it.each([
    ['rgb(31, 31, 31)', 'rgb(31, 31, 31)', 1],
    ['rgba(255, 0, 10, 0.12)', 'rgb(255, 0, 10)', 0.12],
    ['color(srgb 0.5 0.25 1)', 'rgb(128, 64, 255)', 1],
    ['color(srgb 0.8 0.8 0.8 / 0.34)', 'rgb(204, 204, 204)', 0.34],
    ['rgb(1 2 3 / 50%)', 'rgb(1, 2, 3)', 0.5],
    ['transparent', 'none', 1],
    ['none', 'none', 1],
  ])('%s', (computed, color, opacity) => {
    expect(plainColor(computed)).toEqual({ color, opacity });
  });
});
