import { describe, expect, it } from 'vitest';
import { blameModel } from '../../../worker/core/blame/blameModel';
import { compareModels } from '../../../worker/core/compare/compareModels';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { models, SAMPLES } from './gruRun';

const ABOUT = { dataLabel: 'test', dataFiles: [], persona: 'tflite', state: 'reset', labels: null, generator: 'test' } as const;

describe('a GRU in the studies', () => {
  it('is blamed as a layer', async () => {
    const { float, int8 } = models(true, false);
    const overview = buildOverview(int8);
    const floatModel = { model: float, sha256: '' };
    const report = await blameModel({ model: int8, sha256: '', overview, floatModel, samples: SAMPLES, ...ABOUT });
    const [first] = report.subjects;
    expect(first).toMatchObject({ kind: 'layer', opName: 'GRU', output: 'real' });
    expect(first?.gainDb).toBeGreaterThan(1);
  });

  it('is compared signal by signal', async () => {
    const { float, int8 } = models(true, false);
    const side = (model: typeof float, persona: 'tflite' | 'tflm') => ({ model, sha256: '', persona });
    const data = { samples: SAMPLES, label: 'test', files: [], labels: null };
    const comparison = await compareModels(side(int8, 'tflite'), side(int8, 'tflm'), data, {
      generator: 'test',
      floatModel: float,
    });
    const layer = comparison.run?.layers.find(({ a }) => a.op === 'GRU');
    expect(layer?.signals.map(({ signal, gate }) => `${signal} ${gate}`)).toEqual(
      expect.arrayContaining(['z_xh update', 'r reset', 'n_rh candidate', 'h null']),
    );
    // The two runtimes have other activations.
    expect(comparison.headline[0]).toMatch(/^First difference: sample a, step 0, GRU .*, gate z, activated/);
  });
});
