import { describe, expect, it } from 'vitest';
import { findingsOf, findingText } from '../../../extension/findings';
import type { InspectorState } from '../../../extension/protocol/messages';
import type { Finding } from '../../../worker/core/findings/finding';

const finding = (change: Partial<Finding>): Finding => ({
  rule: 'cell-range',
  severity: 'warning',
  title: 'Cell range too small',
  message: 'lstm1: 14 values at the ±4 rails.',
  fix: 'Use Q3.12',
  source: 'a paper',
  subgraph: 0,
  op: 1,
  tensor: null,
  ...change,
});

describe('findings in the Problems panel', () => {
  it('read as sentences', () => {
    expect(findingText(finding({}))).toBe('Cell range too small. lstm1: 14 values at the ±4 rails. Use Q3.12.');
    expect(findingText(finding({ fix: null }))).toBe('Cell range too small. lstm1: 14 values at the ±4 rails.');
  });

  it('are those of the run where there is one, and none for a file that is not open', () => {
    const [ofFile, ofRun] = [[finding({})], [finding({}), finding({ rule: 'input-saturation' })]];
    const state = (change: object) =>
      ({ model: { status: 'open', overview: { findings: ofFile } }, report: null, ...change }) as unknown as InspectorState;
    expect(findingsOf(state({}))).toBe(ofFile);
    expect(findingsOf(state({ report: { findings: ofRun } }))).toBe(ofRun);
    expect(findingsOf(state({ model: { status: 'dead', message: '' }, report: { findings: ofRun } }))).toEqual([]);
  });
});
