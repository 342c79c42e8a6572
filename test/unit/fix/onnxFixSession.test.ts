import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { CalibrateJob, QuantizedModelInfo } from '../../../worker/api';
import { PLAIN_RECIPE } from '../../../worker/core/fix/editRecipe';
import { effectOfReport } from '../../../worker/core/fix/effect';
import { Sessions } from '../../../worker/session';
import { dictionary, npyBytes } from '../data/npyBytes';
import { uniform } from '../lstm/randomLstm';
import { describeShared } from '../../shared';

const ignore = () => undefined;

describeShared('quantizing DTLN as ONNX, in memory', (shared) => {
  const sessions = new Sessions();
  const float = { name: 'dtln_model_1.onnx', bytes: new Uint8Array(readFileSync(join(shared, 'data/onnx/dtln_model_1.onnx'))) };
  let made: QuantizedModelInfo;

  /** Spectra of some calls; states begin at 0 and run on. */
  const data = (name: string, shape: readonly number[], seed: number) => {
    const random = uniform(seed);
    const length = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length }, () => Math.abs(random()) ** 3 * 4);
    return { name: `${name}.npy`, bytes: npyBytes(dictionary('<f4', `(${shape.join(', ')})`), new Uint8Array(values.buffer)) };
  };
  const inputs = [data('input_2', [2, 1, 1, 257], 1)];
  const job: CalibrateJob = { runId: 'c', source: 'data', inputs, state: 'reset', floatModel: null };

  beforeAll(async () => {
    sessions.open('model', float);
    await sessions.calibrate('model', job, ignore);
    made = sessions.quantize('model', { recipe: PLAIN_RECIPE, target: 'quantized' });
  }, 120_000);

  it('makes the LSTMs integer and says that ONNX operators stay float', () => {
    expect(made.notes).toEqual([
      {
        ...{ kind: 'kept-float', op: null, tensor: null, name: '' },
        text: expect.stringMatching(
          /^ONNX's own operators stay float, 34 here \(Transpose x4, .*: DEQUANTIZE and QUANTIZE stand/,
        ) as string,
      },
    ]);
    expect(made.overview.lstms.map(({ name, scheme }) => [name, scheme])).toEqual([
      ['lstm_4', 'int8'],
      ['lstm_5', 'int8'],
    ]);
    // Of 1,446,912 float32 weight bytes, those of the LSTMs are int8 now; MatMul and Add keep theirs.
    expect(made.byteLength).toBeLessThan(0.35 * made.sourceBytes);
    const rules = made.overview.findings.map(({ rule }) => rule);
    for (const rule of ['type-mix', 'state-reset-cmsis-nn', 'state-kept-between-calls']) expect(rules).not.toContain(rule);
  });

  it('has the formats of the states for what an LSTM hands on', () => {
    const row = (id: string) => made.rows.find((one) => one.id === id)!;
    const lstm = made.rows.find(({ lstm: name, kind }) => name === 'lstm_4' && kind === 'cell')!.op!;
    expect(row(`op ${lstm} 1`)).toMatchObject({ key: 'lstm_4_Y_h', format: row(`op ${lstm} 0`).format, can16: false });
    expect(row(`op ${lstm} 2`)).toMatchObject({ key: 'lstm_4_Y_c', format: row(`op ${lstm} c`).format });
    expect(row(`op ${lstm} 2`).seen).toEqual(row(`op ${lstm} c`).seen);
    expect(row(`op ${lstm} 2`).fixed).toMatch(/format of that state/);
  });

  it('runs both paths with every gate, and measures what the run says', async () => {
    const run = { runId: 'r', persona: 'tflite', state: 'reset', inputs, labels: null } as const;
    const report = await sessions.run('quantized', { ...run, floatModel: float, dataLabel: 'spectra' }, ignore);
    const lstms = report.layers.filter(({ name }) => /^lstm_[45]_Y$/.test(name));
    expect(lstms.map(({ signals }) => signals.length)).toEqual([21, 21]);
    expect(report.layers.every(({ accumulated }) => accumulated !== null)).toBe(true);
    const recipes = [{ id: 'plain', recipe: PLAIN_RECIPE }];
    const [measured] = await sessions.measure('model', { ...run, runId: 'm', recipes }, ignore);
    const whole = effectOfReport(report, made.overview)!;
    expect(measured!.effect!.sqnrDb).toBeCloseTo(whole.sqnrDb!, 9);
    expect(whole.sqnrDb).toBeGreaterThan(15);
  });

  it('refuses to be saved as .tflite, with the reason', () => {
    expect(() => sessions.fileBytes('quantized')).toThrow(
      /dtln_model_1\.onnx.* cannot become a \.tflite file: its operators are ONNX's/,
    );
  });
});
