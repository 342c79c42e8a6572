import { describe, expect, it } from 'vitest';
import { foreignBadge, foreignSentences } from '../../../webview/figures/foreignText';
import { layerRows } from '../../../webview/views/layers/layerRows';
import type { ForeignOperator } from '../../../worker/core/analysis/foreignOperators';
import { renderMarkdownReport } from '../../../worker/export/markdownReport';
import { reportOf } from '../../charts/reportFixture';
import { sampleOverview } from './overviewFixture';

const litert = (index: number, op: string, path: ForeignOperator['path'] = 'both'): ForeignOperator => ({
  ...{ index, op, path, runtime: 'LiteRT', reason: null },
});
const nobody: ForeignOperator = { index: 2, op: 'Magic', path: 'both', runtime: null, reason: 'a custom operator' };

describe('operators that another runtime computes, or nobody', () => {
  const report = {
    ...reportOf(),
    foreign: [litert(0, 'WHILE', 'float'), litert(0, 'WHILE', 'quantized'), litert(1, 'CONV_2D'), nobody],
  };

  it('are told in a sentence for each runtime, an operator counted once', () => {
    expect(foreignSentences(report)).toEqual([
      `LiteRT computes 2 of ${report.layers.length} ops: CONV_2D and WHILE. Their insides are not seen, and rounding is the runtime’s own.`,
      `Nobody computes 1 of ${report.layers.length} ops: Magic.`,
    ]);
    expect(foreignSentences(reportOf())).toEqual([]);
  });

  it('are marked in their rows, and found by who computes them', () => {
    const rows = layerRows(sampleOverview(), report, null);
    const row = rows.find(({ operator }) => operator?.index === 0);
    expect(row?.foreign.map(foreignBadge)).toEqual(['LiteRT, float path', 'LiteRT, quantized path']);
    expect(rows.filter(({ searched }) => searched.includes('litert')).map(({ index }) => index)).toEqual([0, 1]);
    expect(rows.find(({ operator }) => operator?.index === 2)?.searched).toContain('not computed');
  });

  it('stand in the Markdown report', () => {
    expect(renderMarkdownReport(report)).toContain('| not by this engine | LiteRT computes 2 of');
    expect(renderMarkdownReport(reportOf())).not.toContain('not by this engine');
  });
});
