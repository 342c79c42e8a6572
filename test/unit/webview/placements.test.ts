import { describe, expect, it } from 'vitest';
import type { TargetEffects } from '../../../worker/core/targets/effects/effects';
import { FIX } from '../../../worker/core/targets/fix';
import type { OperatorPlacement, Reason, TargetPlacement, Verdict } from '../../../worker/core/targets/verdict';
import { changesOf } from '../../../webview/figures/targetChanges';
import { keptOps, matrixRows, stretchMark } from '../../../webview/views/targets/matrixRows';
import {
  bracketOf,
  isHandOver,
  markOf,
  summaryOf,
  targetColumns,
  type TargetColumn,
} from '../../../webview/views/targets/placements';
import { reasonText, recipeText } from '../../../webview/views/targets/reasonText';
import { stretchesOf } from '../../../webview/views/targets/stretches';
import { sampleOverview } from './overviewFixture';

const place = (verdict: Verdict, index: number, reached = true): OperatorPlacement => ({
  ...{ subgraph: 0, index, op: 'ADD', verdict, reached },
  reasons: [],
});
const NONE: TargetEffects = { partitions: [], handOvers: [], conversions: [], unrolled: [] };
const partition = (...ops: readonly number[]) => ({ subgraph: 0, ops, bytesIn: 1, bytesOut: 1 });

function columnOf(verdicts: readonly Verdict[], more: Partial<TargetPlacement> = {}): TargetColumn {
  const ops = verdicts.map((verdict, index) => place(verdict, index));
  const placement: TargetPlacement = { label: 'T', version: '1', source: 's', result: 'runs', reasons: [], ops, ...more };
  const [column] = targetColumns({ format: 'tflite', targets: { t: placement } });
  if (!column) throw new Error('One target makes one column.');
  return column;
}
const inTwo = { effects: { ...NONE, partitions: [partition(0, 1), partition(4, 6)] } };
const MIXED = columnOf(['native', 'conditional', 'fallback', 'fallback', 'native', 'unverified', 'native'], inTwo);
const REASON: Reason = {
  rule: 'no projection',
  seen: 'operand 16 is there',
  message: 'It does not load.',
  source: 'tflm 8f6596d',
};

describe('targets', () => {
  it('are all that the map of the model has, with every operator', () => {
    const overview = sampleOverview();
    const columns = targetColumns(overview);
    expect(columns.map(({ name }) => name)).toEqual(Object.keys(overview.targets));
    expect(columns.every(({ marks }) => marks.length === overview.ops.length)).toBe(true);
  });

  it('tell an operator that is refused from one that is never reached, and another format from both', () => {
    expect(markOf(place('rejected', 0))).toBe('rejected');
    expect(markOf(place('rejected', 0, false))).toBe('blocked');
    expect(markOf(undefined)).toBe('unverified');
    const onnx = columnOf(['rejected'], { reads: 'onnx', result: 'rejected' });
    expect([onnx.marks, summaryOf(onnx)]).toEqual([
      ['other'],
      { native: 0, total: 1, rejected: false, text: 'reads .onnx files' },
    ]);
  });

  it('hand over where partitions begin and end, not at what nobody knows', () => {
    expect([0, 1, 2, 3, 4, 5, 6].filter((position) => isHandOver(MIXED, position))).toEqual([2, 4]);
    expect([0, 1].some((position) => isHandOver(columnOf(['native', 'fallback']), position))).toBe(false);
  });

  it('have a bracket beside what runs as one, in the order of the file', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((position) => bracketOf(MIXED, position))).toEqual(
      ['start', 'end', null, null, 'only', null, 'only'], // prettier-ignore
    );
    const whole = columnOf(['native', 'native'], { effects: { ...NONE, partitions: [partition(0, 1)] } });
    expect(bracketOf(whole, 0)).toBe(null);
  });

  it('are summed up in a line', () => {
    expect(summaryOf(columnOf(['native', 'native'])).text).toBe('2');
    const effects = { ...NONE, partitions: [partition(0), partition(2)] };
    expect(summaryOf(columnOf(['native', 'fallback', 'native'], { effects })).text).toBe('2, 1 on the CPU, 2 partitions');
    expect(summaryOf(columnOf(['fallback', 'fallback'])).text).toBe('0, all 2 on the CPU');
    expect(summaryOf(columnOf(['native', 'unverified'])).text).toBe('1, 1 unverified');
    const refused = { text: 'rejected at op 1', rejected: true, native: 0 };
    expect(summaryOf(columnOf(['native', 'rejected'], { result: 'rejected' }))).toMatchObject(refused);
  });

  it('ask for each change once, those that the model is refused for first', () => {
    const withFix = (index: number, verdict: Verdict, ...fixes: (keyof typeof FIX)[]) => ({
      ...place(verdict, index),
      reasons: fixes.map((name) => ({ ...REASON, fix: FIX[name] })),
    });
    const ops = [withFix(0, 'fallback', 'staticShape'), withFix(1, 'fallback', 'staticShape'), withFix(2, 'rejected', 'noCifg')];
    const unreached = { ...withFix(3, 'rejected', 'addBiases'), reached: false };
    const asked = changesOf(columnOf([], { ops: [...ops, unreached] }).placement);
    expect(asked.map(({ change, ops: count, rejects }) => [change, count, rejects])).toEqual([
      ['no-cifg', 1, true],
      ['static-shape', 2, false],
    ]);
  });

  it('give their reasons and recipes as text', () => {
    expect(reasonText('Op 0 on TFLM', [{ ...REASON, fix: FIX.int8Io }])).toBe(
      `Op 0 on TFLM\nIt does not load.\nRule: no projection\nSeen: operand 16 is there\nSource: tflm 8f6596d\nChange: ${FIX.int8Io.text}`,
    );
    expect(JSON.parse(recipeText({ inputs: 'int8' }))).toEqual({ schema: 'gatescope.recipe/1', inputs: 'int8' });
  });
});

