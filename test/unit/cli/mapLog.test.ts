import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleCommandLine, runCommand, SAMPLES, type Finished } from './command';

let program = '';
beforeAll(async () => {
  program = await bundleCommandLine();
});

const folder = mkdtempSync(join(tmpdir(), 'gatescope-log-'));
const model = join(SAMPLES, 'digits-int8.tflite');
const map = (log: string, ...args: string[]): Promise<Finished> => {
  const path = join(folder, 'some.log');
  writeFileSync(path, log);
  return runCommand(program, ['map', model, '--log', path, ...args]);
};

const DELEGATE = 'INFO: Explicitly applied XNNPACK delegate, and the model graph will be completely executed by the delegate.\n';

describe('map --log', () => {
  it('marks where prediction and log differ', async () => {
    const { status, stdout, stderr } = await map(DELEGATE);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^digits-int8\.tflite against some\.log: TensorFlow Lite, XNNPACK$/m);
    expect(stdout).toMatch(/^xnnpack: 1 agree, 2 differ, 0 left open$/m);
    expect(stdout).toMatch(/^ {2}! {2}0 to 1 {2}UNIDIRECTIONAL_SEQUENCE_LSTM x2 {2}fallback {3}accelerator {8}predicted: /m);
    expect(stdout).toMatch(/^ {2}= {2}2 {7}FULLY_CONNECTED/m);
  });

  it('gives the same as JSON, for the target that is asked for', async () => {
    const { status, stdout } = await map(DELEGATE, '--json', '--target', 'xnnpack');
    const { log, targets } = JSON.parse(stdout) as {
      readonly log: readonly { readonly differ: number }[];
      readonly targets: object;
    };
    expect([status, log.map(({ differ }) => differ), Object.keys(targets)]).toEqual([0, [2], ['xnnpack']]);
  });

  it('refuses what is no log: what, where, limit', async () => {
    const damaged = await map(
      'Operator                       Count      Status\n\nADD                            x          Mapped to Edge TPU\n',
    );
    expect([damaged.status, damaged.stderr]).toEqual([
      3,
      `gatescope: ${join(folder, 'some.log')}, line 3: The count of ADD is "x". (limit: a whole number)\n`,
    ]);
    const unknown = await map('hello');
    expect(unknown.status).toBe(3);
    expect(unknown.stderr).toContain('some.log: This is no log of a known kind. (limit: edgetpu_compiler -s');
  });
});
