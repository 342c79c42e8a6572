import { describe, expect, it } from 'vitest';
import { comparisonMarkdown } from '../../../webview/figures/comparisonMarkdown';
import {
  coverageText,
  firstIn,
  nameOf,
  placeOf,
  sameTexts,
  selectionOfSignal,
  shownLayer,
  signalsOf,
  signalTable,
  staticText,
} from '../../../webview/views/compare/comparisonRows';
import { comparison, signal } from './comparisonFixture';
import { sampleOverview } from './overviewFixture';

const { run } = comparison();
const lstm = run!.layers[0]!;

describe('rows of a comparison', () => {
  it('stand gate by gate as they follow each other in a step, a group apart from the next', () => {
    const { differing } = signalsOf(lstm, 'forward');
    expect(differing.map(({ name, stage, apart }) => [`${name} ${stage}`.trim(), apart])).toEqual([
      ['f after peephole', false],
      ['i after peephole', true],
      ['g + R·h', true],
      ['c cell', true],
      ['tanh(c)', false],
      ['o after peephole', true],
      ['m hidden', true],
      ['h output', false],
    ]);
  });

  it('leave out a sum that has no peephole to change it, and what does not differ', () => {
    const { differing, same } = signalsOf(lstm, 'forward');
    // g has no peephole: its sum before the activation is the one before it.
    expect(differing.some(({ signal: { signal: name } }) => name === 'g_in')).toBe(false);
    expect(same.map(({ signal: name }) => name)).toEqual(['f_x', 'i_x']);
    expect(sameTexts(same)).toEqual(['W·x of f and i: 80 values']);
  });

  it('count only the direction shown', () => {
    const both = {
      ...lstm,
      signals: [signal('h', [1, 0], { direction: 'forward' }), signal('h', [0, 0], { direction: 'backward' })],
    };
    expect(signalsOf(both, 'forward').differing).toHaveLength(1);
    expect(signalsOf(both, 'backward').differing).toHaveLength(0);
  });

  it('outline the first difference in its own layer only', () => {
    const { differing } = signalsOf(lstm, 'forward');
    expect(firstIn(run!, lstm, differing)).toEqual({ row: 5, entry: 0 });
    expect(firstIn(run!, run!.layers[1]!, differing)).toBe(null);
  });

  it('show the chosen LSTM, else that of the first difference', () => {
    expect(shownLayer(run!, 7)).toBe(lstm);
    expect(shownLayer({ ...run!, layers: [run!.layers[1]!] }, null)).toBe(null);
  });

  it('are a table with = where nothing differs', () => {
    const [heading, f] = signalTable(lstm, 'forward');
    expect(heading).toEqual(['signal', 'step 0', 'step 1', 'step 2', 'step 3', 'by up to', 'A, dB', 'B, dB']);
    expect(f).toEqual(['f after peephole', '=', '100.0\u00a0%', '100.0\u00a0%', '100.0\u00a0%', '16 codes', '20.0', '40.0']);
  });

  it('lead to a signal of the LSTM or to the layer', () => {
    const overview = sampleOverview();
    expect(placeOf(overview, { index: 1, op: '', name: '' })).toEqual({ subgraph: 0, index: 1 });
    expect(placeOf(overview, { index: 99, op: '', name: '' })).toBe(null);
    expect([selectionOfSignal('o_in'), selectionOfSignal('out')]).toEqual(['o_in', null]);
    expect(nameOf('g')).toEqual(['g', 'tanh']);
  });
});

describe('what was compared', () => {
  it('is said with how much of long streams', () => {
    const { run } = comparison();
    expect(coverageText(comparison({ run: { ...run!, callsOfLongSamples: 8192 } }))).toContain(
      ', of longer ones the first 8,192 calls, ',
    );
    expect(coverageText(comparison())).not.toContain('calls');
    expect(coverageText(comparison({ run: null }))).toMatch(/Nothing was run\.$/);
  });
});

describe('what is said of files', () => {
  it('tells one file from two', () => {
    expect(staticText(comparison())).toContain('same file');
    const { statics } = comparison();
    const differing = { ...statics, tensors: { ...statics.tensors, differing: 3 }, operators: { a: 4, b: 2, matched: 2 } };
    const onlyA = [{ index: 3, op: 'ADD', name: 'x' }];
    expect(staticText(comparison({ sameFile: false, statics: { ...differing, onlyA } }))).toBe(
      '3 of 9 matched tensors differ; 2 operators only in A',
    );
  });

  it('is a Markdown document with every signal', () => {
    const text = comparisonMarkdown(comparison());
    expect(text).toContain('# TFLite and TFLite, peephole quirk off');
    expect(text).toMatch(/\| 0 lstm0 \| gate o, after peephole \| 35 \| 40 \|/);
    // A bar inside a name must not end its cell.
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .every((line) => line.split(/(?<!\\)\|/).length === 11),
    ).toBe(true);
  });
});