describe('the rows of the matrix', () => {
  const named = (names: readonly string[]) => names.map((name, index) => ({ subgraph: 0, index, name }));
  const repeat = (count: number, name: (at: number) => string) => Array.from({ length: count }, (_, at) => name(at));
  const spans = (names: readonly string[]) => stretchesOf(named(names)).map(({ title, start, end }) => [title, start, end]);

  it('are grouped by the scopes of names, over short interruptions', () => {
    const lstm = repeat(6, (at) => `net/lstm_4/cell/mul_${at}`);
    expect(spans([...lstm, 'net/other/slice', ...lstm, 'net/dense/a', 'net/dense/b', 'net/dense/c', 'Identity'])).toEqual([
      ['lstm_4', 0, 13],
      ['dense', 13, 16],
      ['Op 16', 16, 17],
    ]);
  });

  it('are cut into pieces where a scope is very long, and left alone where they are few', () => {
    const long = spans(repeat(1000, (at) => `net/all/${at}`));
    expect(long.length).toBe(4);
    expect([long[0], long[3]]).toEqual([['all, ops 0 to 249', 0, 250], ['all, ops 750 to 999', 750, 1000]]); // prettier-ignore
    expect(spans(['a/b/c', 'a/b/d'])).toEqual([]);
    const graphs = [...named(repeat(9, () => '')), ...named(repeat(9, () => '')).map((op) => ({ ...op, subgraph: 1 }))];
    expect(stretchesOf(graphs).map(({ id, title }) => [id, title])).toEqual([['0-0', 'Ops 0 to 8'], ['1-0', 'Subgraph 1, ops 0 to 8']]); // prettier-ignore
  });

  it('are those that the filter keeps: on any target, on one, where two differ', () => {
    const a = { ...columnOf(['native', 'fallback', 'native']), name: 'a' };
    const b = { ...columnOf(['native', 'native', 'rejected']), name: 'b' };
    const kept = (verdicts: Parameters<typeof keptOps>[2]['verdicts'], verdictsOn: string | null = null) =>
      keptOps(3, [a, b], { verdicts, verdictsOn, pair: [a, b] });
    expect(kept('all')).toEqual([0, 1, 2]);
    expect([kept('fallback'), kept('fallback', 'b')]).toEqual([[1], []]);
    expect(kept('rejected')).toEqual([2]);
    expect(kept('differ')).toEqual([1, 2]);
    const rows = [undefined, { agrees: false }, { agrees: true }] as TargetColumn['log'];
    expect(keptOps(3, [{ ...a, log: rows }], { verdicts: 'log', verdictsOn: null, pair: null })).toEqual([1]);
  });

  it('stand under the heads of their stretches, which fold', () => {
    const stretches = [{ id: '0-0', title: 'a', start: 0, end: 3 }, { id: '0-3', title: 'b', start: 3, end: 5 }]; // prettier-ignore
    const ids = (kept: readonly number[], folded: readonly string[]) => matrixRows(kept, stretches, folded).map(({ id }) => id);
    expect(ids([0, 2, 4], [])).toEqual(['stretch-0-0', 'op-0', 'op-2', 'stretch-0-3', 'op-4']);
    expect(ids([0, 2, 4], ['0-0'])).toEqual(['stretch-0-0', 'stretch-0-3', 'op-4']);
    expect(ids([4], [])).toEqual(['stretch-0-3', 'op-4']);
    expect(stretchMark(MIXED, { start: 0, end: 4 })).toEqual({ mark: null, native: 0.5, rejects: false });
    expect(stretchMark(MIXED, { start: 2, end: 4 })).toEqual({ mark: 'fallback', native: 0, rejects: false });
  });
});
