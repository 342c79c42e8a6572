import { describe, expect, it } from 'vitest';
import { outlineItems, type OutlineItem } from '../../../extension/outlineItems';
import { sampleOverview } from '../webview/overviewFixture';

const overview = sampleOverview();
const named = (items: readonly OutlineItem[], label: string) => items.find((item) => item.label === label);

describe('outline of a model', () => {
  it('lists inputs, each LSTM, operators, outputs and findings, with their numbers', () => {
    const items = outlineItems(overview, null);
    expect(items.map(({ label }) => label)).toEqual([
      'Inputs',
      ...overview.lstms.map(({ name }) => name),
      'Operators',
      'Outputs',
      'Findings',
    ]);
    expect(named(items, 'Operators')?.description).toBe(String(overview.ops.length));
    expect(named(items, 'Operators')?.children()).toHaveLength(overview.ops.length);
  });

  it('an LSTM has the parts that its topology has, each leading to its signal', () => {
    const [lstm] = overview.lstms;
    if (!lstm) throw new Error('the fixture has an LSTM');
    const parts = named(outlineItems(overview, null), lstm.name)?.children() ?? [];
    expect(parts.some(({ label }) => label.startsWith('m,'))).toBe(lstm.projection);
    expect(parts.some(({ label }) => label.startsWith('i,'))).toBe(!lstm.cifg);
    const gate = parts.find(({ label }) => label.startsWith('f,'));
    expect(gate?.place).toEqual({ tab: 'lstm', lstm: { subgraph: lstm.subgraph, index: lstm.op }, signal: 'f' });
  });

  it('puts many operators into groups, so that no line has thousands below it', () => {
    const [one] = overview.ops;
    if (!one) throw new Error('the fixture has an operator');
    const many = { ...overview, ops: Array.from({ length: 1201 }, (_, index) => ({ ...one, index })) };
    const groups = named(outlineItems(many, null), 'Operators')?.children() ?? [];
    expect(groups.map(({ label }) => label)).toEqual(['0 to 499', '500 to 999', '1000 to 1200']);
    expect(groups[2]?.children()).toHaveLength(201);
  });

  it('gives every line an id of its own', () => {
    const ids: string[] = [];
    const walk = (items: readonly OutlineItem[]) => {
      for (const item of items) {
        ids.push(item.id);
        walk(item.children());
      }
    };
    walk(outlineItems(overview, null));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
