import { describe, expect, it } from 'vitest';
import { brushedRows, filteredRows, findingChoices, kindChoices, sumsOf } from '../../../../webview/views/layers/layerFilters';
import { layerRows } from '../../../../webview/views/layers/layerRows';
import { selectRow } from '../../../../webview/views/layers/selection';
import { cellsInSight, piecesAround, rowLabel } from '../../../../webview/views/layers/detail/gridWindow';
import { tensorsOf, weightsOf } from '../../../../webview/views/layers/detail/tensorRoles';
import { DEFAULT_LAYERS, parseLayers } from '../../../../webview/layersState';
import { DETAIL_LIMITS } from '../../../../worker/core/report/detail';
import { reportOf } from '../../../charts/reportFixture';
import { sampleOverview } from '../overviewFixture';

const order = ['a', 'b', 'c', 'd', 'e'];

describe('selectRow', () => {
  it('takes one row, a range from the anchor in either direction, and rows in and out', () => {
    const one = selectRow(order, { current: null, also: [] }, 'b', 'one', null);
    expect(one).toEqual({ current: 'b', also: [] });
    const down = selectRow(order, one, 'd', 'range', 'b');
    expect(down).toEqual({ current: 'd', also: ['b', 'c'] });
    // The anchor stays: a second range replaces the first.
    expect(selectRow(order, down, 'a', 'range', 'b')).toEqual({ current: 'a', also: ['b'] });
    const two = selectRow(order, one, 'e', 'toggle', 'b');
    expect(two).toEqual({ current: 'e', also: ['b'] });
    expect(selectRow(order, two, 'b', 'toggle', 'e')).toEqual({ current: 'e', also: [] });
    expect(selectRow(order, two, 'e', 'toggle', 'e')).toEqual({ current: 'b', also: [] });
    expect(selectRow(order, two, 'c', 'one', 'e')).toEqual({ current: 'c', also: [] });
  });

  it('falls back to one row where the anchor is filtered out', () => {
    expect(selectRow(['c'], { current: 'x', also: [] }, 'c', 'range', 'x')).toEqual({ current: 'c', also: [] });
  });
});

describe('filters', () => {
  const overview = sampleOverview();
  const report = reportOf({ inputTooSmallBy: 3 });
  const rows = layerRows(overview, report, null);
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
  const finding = { rule: 'r', title: 'R', subgraph: 0, op: 1, tensor: null } as unknown as (typeof overview.findings)[number];

  it('count kinds and findings, and leave what fits both', () => {
    expect(kindChoices(rows)[0]).toEqual({
      value: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
      label: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
      count: 2,
    });
    expect(findingChoices(rows, [finding, { ...finding, op: 2 }])).toEqual([{ value: 'r', label: 'R', count: 2 }]);
    expect(findingChoices(rows, [{ ...finding, op: null }])).toEqual([]);
    expect(ids(filteredRows(rows, { kinds: ['UNIDIRECTIONAL_SEQUENCE_LSTM'], finding: null }, []))).toEqual(['0-0', '0-1']);
    expect(
      ids(filteredRows(rows, { kinds: ['UNIDIRECTIONAL_SEQUENCE_LSTM'], finding: 'r' }, [finding, { ...finding, op: 2 }])),
    ).toEqual(['0-1']);
    expect(filteredRows(rows, { kinds: [], finding: 'gone' }, [finding])).toEqual([]);
  });

  it('brush by the places of layers', () => {
    expect(brushedRows(rows, { stretch: null })).toBe(null);
    expect([...(brushedRows(rows, { stretch: { from: 1, to: 2 } }) ?? [])]).toEqual(['0-1', '0-2']);
  });

  it('add up what is selected', () => {
    const sums = sumsOf(rows.slice(1, 3));
    expect(sums.macs).toBe(overview.ops[0]!.macs + overview.ops[1]!.macs);
    expect(sums.values).toBe(report.layers[0]!.saturation.values + report.layers[1]!.saturation.values);
    expect(sums.lost).toBe(report.layers[0]!.lostAtRails + report.layers[1]!.lostAtRails);
    expect(sumsOf(layerRows(overview, null, null))).toMatchObject({ rows: 3, values: null, lost: null });
  });

  it('tell weights from biases and data', () => {
    const dense = tensorsOf(overview.ops[2]!, overview.tensors);
    expect(dense.map(({ role }) => role)).toEqual(['input', 'weights', 'bias', 'output']);
    expect(weightsOf(dense).map(({ shape }) => shape.length)).toEqual([2, 1]);
  });
});

describe('value grid', () => {
  it('asks for whole pieces around what is in sight, never more than one answer holds', () => {
    const cell = { width: 78, height: 20 };
    for (const scrolled of [
      { top: 0, left: 0, width: 300, height: 200 },
      { top: 123_456, left: 7_777, width: 2_400, height: 1_400 },
    ]) {
      const sight = cellsInSight(scrolled, cell, 50_000, 1_000);
      const { rows, columns } = piecesAround(sight, 50_000, 1_000);
      expect(rows.from).toBeLessThanOrEqual(sight.rows.from);
      expect(rows.to).toBeGreaterThanOrEqual(sight.rows.to);
      expect(columns.from % 16).toBe(0);
      expect((rows.to - rows.from) * (columns.to - columns.from)).toBeLessThanOrEqual(DETAIL_LIMITS.values);
      const moved = cellsInSight({ ...scrolled, top: scrolled.top + 3 }, cell, 50_000, 1_000);
      expect(piecesAround(moved, 50_000, 1_000).rows.from).toBe(rows.from);
    }
  });

  it('names rows by their indices', () => {
    expect(rowLabel([1, 4, 5, 7], 13)).toBe('0, 2, 3');
    expect(rowLabel([7], 0)).toBe('');
  });
});

describe('parseLayers', () => {
  it('takes back what was kept, and nothing else', () => {
    const kept = {
      ...DEFAULT_LAYERS,
      as: 'graph',
      also: ['0-1'],
      stretch: { from: 2, to: 5 },
      camera: { x: 1, y: 2, scale: 0.5 },
    } as const;
    expect(parseLayers(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    const foreign = {
      as: 'chart',
      also: [1, '0-2'],
      stretch: { from: 5, to: 2 },
      camera: { x: 0, y: 0, scale: 0 },
      kinds: 'ADD',
    };
    expect(parseLayers(foreign)).toEqual({ ...DEFAULT_LAYERS, also: ['0-2'] });
    expect(parseLayers(null)).toBe(DEFAULT_LAYERS);
  });
});
