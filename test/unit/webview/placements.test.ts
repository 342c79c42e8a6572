import { describe, expect, it } from 'vitest';
import type { OperatorPlacement, TargetPlacement, Verdict } from '../../../worker/core/targets/verdict';
import {
  filterOps,
  isHandOver,
  markOf,
  summaryOf,
  targetColumns,
  type TargetColumn,
} from '../../../webview/views/targets/placements';
import { reasonText } from '../../../webview/views/targets/Reasons';
import { sampleOverview } from './overviewFixture';

const place = (verdict: Verdict, index: number, reached = true): OperatorPlacement => ({
  subgraph: 0,
  index,
  op: 'ADD',
  verdict,
  reached,
  reasons: [],
});

function columnOf(verdicts: readonly Verdict[], result: TargetPlacement['result'] = 'runs'): TargetColumn {
  const ops = verdicts.map((verdict, index) => place(verdict, index));
  const placement: TargetPlacement = { label: 'T', version: '1', source: 's', result, reasons: [], ops };
  return { name: 't', placement, byOp: new Map(ops.map((op) => [`0-${op.index}`, op])) };
}
const ops = (count: number) => Array.from({ length: count }, (_, index) => ({ subgraph: 0, index }));

describe('targets', () => {
  it('are all that the map of the model has, with every operator', () => {
    const overview = sampleOverview();
    const columns = targetColumns(overview);
    expect(columns.map(({ name }) => name)).toEqual(Object.keys(overview.targets));
    expect(columns.every(({ byOp }) => byOp.size === overview.ops.length)).toBe(true);
  });

  it('tell an operator that is refused from one that is never reached', () => {
    expect(markOf(place('rejected', 0))).toBe('rejected');
    expect(markOf(place('rejected', 0, false))).toBe('blocked');
    expect(markOf(undefined)).toBe('unverified');
  });

  it('hand over where native work meets the CPU, not at what nobody knows', () => {
    const column = columnOf(['native', 'conditional', 'fallback', 'fallback', 'native', 'unverified']);
    const list = ops(6);
    const handed = list.filter((op, at) => isHandOver(column, list[at - 1], op)).map(({ index }) => index);
    expect(handed).toEqual([2, 4]);
    expect(isHandOver(columnOf(['rejected', 'native'], 'rejected'), list[0], { subgraph: 0, index: 1 })).toBe(false);
    expect(isHandOver(column, { subgraph: 1, index: 1 }, { subgraph: 0, index: 2 })).toBe(false);
  });

  it('are summed up in a line', () => {
    expect(summaryOf(columnOf(['native', 'native'])).text).toBe('2');
    expect(summaryOf(columnOf(['native', 'fallback', 'native'])).text).toBe('2, 1 on the CPU, 2 partitions');
    expect(summaryOf(columnOf(['fallback', 'fallback'])).text).toBe('0, all 2 on the CPU');
    expect(summaryOf(columnOf(['native', 'unverified'])).text).toBe('1, 1 unverified');
    expect(summaryOf(columnOf(['native', 'rejected'], 'rejected'))).toMatchObject({
      text: 'rejected at op 1',
      rejected: true,
      native: 0,
    });
  });

  it('filter the operators', () => {
    const columns = [columnOf(['native', 'fallback', 'native']), columnOf(['native', 'native', 'rejected'])];
    expect(filterOps(ops(3), columns, 'all').length).toBe(3);
    expect(filterOps(ops(3), columns, 'fallback')).toEqual([{ subgraph: 0, index: 1 }]);
    expect(filterOps(ops(3), columns, 'rejected')).toEqual([{ subgraph: 0, index: 2 }]);
  });

  it('give their reasons as text', () => {
    const reason = {
      rule: 'no projection',
      seen: 'operand 16 is there',
      message: 'The model does not load.',
      source: 'tflm 8f6596d',
    };
    expect(reasonText('Op 0 on TFLM', [reason])).toBe(
      'Op 0 on TFLM\nThe model does not load.\nRule: no projection\nSeen: operand 16 is there\nSource: tflm 8f6596d',
    );
  });
});
