import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../worker/core/report/report';
import { bundle, SAMPLES, type Bundle } from './bundle';

let cli: Bundle;
beforeAll(async () => {
  cli = await bundle('worker/cli.ts');
});
afterAll(() => cli.remove());

const at = (name: string) => join(cli.folder, name);
const model = (name: string) => join(SAMPLES, `${name}.tflite`);

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('node', [cli.program, ...args], { encoding: 'utf8' });
  return { status, stdout, lines: stderr.split('\n').filter((line) => line !== '') };
}

function report(name: string, ...options: readonly string[]) {
  const data = [5, 3, 7, 8].map((utterance) => join(SAMPLES, `inputs/utterance-${utterance}.npy`));
  return run('report', model(name), '--float', model('digits-float'), '--input', ...data, ...options);
}

const read = (name: string) => JSON.parse(readFileSync(at(name), 'utf8')) as Report;

/** Numbers within rounding of sums, all else equal. */
function expectClose(value: unknown, whole: unknown, path = ''): void {
  if (typeof value === 'number' && typeof whole === 'number' && !Number.isInteger(whole)) {
    expect(Math.abs(value - whole), path).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(whole)));
  } else if (typeof value === 'object' && value !== null && typeof whole === 'object' && whole !== null) {
    expect(Object.keys(value), path).toEqual(Object.keys(whole));
    for (const [key, entry] of Object.entries(value))
      expectClose(entry, (whole as Record<string, unknown>)[key], `${path}/${key}`);
  } else {
    expect(value, path).toBe(whole);
  }
}

describe('gatescope merge', () => {
  it('makes of shards the report of the whole run, and of some of them one that says what it covers', () => {
    expect(report('digits-int8-miscalibrated', '--output', at('whole.json')).status).toBe(0);
    for (const shard of [3, 1, 2]) {
      const { status } = report('digits-int8-miscalibrated', '--shard', `${shard}/3`, '--output', at(`${shard}.json`), '--output', at(`${shard}.html`)); // prettier-ignore
      expect(status).toBe(0);
    }
    expect(read('1.json')).toMatchObject({
      samples: 1,
      complete: true,
      requestedSamples: 1,
      shard: { index: 1, of: 3, samples: 4 },
    });
    expect(readFileSync(at('1.html'), 'utf8')).not.toContain(read('1.json').shard!.counts.slice(0, 64));
    const merged = run('merge', at('3.json'), at('1.json'), at('2.json'), '--output', at('merged.json'), '--output', at('m.csv'));
    expect(merged.status).toBe(0);
    const whole = read('whole.json');
    expectClose(read('merged.json'), whole);
    expect(merged.stdout.trimEnd().split('\n')).toEqual(whole.headline);
    expect(run('merge', at('3.json'), at('1.json'), '--output', at('part.json')).stdout).toMatch(
      /^Stopped after 3 of 4 samples\. Figures cover samples 1 and 3 to 4\./,
    );
  });

  it.each([
    ['a shard twice', () => [at('1.json'), at('1.json')], /1\.json: covers samples that 1\.json has as well/],
    ['a report without shard', () => [at('whole.json')], /whole\.json: is no shard of a run/],
    ['a shard of another model', () => [at('1.json'), at('other.json')], /is of another model than/],
    ['a shard of another split', () => [at('1.json'), at('2of2.json')], /is a shard of 2 over 4 samples, 1\.json one of 3/],
    ['no JSON', () => [at('m.csv')], /m\.csv: is no JSON/],
    ['a damaged shard', () => [at('damaged.json')], /damaged\.json: holds counts that cannot be read/],
  ] as const)('refuses %s', (_, files, message) => {
    if (message.source.includes('another model')) report('digits-int8', '--shard', '3/3', '--output', at('other.json'));
    if (message.source.includes('shard of 2')) report('digits-int8-miscalibrated', '--shard', '2/2', '--output', at('2of2.json'));
    const first = read('1.json');
    const counts = first.shard!.counts.slice(0, 400);
    writeFileSync(at('damaged.json'), JSON.stringify({ ...first, shard: { ...first.shard, counts } }));
    const refused = run('merge', ...files(), '--output', at('never.json'));
    expect(refused.status).toBe(3);
    expect(refused.lines).toEqual([expect.stringMatching(message)]);
  });
});

describe('gatescope report against a baseline', () => {
  it('says what is worse, and nothing where nothing is', () => {
    expect(report('digits-int8', '--output', at('good.json')).status).toBe(0);
    expect(report('digits-int8', '--baseline', at('good.json')).status).toBe(0);
    // Better than the baseline is as good.
    expect(report('digits-int8', '--baseline', at('whole.json')).status).toBe(0);
    const worse = report('digits-int8-miscalibrated', '--baseline', at('good.json'));
    expect(worse.status).toBe(1);
    expect(worse.lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^op 0 UNIDIRECTIONAL_SEQUENCE_LSTM .*: SQNR \d+\.\d dB, \d+\.\d dB in the baseline$/),
        expect.stringMatching(/^input features: \d+\.\d.% lost at the rails, 0.% in the baseline$/),
      ]),
    );
    const other = run('report', model('digits-int8'), '--input', join(SAMPLES, 'inputs/utterance-5.npy'), '--baseline', at('good.json')); // prettier-ignore
    expect(other.status).toBe(3);
    expect(other.lines[0]).toMatch(/good\.json: is over other data/);
  });

  it.each([['0/3'], ['4/3'], ['1/']])('refuses the share %s', (shard) => {
    expect(report('digits-int8', '--shard', shard).status).toBe(2);
  });

  it('refuses shares of a run whose states are carried over', () => {
    expect(report('digits-int8', '--shard', '1/2', '--state', 'carry').status).toBe(2);
  });

  it('writes tables that others read', () => {
    expect(report('digits-int8', '--shard', 'auto', '--output', at('r.md'), '--output', at('r.csv')).status).toBe(0);
    const lines = readFileSync(at('r.csv'), 'utf8').trimEnd().split('\n');
    const { inputs, layers } = read('good.json');
    const signals = [...inputs, ...layers].flatMap(({ signals: own }) => own);
    expect(lines.length).toBe(1 + signals.length);
    const [head, ...rows] = lines.map((line) => line.split(','));
    const column = head!.indexOf('accumulated_sqnr_db');
    expect(rows.map((cells) => cells[column])).toEqual(
      signals.map(({ accumulated }) => (accumulated === null ? '' : accumulated.exact ? 'exact' : String(accumulated.sqnrDb))),
    );
    const markdown = readFileSync(at('r.md'), 'utf8');
    expect(markdown).toContain(read('good.json').headline[0]);
    const tables = markdown.split('\n').filter((line) => line.startsWith('|'));
    expect(tables.every((line) => line.endsWith('|'))).toBe(true);
    expect(markdown).toMatch(/## lstm1\n/);
  });
});
