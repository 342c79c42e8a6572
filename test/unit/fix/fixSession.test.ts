import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CalibrateJob, MeasureJob, QuantizedModelInfo } from '../../../worker/api';
import { PLAIN_RECIPE, withKeepFloat, withOverride } from '../../../worker/core/fix/editRecipe';
import { effectOfReport } from '../../../worker/core/fix/effect';
import type { Recipe } from '../../../worker/core/recipe/recipe';
import { Sessions } from '../../../worker/session';
import { bundle, SAMPLES, type Bundle } from '../worker/bundle';
import { file, sampleRun } from '../worker/workerThread';

const FLOAT = join(SAMPLES, 'digits-float.tflite');
const DATA = join(SAMPLES, 'calibration.npz');

const sessions = new Sessions();
const job = (fields: Partial<CalibrateJob> = {}): CalibrateJob => ({
  runId: 'calibrate',
  source: 'data',
  inputs: [file(DATA)],
  state: 'reset',
  floatModel: null,
  ...fields,
});
const ignore = () => undefined;
let made: QuantizedModelInfo;

beforeAll(async () => {
  sessions.open('model', file(FLOAT));
  await sessions.calibrate('model', job(), ignore);
  made = sessions.quantize('model', { recipe: PLAIN_RECIPE, target: 'quantized' });
});

function measuring(recipes: MeasureJob['recipes'], fields: Partial<MeasureJob> = {}): MeasureJob {
  const { inputs, labels } = sampleRun('measure');
  return { runId: 'measure', persona: 'tflite', state: 'reset', inputs, labels, recipes, ...fields };
}

describe('quantizing in memory', () => {
  it('makes the bytes that the command line writes', async () => {
    const cli: Bundle = await bundle('worker/cli.ts');
    try {
      const output = join(cli.folder, 'q.tflite');
      const args = ['quantize', FLOAT, '--calibration', DATA, '--output', output];
      execFileSync(process.execPath, [cli.program, ...args], { stdio: 'pipe' });
      expect(Buffer.from(sessions.fileBytes('quantized')).equals(readFileSync(output))).toBe(true);
    } finally {
      cli.remove();
    }
    expect(made.overview).toMatchObject({ scheme: 'int8', fileName: 'digits-float.tflite (quantized in memory)' });
  });

  it('says of every value what calibration saw, what holds it, and where a report tells of it', () => {
    const row = (id: string) => made.rows.find((one) => one.id === id);
    expect(made.rows.map(({ id }) => id)).toEqual([
      ...['input 0', 'op 0 0', 'op 0 c', 'op 0 i', 'op 0 f', 'op 0 g', 'op 0 o', 'op 0 m'],
      ...['op 1 0', 'op 1 c', 'op 1 i', 'op 1 f', 'op 1 g', 'op 1 o', 'op 1 m', 'op 2 0'],
    ]);
    const cell = row('op 0 c')!;
    expect(cell).toMatchObject({ lstm: 'lstm0', format: { dtype: 'int16', scale: 2 ** -12, low: -8 }, fixed: null });
    expect(cell.seen!.min).toBeLessThan(cell.seen!.inner!.min);
    expect(cell.seen!.max).toBeLessThan(8);
    expect(cell.place).toEqual({ kind: 'op', op: 0, signal: 'c' });
    expect(row('op 0 i')).toMatchObject({ gate: 'input', place: { signal: 'i_in' } });
    expect(row('op 2 0')).toMatchObject({ key: 'logits', opName: 'FULLY_CONNECTED', can16: true });
  });

  it('measures a recipe to what a whole run says of it', async () => {
    const report = await sessions.run('quantized', sampleRun('whole'), ignore);
    const whole = effectOfReport(report, made.overview)!;
    const [measured] = await sessions.measure('model', measuring([{ id: 'plain', recipe: PLAIN_RECIPE }]), ignore);
    expect(measured).toMatchObject({ id: 'plain', byteLength: made.byteLength });
    const effect = measured!.effect!;
    expect({ ...effect, sqnrDb: 0, rmse: 0 }).toEqual({ ...whole, sqnrDb: 0, rmse: 0 });
    // Sums of the same values in another order.
    expect(effect.sqnrDb).toBeCloseTo(whole.sqnrDb!, 9);
    expect(effect.rmse).toBeCloseTo(whole.rmse, 9);
    expect(effect.task).toEqual({ unit: 'digits', total: 34, errors: 0, floatErrors: 0 });
  });

  it('answers for each recipe by itself, with a reason for one that cannot be used', async () => {
    const cell = made.rows.find(({ id }) => id === 'op 0 c')!;
    const recipes = [
      { id: 'small', recipe: withOverride(PLAIN_RECIPE, cell, { cellExponent: 1 }) },
      { id: 'unknown', recipe: { ...PLAIN_RECIPE, keepFloat: ['nowhere'] } satisfies Recipe },
      {
        id: 'float',
        recipe: ['op 0 0', 'op 1 0', 'op 2 0'].reduce(
          (recipe, id) => withKeepFloat(recipe, made.rows.find((one) => one.id === id)!.operatorKey!, true),
          PLAIN_RECIPE,
        ),
      },
      { id: 'plain', recipe: PLAIN_RECIPE },
    ];
    const [small, unknown, float, plain] = await sessions.measure('model', measuring(recipes), ignore);
    expect(small!.effect!.sqnrDb!).toBeLessThan(plain!.effect!.sqnrDb! - 3);
    expect(unknown).toMatchObject({ effect: null, reason: expect.stringContaining('no operator "nowhere"') as string });
    expect(float!.effect).toMatchObject({ exact: true });
  });

  it('shows what every observer would take', () => {
    const observed = sessions.observed('model', 'op 1 0', 8)!;
    expect(observed.counts.reduce((a, b) => a + b)).toBe(observed.values);
    expect(observed.edges).toHaveLength(observed.counts.length + 1);
    const ranges = new Map(observed.observers.map(({ observer, range }) => [observer, range]));
    expect(ranges.get('min-max')).toEqual({ min: observed.min, max: observed.max });
    expect(ranges.get('percentile=99.9')!.max).toBeLessThan(observed.max);
    expect(sessions.observed('model', 'op 9 0', 8)).toBeNull();
  });

  it('carries states as a run does', async () => {
    const report = await sessions.run('quantized', sampleRun('carried', { state: 'carry' }), ignore);
    const recipes = ['first', 'again'].map((id) => ({ id, recipe: PLAIN_RECIPE }));
    const measured = await sessions.measure('model', measuring(recipes, { state: 'carry' }), ignore);
    const whole = effectOfReport(report, made.overview)!;
    for (const { effect } of measured) expect(effect!.sqnrDb).toBeCloseTo(whole.sqnrDb!, 9);
  });
});

