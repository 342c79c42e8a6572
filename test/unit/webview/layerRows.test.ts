import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerColumn } from '../../../webview/viewState';
import { LAYER_COLUMNS } from '../../../webview/viewState';
import { isMetric, layoutTable, shownColumns, textWidths } from '../../../webview/views/layers/columns';
import { METRICS, metricShares } from '../../../webview/views/layers/layerMetrics';
import { decibels, errorBars, layerRows, layerTable, visibleRows } from '../../../webview/views/layers/layerRows';
import { csvTable } from '../../../webview/figures/textRows';
import { reportOf } from '../../charts/reportFixture';
import { longOverview, sampleOverview } from './overviewFixture';

const overview = sampleOverview();
const report = reportOf({ inputTooSmallBy: 3 });
const rows = layerRows(overview, report, 'tflite-cpu');
const byFile = { column: 'index', descending: false } as const;
const ids = (shown: readonly { readonly id: string }[]) => shown.map(({ id }) => id);

describe('layerRows', () => {
  it('lists the inputs, then every operator with its layer', () => {
    expect(ids(rows)).toEqual(['0--1', '0-0', '0-1', '0-2']);
    expect(rows.map(({ layerIndex }) => layerIndex)).toEqual([null, 0, 1, 2]);
    expect(rows.map(({ isLstm }) => isLstm)).toEqual([false, true, true, false]);
    expect(rows[0]).toMatchObject({ name: 'INPUT', operator: null, atRails: { lost: true } });
    expect(rows[1]?.signal?.signal).toBe('h');
  });

  it('has operators only, and no figures, before a run', () => {
    const before = layerRows(overview, null, 'tflite-cpu');
    expect(ids(before)).toEqual(['0-0', '0-1', '0-2']);
    expect(before.every(({ layer, atRails }) => layer === null && atRails === null)).toBe(true);
    expect(before.every(({ placement }) => placement !== null)).toBe(true);
  });
});

describe('visibleRows', () => {
  it('needs every word, in op, name or type, in any case', () => {
    const filtered = (filter: string) => ids(visibleRows(rows, { filter, sort: byFile }));
    expect(filtered('')).toEqual(ids(rows));
    expect(filtered('  LSTM sequence ')).toEqual(['0-0', '0-1']);
    expect(filtered('lstm dense')).toEqual([]);
    expect(filtered('input')).toEqual(['0--1']);
  });

  it('sorts the worst first where errors ascend, and keeps what is not measured at the end', () => {
    const sorted = visibleRows(rows, { filter: '', sort: { column: 'local', descending: false } });
    const local = sorted.map(({ layer }) => decibels(layer?.local ?? null));
    expect(local.at(-1)).toBe(null);
    const known = local.filter((db) => db !== null);
    expect(known).toEqual([...known].sort((a, b) => a - b));
    expect(visibleRows(rows, { filter: '', sort: { column: 'local', descending: true } }).at(-1)?.layer?.local).toBe(null);
  });

  it('only reorders, whatever the column', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LAYER_COLUMNS), fc.boolean(), (column: LayerColumn, descending) => {
        const sorted = visibleRows(rows, { filter: '', sort: { column, descending } });
        expect(ids(sorted).sort()).toEqual(ids(rows).sort());
      }),
    );
  });

  it('takes ten thousand operators', () => {
    const many = layerRows(longOverview(10_000), null, 'tflite-cpu');
    const shown = visibleRows(many, { filter: 'mul', sort: { column: 'output', descending: true } });
    expect(shown.length).toBe(4_999);
    expect(shown.every(({ name }) => name === 'MUL')).toBe(true);
  });
});

describe('errorBars', () => {
  it('is longest for the worst and shortest for the best', () => {
    const bars = errorBars(rows);
    const known = rows.flatMap(({ layer }) => decibels(layer?.accumulated ?? null) ?? []);
    expect(bars(Math.min(...known))).toBe(1);
    expect(bars(Math.max(...known))).toBeLessThan(0.5);
    expect(bars(Infinity)).toBe(0);
    expect(bars(null)).toBe(0);
  });
});

