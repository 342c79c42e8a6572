import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../worker/core/report/report';
import { Sessions } from '../../../worker/session';
import { bundle, SAMPLES, type Bundle } from './bundle';
import { file, sampleRun } from './workerThread';

let cli: Bundle;
beforeAll(async () => {
  cli = await bundle('worker/cli.ts');
});
afterAll(() => cli.remove());

const model = (name: string) => join(SAMPLES, `${name}.tflite`);

/** Runs `gatescope report` on a sample model over one utterance, unless told otherwise. */
function report(name: string, ...options: readonly string[]) {
  const data = options.includes('--input') ? [] : ['--input', join(SAMPLES, 'inputs/utterance-5.npy')];
  const { status, stdout, stderr } = spawnSync('node', [cli.program, 'report', model(name), ...data, ...options], {
    encoding: 'utf8',
  });
  return { status, stdout, lines: stderr.split('\n').filter((line) => line !== '') };
}

describe('gatescope report', () => {
  it('writes the very report that the worker gives, as JSON and as HTML', async () => {
    const [json, html] = [join(cli.folder, 'r.json'), join(cli.folder, 'r.html')];
    const inputs = join(SAMPLES, 'inputs');
    const partner = ['--float', model('digits-float')];
    const { status, stdout } = report(
      'digits-int8-miscalibrated',
      '--input',
      inputs,
      ...partner,
      '--output',
      json,
      '--output',
      html,
    );
    expect(status).toBe(0);
    const written = JSON.parse(readFileSync(json, 'utf8')) as Report;
    const sessions = new Sessions();
    sessions.open('s', file(model('digits-int8-miscalibrated')));
    const fromWorker = await sessions.run('s', sampleRun('r'), () => undefined);
    expect(written).toEqual(fromWorker);
    expect(stdout.trimEnd().split('\n')).toEqual(written.headline);
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('writes the same report with one thread and with three', () => {
    const folder = join(SAMPLES, 'inputs');
    const many = new Array<string>(30).fill(folder);
    const written = ['1', '3'].map((jobs) => {
      const json = join(cli.folder, `jobs-${jobs}.json`);
      expect(report('digits-int8', '--input', ...many, '--jobs', jobs, '--output', json).status).toBe(0);
      return readFileSync(json, 'utf8');
    });
    expect(written[1]).toBe(written[0]);
    expect((JSON.parse(written[0] ?? '') as Report).samples).toBe(240);
  });

  it('finds labels.json beside the data, or takes another', () => {
    expect(report('digits-int8').stdout).toMatch(/Both paths get 1 of 1 sample right \(0 errors in 4 digits\)\./);
    const none = report('digits-int8', '--labels', join(SAMPLES, 'norm.json'));
    expect(none.status).toBe(3);
    expect(none.lines).toEqual([expect.stringMatching(/^gatescope: norm\.json: .*"decode"/)]);
  });

  it('says each threshold that is not met on a line of its own, and exits with 1', () => {
    const ill = report('digits-int8-miscalibrated', '--min-sqnr', '10', '--max-saturation', '0.3', '--max-error', '5');
    expect(ill.status).toBe(1);
    expect(ill.lines[0]).toMatch(/^input features: SQNR \d+\.\d dB is below 10 dB$/);
    expect(ill.lines[1]).toMatch(/^input features: \d\d\.\d.% at the rails/);
    expect(ill.lines.at(-1)).toMatch(/^op 2 FULLY_CONNECTED logits: largest error \d+\.\d is above 5$/);
    expect(report('digits-int8', '--min-sqnr', '30', '--max-saturation', '0.01', '--max-error', '1').status).toBe(0);
  });

  it.each([
    ['an unknown kind of output', ['digits-int8', '--output', 'r.pdf'], 2, /\.csv or \.json file, not r\.pdf/],
    ['a threshold that is no number', ['digits-int8', '--min-sqnr', 'ten'], 2, /ten is no number/],
    ['a number of threads that is none', ['digits-int8', '--jobs', '0'], 2, /0 is no number of threads from 1 to 1024/],
    ['data that is not there', ['digits-int8', '--input', 'nowhere.npy'], 3, /nowhere\.npy: there is no such file/],
    ['an error threshold on a float model', ['digits-float', '--min-sqnr', '10'], 3, /is a float model/],
    ['a persona that rejects the model', ['digits-int8', '--persona', 'tflm'], 3, /digits-int8\.tflite: op 0 .*TFLM rejects it/],
  ] as const)('refuses %s', (_, [name, ...options], status, message) => {
    const refused = report(name, ...options);
    expect(refused.status).toBe(status);
    expect(refused.lines.join('\n')).toMatch(message);
  });

  it('leaves nothing behind when it refuses', () => {
    const output = join(cli.folder, 'never.json');
    report('digits-int8', '--input', 'nowhere.npy', '--output', output);
    expect(existsSync(output)).toBe(false);
  });
});
