import { describe, expect, it } from 'vitest';
import type { BlameMeasure, BlameReport, BlameSubject } from '../../../worker/core/blame/blameReport';
import {
  arithmeticText,
  blameCoverage,
  errorsChange,
  filtersOf,
  gainText,
  placeOfSubject,
  shownSubjects,
  subjectOfSelection,
} from '../../../webview/views/lstm/blameRows';
import type { CellSelection } from '../../../webview/figures/CellFigure';
import { sampleOverview } from './overviewFixture';

const overview = sampleOverview();
const measure = (sqnrDb: number | null): BlameMeasure => ({
  sqnrDb,
  exact: false,
  rmse: 0.1,
  maxAbs: 1,
  taskErrors: 3,
  right: 5,
});

function subject(id: string, more: Partial<BlameSubject>): BlameSubject {
  return {
    id,
    kind: 'part',
    label: id,
    op: 1,
    opName: 'lstm1/output',
    lstm: 'lstm1',
    tensor: null,
    tensorName: null,
    part: null,
    quirk: null,
    gate: null,
    output: null,
    otherWeights: false,
    arithmetic: 'exact',
    emulatedOps: [],
    back: measure(15.7),
    control: measure(8.5),
    gainDb: 7.2,
    taskGain: 11,
    alone: null,
    rank: 1,
    ...more,
  };
}

const input = subject('tensor 0', { kind: 'tensor', op: null, tensor: overview.inputs[0]!.index, label: 'input features' });
const gate = subject('part 1 g', { part: 'g', gate: 'cell', rank: 2, gainDb: 0.4, arithmetic: 'emulated', emulatedOps: [1, 2] });
const weights = subject('part 1 W', { part: 'W', rank: 3 });
const matrix = subject('weights 1 17', { kind: 'weights', tensor: 17, rank: 4 });
const layer = subject('layer 2', { kind: 'layer', op: 2, lstm: null, rank: 5 });
const quirk = subject('quirk 1 hidden-zero-point', {
  kind: 'quirk',
  quirk: 'hidden-zero-point',
  label: 'hidden zero point quirk of lstm1',
  rank: 6,
  gainDb: null,
});
const report = {
  subjects: [gate, quirk, input, weights, matrix, layer],
  output: { tensor: 55, name: 'logits', op: 2 },
  task: { kind: 'ctc-greedy', unit: 'digits', total: 34, samples: 8, floatErrors: 0, floatRight: 8 },
} as unknown as BlameReport;

describe('blame', () => {
  it('ranks, filters by kind, and shows all where a kept kind has nothing', () => {
    expect(shownSubjects(report, 'all').map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(shownSubjects(report, 'part')).toEqual([gate, weights]);
    expect(filtersOf(report)).toEqual(['all', 'part', 'tensor', 'weights', 'layer', 'quirk']);
    const parts = { ...report, subjects: [gate] };
    expect([filtersOf(parts), shownSubjects(parts, 'layer')]).toEqual([['all'], [gate]]);
  });

  it('leads each subject to its place', () => {
    const lstm1 = { subgraph: 0, index: 1 };
    expect(placeOfSubject(input, overview)).toEqual({ op: { subgraph: 0, index: -1 }, signal: null });
    expect(placeOfSubject(gate, overview)).toEqual({ op: lstm1, signal: 'g_ln' });
    expect(placeOfSubject(weights, overview)).toEqual({ op: lstm1, signal: 'W' });
    expect(placeOfSubject(matrix, overview)).toEqual({ op: lstm1, signal: 'W' });
    expect(placeOfSubject(quirk, overview)).toEqual({ op: lstm1, signal: 'm' });
    expect(placeOfSubject(layer, overview)).toEqual({ op: { subgraph: 0, index: 2 }, signal: null });
    expect(placeOfSubject({ ...layer, op: 99 }, overview)).toBe(null);
  });

  it('finds what the selected signal stands for, whatever its stage', () => {
    const lstm = overview.lstms[1]!;
    const [first, found] = [
      overview.lstms[0]!,
      (selection: CellSelection, of = lstm) => subjectOfSelection(report, of, selection, overview.ops),
    ];
    expect(found('g_xh')).toBe(gate);
    expect(found('W')).toBe(weights);
    expect(found('c')).toBe(null);
    expect(found('g', first)).toBe(null);
    // What the first LSTM reads is the model's input; what the second reads has no gain of its own here.
    expect(found('x', first)).toBe(input);
    expect(found('x')).toBe(null);
    expect(found('h')).toBe(null);
  });

  it('says the gain with what it is measured against', () => {
    expect(gainText(report, input)).toBe(
      '+7.2\u00a0dB: input features in float, all else as it is; logits goes from 8.5 to 15.7\u00a0dB, 11 errors fewer in digits.',
    );
    expect(gainText(report, { ...input, taskGain: -1 })).toContain('1 error more');
    expect(gainText(report, quirk)).toBe('hidden zero point quirk of lstm1: not measured.');
    expect(arithmeticText(gate)).toContain('2 operators');
    expect(arithmeticText(input)).toContain('to the bit');
    expect([11, 0, -2, null].map(errorsChange)).toEqual(['−11', '0', '+2', '']);
  });

  it('says what was measured, and of long streams how much', () => {
    const whole: BlameReport = {
      ...report,
      complete: true,
      quantized: measure(8.5),
      data: { label: '', files: [], synthetic: false },
    };
    const end = 'gains overlap and do not add up';
    expect(blameCoverage({ ...whole, samples: 5 })).toBe(`gain of logits, now 8.5\u00a0dB; 5 samples; ${end}`);
    const cut = { samples: 2, calls: 256 };
    expect(blameCoverage({ ...whole, samples: 5, cut })).toContain(`; 5 samples, of 2 the first 256 calls; ${end}`);
    expect(blameCoverage({ ...whole, samples: 2, cut })).toContain(`; 2 samples, of each the first 256 calls; ${end}`);
  });
});
