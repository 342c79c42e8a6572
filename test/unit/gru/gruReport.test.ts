import { describe, expect, it } from 'vitest';
import { Pace } from '../../../worker/core/analysis/pace';
import { RunDetails } from '../../../worker/core/analysis/detail/runDetails';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { prepareComparison } from '../../../worker/core/report/prepareComparison';
import { HIDDEN, INPUT, models, reportOf, SAMPLES, STEPS } from './gruRun';

describe('a report on a GRU', () => {
  it.each([
    [true, false, ['n_h', 'n_rh']],
    [false, true, ['rh']],
  ])('tells every gate, local and accumulated, by step and unit (reset after: %s, reverse: %s)', async (after, reverse, own) => {
    const { float, int8 } = models(after, reverse);
    const { layer, signal, report } = await reportOf(int8, float);
    expect(layer.signals.map(({ signal: name }) => name)).toEqual(
      ['x', 'z_x', 'z_xh', 'z', 'r_x', 'r_xh', 'r', 'n_x', ...own, 'n_xh', 'n', 'h'],
    ); // prettier-ignore
    expect(['z', 'r_xh', 'n', 'h'].map((name) => signal(name)?.gate)).toEqual(['update', 'reset', 'candidate', null]);
    for (const { signal: name, values, local, accumulated, located } of layer.signals) {
      const size = name === 'x' ? INPUT : HIDDEN;
      expect(values, name).toBe(3 * STEPS * size);
      expect([local?.values, accumulated?.values], name).toEqual([values, values]);
      expect(located?.samples, name).toBe(3);
    }
    expect(signal('z_xh')).toMatchObject({ dtype: 'int16', quantization: { scales: [2 ** -12] }, rails: { lowCode: -32768 } });
    expect(signal('z')).toMatchObject({ dtype: 'int16', quantization: { scales: [2 ** -15] }, flat: { low: 0 } });
    expect(signal('n')?.flat).not.toBeNull();
    expect(signal('z_xh')?.flat).toBeNull();
    expect(signal('h')).toMatchObject({ dtype: 'int8', rails: { lowCode: -128 } });
    // From exact states single steps err less than the run, whose own errors come back.
    expect(signal('h')!.local!.rmse).toBeLessThan(signal('h')!.accumulated!.rmse);
    expect(signal('h')!.accumulated!.sqnrDb).toBeGreaterThan(20);
    expect(layer.local).toEqual(signal('h')!.local);
    expect(report.floatModel?.matching.unmatched).toEqual([]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('has ranges and histograms of a float one', async () => {
    const { float } = models(true, false);
    const { layer } = await reportOf(float, null);
    const [info] = buildOverview(float).ops;
    expect(info).toMatchObject({
      op: 'GRU',
      macs: 3 * HIDDEN * (INPUT + HIDDEN),
      params: 3 * HIDDEN * (INPUT + HIDDEN) + 4 * HIDDEN,
    });
    expect(layer.signals.map(({ signal, dtype, accumulated }) => [signal, dtype, accumulated])).toContainEqual([
      'z',
      'float32',
      null,
    ]);
    expect(layer.signals.every(({ histogram }) => histogram.float.reduce((sum, count) => sum + count, 0) > 0)).toBe(true);
  });

  it('is answered step by step when asked', async () => {
    const { float, int8 } = models(true, false);
    const overview = buildOverview(int8, {});
    const pace = new Pace({});
    const request = {
      model: int8,
      overview,
      floatModel: float,
      samples: 3,
      persona: 'tflite',
      state: 'reset',
      labels: null,
    } as const;
    const prepared = await prepareComparison(request, pace);
    const details = new RunDetails({ prepared: prepared!, samples: SAMPLES, lstms: overview.lstms });
    const op = int8.graphs[0]!.operators.findIndex(({ name }) => name === 'GRU');
    const all = { from: 0, to: 1000 };
    const detail = await details.signal(
      { op, signal: 'n_rh', samples: [1], steps: all, units: all, filter: null, series: { mostPoints: 64 } },
      pace,
    );
    expect(detail).toMatchObject({ signal: 'n_rh', size: HIDDEN, steps: STEPS, dtype: 'int16' });
    expect(detail.series?.floatRms).toHaveLength(STEPS);
  });
});
