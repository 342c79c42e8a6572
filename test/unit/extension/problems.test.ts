import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../extension/problems';
import type { ModelErrorInfo, ModelState } from '../../../extension/protocol/messages';
import type { Finding } from '../../../worker/core/findings/finding';
import type { Report } from '../../../worker/core/report/report';

const finding = (change: Partial<Finding>): Finding => ({
  rule: 'cell-range',
  severity: 'warning',
  title: 'Cell range too small',
  message: 'lstm1: 14 values at the ±4 rails.',
  fix: 'Use Q3.12',
  explanation: 'Values beyond stop.',
  reference: 'a paper',
  subgraph: 0,
  op: 1,
  tensor: null,
  ...change,
});
const open = { status: 'open', overview: { findings: [finding({ fix: null })] } } as unknown as ModelState;
const error: ModelErrorInfo = {
  code: 'BUFFER_INDEX',
  message: 'No such buffer.',
  byteLength: 9_999,
  byteOffset: 1_234,
  limit: null,
  bytes: [],
  bytesStart: 0,
};

describe('the Problems panel', () => {
  it('lists the findings of the file before a run', () => {
    expect(problemsOf({ model: open, report: null })).toEqual([
      { severity: 'warning', code: 'cell-range', text: 'Cell range too small. lstm1: 14 values at the ±4 rails.' },
    ]);
  });

  it('lists those of the run after it, with their remedies', () => {
    const report = {
      findings: [finding({}), finding({ severity: 'error', rule: 'input-range', message: '' })],
    } as unknown as Report;
    expect(problemsOf({ model: open, report })).toEqual([
      { severity: 'warning', code: 'cell-range', text: 'Cell range too small. lstm1: 14 values at the ±4 rails. Use Q3.12.' },
      { severity: 'error', code: 'input-range', text: 'Cell range too small. Use Q3.12.' },
    ]);
  });

  it('says why a file cannot be read', () => {
    const text = 'No such buffer. (at byte 1,234)';
    expect(problemsOf({ model: { status: 'broken', error }, report: null })).toEqual([
      { severity: 'error', code: 'BUFFER_INDEX', text },
    ]);
    expect(problemsOf({ model: { status: 'broken', error: { ...error, byteOffset: null } }, report: null })[0]?.text).toBe(
      'No such buffer.',
    );
  });

  it('is empty while nothing is known', () => {
    expect(problemsOf({ model: { status: 'opening' }, report: null })).toEqual([]);
    expect(problemsOf({ model: { status: 'dead', message: 'gone' }, report: null })).toEqual([]);
  });
});
