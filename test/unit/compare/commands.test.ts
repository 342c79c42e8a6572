import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlameReport } from '../../../worker/core/blame/blameReport';
import type { Comparison } from '../../../worker/core/compare/comparison';
import { bundleCommandLine, runCommand, SAMPLES } from '../cli/command';

let program: string;
beforeAll(async () => {
  program = await bundleCommandLine();
});

const model = (name: string) => join(SAMPLES, `digits-${name}.tflite`);
const DATA = ['--input', join(SAMPLES, 'inputs/utterance-5.npy'), '--float', model('float')];
const gatescope = (...args: readonly string[]) => runCommand(program, args);

describe('gatescope blame', () => {
  it('prints the ranking, and as JSON everything measured', async () => {
    const kinds = ['--only', 'tensor', 'layer'];
    const [text, json] = await Promise.all([
      gatescope('blame', model('int8-miscalibrated'), ...DATA, ...kinds),
      gatescope('blame', model('int8-miscalibrated'), ...DATA, ...kinds, '--json'),
    ]);
    expect([text.status, json.status]).toEqual([0, 0]);
    const report = JSON.parse(json.stdout) as BlameReport;
    expect(report).toMatchObject({
      schema: 'gatescope.blame/1',
      samples: 1,
      complete: true,
      task: { unit: 'digits', floatErrors: 0 },
    });
    expect(report.subjects[0]).toMatchObject({ kind: 'tensor', tensorName: 'features' });
    expect(text.stdout.split('\n').slice(0, report.headline.length)).toEqual(report.headline);
    expect(text.stdout).toMatch(/\n +1 {2}input features +\+\d+\.\d /);
  });

  it('says what cannot be used, and how it is used', async () => {
    const [float, quirk, output] = await Promise.all([
      gatescope('blame', model('float'), ...DATA),
      gatescope('blame', model('int8'), ...DATA, '--quirk', 'peephole=off'),
      gatescope('blame', model('int8'), ...DATA, '--output', 'blame.html'),
    ]);
    expect([float.status, quirk.status, output.status]).toEqual([3, 2, 2]);
    expect(float.stderr).toBe('gatescope: digits-float.tflite: The model is float: there is nothing to put back to float.\n');
    expect(quirk.stderr).toMatch(/^gatescope: --quirk takes NAME=on or NAME=off, not peephole=off; names are peephole-width, /);
  });
});

describe('gatescope compare', () => {
  it('compares two files, and writes the result as JSON and Markdown', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatescope-compare-'));
    const [json, markdown] = [join(folder, 'c.json'), join(folder, 'c.md')];
    const models = [model('int8'), model('int8-miscalibrated')];
    const { status, stdout } = await gatescope('compare', ...models, ...DATA, '--output', json, '--output', markdown);
    expect(status).toBe(0);
    const comparison = JSON.parse(readFileSync(json, 'utf8')) as Comparison;
    expect(comparison).toMatchObject({
      schema: 'gatescope.compare/1',
      sameFile: false,
      run: { samples: 1, float: 'file', first: { step: 0 } },
    });
    expect(
      stdout.startsWith(`A  digits-int8.tflite\nB  digits-int8-miscalibrated.tflite\n\n${comparison.headline.join('\n')}\n`),
    ).toBe(true);
    const text = readFileSync(markdown, 'utf8');
    expect(text).toContain('# digits-int8.tflite and digits-int8-miscalibrated.tflite\n');
    expect(text).toMatch(/\| features \| scale, zero point \| int8 0\.028362, -12 \| int8 0\.014545, 127 \| {2}\|/);
  });

  it('compares files alone without data', async () => {
    const { status, stdout } = await gatescope('compare', model('float'), model('hybrid'), '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ run: null, statics: { operators: { matched: 3 } } });
  });

  it('compares one model under two runtimes and with quirks switched', async () => {
    const [personas, quirk] = await Promise.all([
      gatescope('compare', model('int8'), ...DATA, '--persona-b', 'tflite-old', '--json'),
      gatescope(
        'compare',
        model('int8'),
        model('int8'),
        ...DATA,
        '--quirk',
        'hidden-zero-point=off',
        '--quirk',
        'double-rounding=off',
        '--json',
      ),
    ]);
    expect([personas.status, quirk.status]).toEqual([0, 0]);
    // With a projection, both negate the hidden value's zero point.
    expect(JSON.parse(personas.stdout)).toMatchObject({ sameFile: true, causes: [], run: { first: null } });
    expect(JSON.parse(quirk.stdout)).toMatchObject({
      b: { label: 'TFLite, hidden zero point quirk off, double rounding off' },
      causes: [
        { quirk: 'hidden-zero-point', on: 'a', ops: [0, 1] },
        { quirk: 'double-rounding', on: 'a' },
      ],
    });
  });

  it('says which file cannot be used', async () => {
    const refused = await gatescope('compare', model('int8'), model('int8'), ...DATA, '--persona-b', 'tflm');
    expect(refused.status).toBe(3);
    expect(refused.stderr).toMatch(/^gatescope: digits-int8\.tflite: op 0 UNIDIRECTIONAL_SEQUENCE_LSTM: TFLM rejects it: /);
  });
});
