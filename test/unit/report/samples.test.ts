import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NamedBytes } from '../../../worker/core/formats/namedBytes';
import type { PersonaName } from '../../../worker/core/lstm/persona';
import type { Report } from '../../../worker/core/report/report';
import { Sessions } from '../../../worker/session';

const samples = resolve(import.meta.dirname, '../../../samples');
const file = (path: string): NamedBytes => ({ name: path, bytes: new Uint8Array(readFileSync(join(samples, path))) });
const utterances = readdirSync(join(samples, 'inputs')).filter((name) => name.endsWith('.npy')).sort(); // prettier-ignore

interface Expected {
  readonly utterances: Record<
    string,
    { readonly digits: string; readonly steps: number; readonly decoded: Record<string, string> }
  >;
  readonly saturation: Record<string, Record<string, { readonly at_rail: number; readonly values: number }>>;
}
const expected = JSON.parse(readFileSync(join(samples, 'expected.json'), 'utf8')) as Expected;

/** Runs one of the sample models over the eight utterances. */
async function run(model: string, options: { partner?: boolean; persona?: PersonaName } = {}): Promise<Report> {
  const sessions = new Sessions();
  sessions.open('s', file(`${model}.tflite`));
  const inputs = utterances.map((name) => ({ ...file(join('inputs', name)), name }));
  const request = {
    runId: 'r',
    persona: options.persona ?? 'tflite',
    state: 'reset',
    inputs,
    dataLabel: 'inputs',
    floatModel: options.partner === false ? null : file('digits-float.tflite'),
    labels: file('inputs/labels.json'),
  } as const;
  return sessions.run('s', request, () => undefined);
}

/** Values at the rails by the names of the reference. */
function saturation({ inputs, layers }: Report): Record<string, { at_rail: number; values: number }> {
  const result: Record<string, { at_rail: number; values: number }> = {};
  for (const {
    name,
    saturation: { total, values },
    signals,
  } of [...inputs, ...layers]) {
    result[name.replace('/output', '/output_state')] = { at_rail: total, values };
    const cell = signals.find(({ signal }) => signal === 'c');
    if (cell === undefined || cell.rails === null) continue;
    result[name.replace('/output', '/cell_state')] = { at_rail: cell.rails.low + cell.rails.high, values: cell.values };
  }
  return result;
}

describe.each(['digits-int8', 'digits-int8-miscalibrated'])('%s over the samples', (model) => {
  let report: Report;
  beforeAll(async () => {
    report = await run(model);
  });

  it('has the values at the rails that the reference interpreter has', () => {
    expect(saturation(report)).toEqual(expected.saturation[model]);
  });

  it('decodes to the digits that the reference interpreter decodes to', () => {
    for (const { name, steps, expected: spoken, quantized } of report.perSample) {
      const reference = expected.utterances[name];
      expect([spoken, steps]).toEqual([reference?.digits, reference?.steps]);
      expect(quantized).toBe(reference?.decoded[model]);
    }
    expect(report).toMatchObject({ samples: 8, steps: 555, complete: true });
  });
});