describe('what cannot be quantized', () => {
  it('is said in sentences', async () => {
    await expect(sessions.calibrate('model', job({ source: 'file' }), ignore)).rejects.toThrow(
      'digits-float.tflite keeps no ranges. Choose calibration data.',
    );
    sessions.open('int8', file(join(SAMPLES, 'digits-int8.tflite')));
    expect(() => sessions.quantize('int8', { recipe: PLAIN_RECIPE, target: 'x' })).toThrow('Calibrate first');
    await sessions.calibrate('int8', job({ source: 'none' }), ignore);
    expect(() => sessions.quantize('int8', { recipe: PLAIN_RECIPE, target: 'x' })).toThrow('quantized already');
  });

  it('leaves what was made before in place', () => {
    expect(() => sessions.quantize('model', { recipe: { ...PLAIN_RECIPE, keepFloat: ['?'] }, target: 'quantized' })).toThrow();
    expect(sessions.fileBytes('quantized')).toHaveLength(made.byteLength);
  });

  it('stops a calibration, and keeps the one before', async () => {
    const inputs = Array.from({ length: 40 }, () => file(DATA));
    const running = sessions.calibrate('model', job({ runId: 'long', inputs }), () => sessions.cancel('long'));
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(sessions.quantize('model', { recipe: PLAIN_RECIPE, target: 'quantized' }).byteLength).toBe(made.byteLength);
  });
});

describe('a quantized model with a float partner', () => {
  it('is quantized again from the partner', async () => {
    sessions.open('partnered', file(join(SAMPLES, 'digits-int8-miscalibrated.tflite')));
    const info = await sessions.calibrate('partnered', job({ floatModel: file(FLOAT) }), ignore);
    expect(info).toMatchObject({ samples: 30, steps: 2667, synthetic: false, notes: [] });
    sessions.quantize('partnered', { recipe: PLAIN_RECIPE, target: 'quantized' });
    expect(sessions.fileBytes('quantized')).toHaveLength(made.byteLength);
  });
});