describe('columns', () => {
  const texts = textWidths(rows);

  it('leave one by one in narrow editors; error and saturation stay', () => {
    const left = [1400, 1000, 880, 800, 700, 560, 430].map((width) => {
      const shown = shownColumns(width, [], 'int8', texts);
      return LAYER_COLUMNS.filter((column) => !isMetric(column) && !shown.includes(column));
    });
    expect(left[0]).toEqual([]);
    // At 1,000 px there is room for all.
    expect(left[1]).toEqual([]);
    for (const [at, wider] of left.slice(0, -1).entries()) expect(left[at + 1]).toEqual(expect.arrayContaining(wider));
    expect(left.at(-1)).toEqual(['output', 'dtype', 'local', 'histogram', 'target']);
    expect(shownColumns(300, [], 'int8', texts)).toEqual(['index', 'op', 'accumulated', 'rails']);
    expect(shownColumns(1400, ['dtype'], 'int8', texts)).not.toContain('dtype');
    expect(shownColumns(1400, [], 'nothing', texts)).toEqual(['index', 'op', 'output', 'dtype', 'target']);
    expect(shownColumns(1400, [], 'float', texts)).toEqual(['index', 'op', 'output', 'dtype', 'histogram', 'target']);
  });

  it('show further figures that were chosen, as far as a run measures them and there is room', () => {
    const shown = (width: number, measured: Parameters<typeof shownColumns>[2]) =>
      shownColumns(width, [], measured, texts, ['macs', 'rmse']).filter(isMetric);
    expect(shown(1600, 'int8')).toEqual(['rmse', 'macs']);
    expect(shown(1600, 'nothing')).toEqual(['macs']);
    expect(shown(560, 'int8')).toEqual([]);
  });

  it('has one track for each, which together take no more than there is', () => {
    for (const width of [380, 500, 700, 1000, 1400, 2400]) {
      const columns = shownColumns(width, [], 'int8', texts);
      const tracks = layoutTable(columns, width, texts).tracks.split(/ (?![^(]*\))/);
      expect(tracks.length).toBe(columns.length);
      expect(tracks.filter((track) => track.includes('1fr')).length).toBe(1);
      const pixels = tracks.map((track) => Number(/(\d+)px/.exec(track)?.[1]));
      expect(pixels.reduce((sum, px) => sum + px, 0)).toBeLessThanOrEqual(Math.max(width, 404));
    }
  });

  it('cuts no operator name while another column has more than it needs', () => {
    const columns = shownColumns(1016, [], 'int8', texts);
    expect(columns).toContain('histogram');
    const op = Number.parseInt(layoutTable(columns, 1016, texts).tracks.split(' ')[1] ?? '', 10);
    expect(op).toBeGreaterThanOrEqual(Math.floor(texts.op));
  });
});

describe('layerTable', () => {
  it('writes the rows shown, quoted where needed', () => {
    const odd = rows.map((row) => ({ ...row, output: 'a "b", c' }));
    const [head, first, second] = csvTable(layerTable('Layers', odd, 'tflm').rows).split('\n');
    expect(head).toBe(
      'index,op,output,shape,type,local_sqnr_db,accumulated_sqnr_db,rail_share,lost_share,rmse,largest,cosine,mean,bits,macs,params,tflm',
    );
    expect(first?.startsWith(',INPUT,"a ""b"", c",')).toBe(true);
    expect(second?.startsWith('0,UNIDIRECTIONAL_SEQUENCE_LSTM,')).toBe(true);
  });
});

describe('metrics', () => {
  it('weigh rows between the least and the most; nothing weighs nothing', () => {
    const shares = metricShares(rows, 'macs');
    const macs = rows.flatMap((row) => METRICS.macs.value(row) ?? []);
    expect(shares(Math.max(...macs))).toBe(1);
    expect(shares(0)).toBe(0);
    for (const value of macs) expect(shares(value)).toBeLessThanOrEqual(1);
    // Fewer bits in use stand out more.
    expect(METRICS.bits.weight(3)).toBeGreaterThan(METRICS.bits.weight(7));
    expect(METRICS.cosine.weight(0.9)).toBeGreaterThan(METRICS.cosine.weight(0.999));
  });
});