describe('report of the well calibrated sample', () => {
  let report: Report;
  beforeAll(async () => {
    report = await run('digits-int8');
  });

  it('says that int8 follows float and recognises all', () => {
    expect(report.headline[0]).toMatch(/^int8 follows float with 4\d\.\d dB SQNR at logits\.$/);
    expect(report.headline.at(-1)).toBe('Both paths get 8 of 8 samples right (0 errors in 34 digits).');
    for (const { name, float } of report.perSample) {
      expect(float).toBe(expected.utterances[name]?.decoded['digits-float']);
    }
    expect(report.task).toMatchObject({ total: 34, floatErrors: 0, quantizedErrors: 0, floatRight: 8, quantizedRight: 8 });
  });

  it('matches its float partner by name', () => {
    expect(report.floatModel).toMatchObject({
      source: 'file',
      fileName: 'digits-float.tflite',
      matching: { by: 'name', matched: 3, operators: 3, unmatched: [] },
    });
  });

  it('has every signal of every gate with exact counts on one axis', () => {
    const lstm = report.layers[0]!;
    expect(lstm.signals.map(({ signal }) => signal)).toEqual(
      expect.arrayContaining(['x', 'i_x', 'i_xh', 'i_ln', 'i', 'f', 'g_ln', 'g', 'o', 'c', 'tanh_c', 'm', 'h']),
    );
    for (const { values, histogram, local, accumulated } of report.layers.flatMap(({ signals }) => signals)) {
      const total = (counts: readonly number[] | null) => (counts ?? []).reduce((a, b) => a + b, 0);
      expect([total(histogram.float), total(histogram.int8), accumulated?.values, local?.values]).toEqual([
        values,
        values,
        values,
        values,
      ]);
      expect(histogram.float.length).toBeLessThanOrEqual(150);
    }
  });

  it('tells local from accumulated error: single steps add less than all steps and both LSTMs have', () => {
    const [first, second] = report.layers;
    // The first layer is fed the same codes on both, so that its states alone make the difference.
    const named = (name: string) => first!.signals.find(({ signal }) => signal === name)!;
    expect(named('g_x').local).toEqual(named('g_x').accumulated);
    expect(named('g_xh').local!.rmse).toBeLessThan(named('g_xh').accumulated!.rmse);
    expect(first!.local).toEqual(named('h').local);
    expect(first!.local!.sqnrDb!).toBeGreaterThan(first!.accumulated!.sqnrDb!);
    expect(second!.local!.sqnrDb!).toBeGreaterThan(second!.accumulated!.sqnrDb!);
  });

  it('measures what parts cost, weights only against a float partner', async () => {
    const parts = (of: Report) => of.layers[1]?.lstm?.costs?.map(({ part }) => part);
    expect(parts(report)).toEqual(['W', 'x', 'i', 'f', 'g', 'o', 'c', 'm', 'h']);
    const alone = await run('digits-int8', { partner: false });
    expect(parts(alone)).toEqual(['x', 'i', 'f', 'g', 'o', 'c', 'm', 'h']);
    expect(alone.floatModel).toMatchObject({ source: 'dequantized', matching: { by: 'self' } });
    // Against its own weights an int8 model errs less than against those that it was made from.
    expect(alone.layers[2]!.accumulated!.sqnrDb!).toBeGreaterThan(report.layers[2]!.accumulated!.sqnrDb!);
  });

  it('is what the interpreter computes under older arithmetic as well', async () => {
    const older = await run('digits-int8', { persona: 'tflite-old' });
    expect(older.persona).toBe('tflite-old');
    expect(older.layers[2]!.accumulated!.sqnrDb!).toBeGreaterThan(20);
  });
});

describe('report of the badly calibrated sample', () => {
  it('looks as ill as the model is', async () => {
    const { headline, task, findings } = await run('digits-int8-miscalibrated');
    expect(headline[0]).toBe('int8 does not follow float: 8.5 dB SQNR at logits.');
    expect(headline[1]).toBe('38.3 % of the values of input features are at the rails: 25,486 of 66,600.');
    expect(headline).toContain('In lstm0, input x costs most.');
    expect(headline.at(-1)).toBe('int8 gets 3 of 8 samples right (11 errors in 34 digits), float 8 (0 errors in 34 digits).');
    expect(task).toMatchObject({ quantizedErrors: 11, quantizedRight: 3, floatRight: 8 });
    expect(findings[0]).toMatchObject({ severity: 'error', rule: 'input-at-rails' });
  });
});

describe('report of the other samples', () => {
  it('compares hybrid with float, without rails', async () => {
    const report = await run('digits-hybrid');
    expect(report).toMatchObject({ quantizedPath: 'hybrid', task: { quantizedRight: 8 } });
    expect(report.headline[0]).toMatch(/^hybrid follows float/);
    for (const signal of report.layers.flatMap(({ signals }) => signals)) {
      expect(signal).toMatchObject({ rails: null, share: 0, quantization: null });
      expect(signal.accumulated?.values).toBe(signal.values);
    }
  });

  it('shows ranges of a float model and compares nothing', async () => {
    const report = await run('digits-float');
    expect(report).toMatchObject({ quantizedPath: null, floatModel: null, task: { floatRight: 8, quantizedRight: null } });
    for (const signal of report.layers.flatMap(({ signals }) => signals)) {
      expect(signal).toMatchObject({ min: null, max: null, rails: null, local: null, accumulated: null });
      expect(signal.histogram.int8).toBeNull();
      expect(signal.floatMax).toBeGreaterThan(signal.floatMin);
    }
  });
});
