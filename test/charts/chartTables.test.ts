import { describe, expect, test } from 'vitest';
import type { UnitFigures } from '../../worker/core/report/detail';
import { cellTable, costsTable, histogramTable, stepsTable, unitsTable } from '../../webview/figures/chartTables';
import { costTip, signalTip } from '../../webview/figures/figureTips';
import { lstmInfo, lstmLayer } from './reportFixture';

const lstm = lstmInfo(0);
const layer = lstmLayer(lstm, 0);
const signal = layer.signals.find(({ signal: name }) => name === 'o_xh')!;

describe('charts as tables', () => {
  test('a histogram: every bin with its codes, and the counts of both paths', () => {
    const { rows } = histogramTable(signal, 'o before σ', 'int8');
    expect(rows[0]).toEqual(['from', 'to', 'first code', 'last code', 'float', 'int8']);
    expect(rows).toHaveLength(signal.histogram.float.length + 1);
    const total = rows.slice(1).reduce((sum, row) => sum + Number(row[5]!.replaceAll(',', '')), 0);
    expect(total).toBe(signal.histogram.int8!.reduce((a, b) => a + b, 0));
  });

  test('a path alone has no second column of counts', () => {
    const alone = { ...signal, histogram: { ...signal.histogram, int8: null } };
    expect(histogramTable(alone, 'o', 'int8').rows[0]!.at(-1)).toBe('float');
  });

  test('steps and units: a row each, rails as counts', () => {
    const series = {
      first: 4,
      stepsPerPoint: 2,
      values: [10, 10],
      rmse: [0.5, 2],
      localRmse: [0.25, 0.5],
      maxAbs: [1, 3],
      floatRms: [1, 1],
      floatMin: [-3, -9],
      floatMax: [3, 12],
      min: [-3, -8],
      max: [3, 8],
      atRails: [0, 4],
      worstUnit: [5, 6],
      worstError: [-1, 3],
    };
    const { rows } = stepsTable(series, 'o before σ', 'int8');
    expect(rows.map(([step]) => step)).toEqual(['step', '4', '6']);
    expect(rows[2]!.slice(-3)).toEqual(['4', '6', '3.00']);
    const unit: UnitFigures = {
      unit: 41,
      values: 8,
      rmse: 2,
      localRmse: 1,
      maxAbs: 3,
      atRails: 1,
      floatMin: -1,
      floatMax: 1,
      min: -1,
      max: 1,
    };
    expect(unitsTable([unit], 'o', 'int8').rows[1]!.slice(0, 3)).toEqual(['41', '8', '2.00']);
  });

  test('costs: a row for each part that was measured', () => {
    expect(costsTable(layer.lstm!).rows[1]).toEqual(['weights', '+2.8']);
    expect(costsTable({ ...layer.lstm!, costs: null }).rows).toHaveLength(1);
  });

  test('a cell: what its boxes say, the gain once for each part', () => {
    const { rows } = cellTable(lstm, layer, 'forward', 'int8');
    const gains = rows.filter(([name]) => name?.startsWith('g ')).map((row) => row[7]);
    expect(gains.filter((gain) => gain !== '–')).toEqual(['+2.5']);
  });
});

describe('how figures came about', () => {
  test('a gain: what ran in float, and what became of the output', () => {
    expect(costTip(layer, 'g')).toMatch(
      /^\+2\.5\u00a0dB: gain if put back to float\ngate g runs in float, all else stays int8; SQNR of h rises from /,
    );
    expect(costTip({ ...layer, lstm: { ...layer.lstm!, costs: null } }, 'g')).toBeNull();
  });

  test('a signal: its counts at both rails', () => {
    expect(signalTip(signal)).toContain(`${signal.rails!.high.toLocaleString('en-US')} at 8.00`);
  });
});
