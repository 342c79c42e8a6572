import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openNpz, writeNpz } from '../../../worker/core/data/npz';
import { readNpy, writeNpy } from '../../../worker/core/data/npy';
import type { Value } from '../../../worker/core/run/value';
import { bundleCommandLine, runCommand, SAMPLES, type Finished } from './command';

let program = '';
beforeAll(async () => {
  program = await bundleCommandLine();
});

const gatescope = (...args: string[]): Promise<Finished> => runCommand(program, args);
const folder = mkdtempSync(join(tmpdir(), 'gatescope-run-'));
const temporary = (name: string) => join(folder, name);
const sample = (name: string) => join(SAMPLES, name);
const npz = (path: string) => {
  const arrays = openNpz(new Uint8Array(readFileSync(path)), path);
  return new Map(arrays.map((array) => [array.key ?? '', array.load()]));
};
const features = (name: string, shape: readonly number[]) => {
  const data = Float32Array.from({ length: shape.reduce((n, size) => n * size, 1) }, (_, i) => Math.sin(i));
  const path = temporary(name);
  writeFileSync(path, writeNpy({ dtype: 'float32', shape, data }));
  return path;
};

describe('run', () => {
  it('runs a folder and tells what came out', async () => {
    const { status, stdout, stderr } = await gatescope('run', sample('digits-int8.tflite'), '--input', sample('inputs'));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toMatch(/digits-int8\.tflite: int8 path, persona tflite$/);
    expect(stdout).toMatch(/8 samples, 555 steps, states reset before each/);
    expect(stdout).toMatch(/utterance-8 {5}96 {2}logits {2}int8 \[1, 96, 11\]/);
  });

  it('makes features of recordings, says which were guessed, and can be told', async () => {
    const output = temporary('speech.npz');
    const args = ['run', sample('digits-float.tflite'), '--norm', sample('norm.json'), '--output', output];
    const guessed = await gatescope(...args, '--input', sample('audio'));
    expect(guessed.status).toBe(0);
    expect(guessed.stderr).toMatch(/^audio: features guessed \(the input is \[1, \?, 120\]: .*\): log-mel,rate=8000,/);
    const [line = ''] = /log-mel,\S+/.exec(guessed.stderr) ?? [];
    const logits = npz(output);
    expect(logits.get('utterance-1')?.shape).toEqual([1, 77, 11]);
    const told = await gatescope(...args, '--input', sample('audio'), '--features', line);
    expect([told.status, npz(output)]).toEqual([0, logits]);
    const wrong = await gatescope(...args, '--input', sample('audio'), '--features', 'log-mel,bands=x');
    expect([wrong.status, wrong.stderr]).toEqual([
      3,
      'gatescope: features: bands is "x" (limit: a whole number from 1 to 1024)\n',
    ]);
  });

  it('writes samples of one shape as one array, in the output type', async () => {
    const input = features('many.npy', [3, 1, 4, 120]);
    const output = temporary('y.npy');
    const { status } = await gatescope('run', sample('digits-int8.tflite'), '--input', input, '--output', output);
    const y = readNpy(new Uint8Array(readFileSync(output)), 'y.npy');
    expect([status, y.dtype, y.shape]).toEqual([0, 'int8', [3, 1, 4, 11]]);
    const float = await gatescope('run', sample('digits-int8.tflite'), '--input', input, '--output', output, '--path', 'float');
    expect([float.status, readNpy(new Uint8Array(readFileSync(output)), 'y.npy').dtype]).toEqual([0, 'float32']);
  });

  it('keeps samples of different lengths apart in an npz, and refuses to stack them', async () => {
    const args = ['run', sample('digits-hybrid.tflite'), '--input', sample('inputs'), '--output'];
    expect((await gatescope(...args, temporary('y.npz'))).status).toBe(0);
    const outputs = npz(temporary('y.npz'));
    expect([...outputs.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `utterance-${n}`));
    expect(outputs.get('utterance-5')?.shape).toEqual([1, 43, 11]);
    const stacked = await gatescope(...args, temporary('stacked.npy'));
    expect(stacked.status).toBe(3);
    expect(stacked.stderr).toMatch(/outputs of shape \[1, 77, 11\] and \[1, 80, 11\] do not stack/);
    expect(readdirSync(folder)).not.toContain('stacked.npy');
  });

  it('traces every signal of every gate and the outputs of other operators', async () => {
    const input = features('trace-x.npy', [2, 1, 3, 120]);
    const args = ['run', sample('digits-int8.tflite'), '--input', input, '--trace', temporary('t.npz')];
    expect((await gatescope(...args)).status).toBe(0);
    const trace = npz(temporary('t.npz'));
    expect(trace.get('0/f_ln')).toMatchObject({ dtype: 'int16', shape: [2, 1, 3, 64] });
    expect(trace.get('1/h')).toMatchObject({ dtype: 'int8', shape: [2, 1, 3, 32] });
    expect(trace.get('2/out')).toMatchObject({ dtype: 'int8', shape: [2, 1, 3, 11] });
    expect([...trace.keys()].filter((name) => name.startsWith('0/')).sort()).toEqual(
      ['i', 'f', 'g', 'o'].flatMap((gate) => [`0/${gate}`, ...['x', 'xh', 'in', 'ln'].map((stage) => `0/${gate}_${stage}`)]).concat('0/c', '0/tanh_c', '0/m', '0/h').sort(), // prettier-ignore
    );
  });

  it('carries states over on request', async () => {
    const input = features('twice.npy', [2, 1, 3, 120]);
    const one = readNpy(new Uint8Array(readFileSync(input)), input);
    const both = one.data.slice(0, 360);
    writeFileSync(input, writeNpy({ ...one, data: Float32Array.of(...(both as Float32Array), ...(both as Float32Array)) }));
    const halves = async (state: string) => {
      await gatescope('run', sample('digits-int8.tflite'), '--input', input, '--output', temporary('s.npy'), '--state', state);
      const { data } = readNpy(new Uint8Array(readFileSync(temporary('s.npy'))), 's.npy');
      return [data.slice(0, 33), data.slice(33)];
    };
    const [first, second] = await halves('reset');
    expect(second).toEqual(first);
    const [carriedFirst, carriedSecond] = await halves('carry');
    expect(carriedFirst).toEqual(first);
    expect(carriedSecond).not.toEqual(first);
  });

  it('gives a summary for programs, and labels synthetic data', async () => {
    const { stdout } = await gatescope('run', sample('digits-float.tflite'), '--synthetic', '2', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'gatescope.run/1',
      path: 'float',
      synthetic: true,
      samples: [{ name: 'synthetic[0]', steps: 50, outputs: [{ name: 'logits', dtype: 'float32', shape: [1, 50, 11] }] }, {}],
    });
    const text = await gatescope('run', sample('digits-float.tflite'), '--synthetic', '1');
    expect(text.stdout).toMatch(/1 synthetic samples \(random: ranges only, not accuracy\)/);
  });
});

describe('exit status and messages', () => {
  const model = sample('digits-int8.tflite');

  it.each([
    [['run'], /missing required argument/],
    [['run', model], /give data with --input/],
    [['run', model, '--input', 'x', '--path', 'int4'], /Allowed choices are float, hybrid, int8/],
    [['run', model, '--input', 'x', '--output', 'y.txt'], /takes a .npy or .npz/],
    [['nonsense'], /unknown command/],
  ])('2 for wrong usage: %j', async (args, message) => {
    const { status, stderr, stdout } = await gatescope(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('3 in one line for files that cannot be used', async () => {
    writeFileSync(temporary('broken.tflite'), readFileSync(model).subarray(0, 4000));
    writeFileSync(temporary('cut.npy'), writeNpy({ dtype: 'int8', shape: [1, 1, 120], data: new Int8Array(120) }).slice(0, -1));
    const wide = features('wide.npy', [1, 2, 121]);
    const cases: [string[], RegExp][] = [
      [['run', temporary('none.tflite'), '--input', wide], /none\.tflite: there is no such file/],
      [['run', temporary('broken.tflite'), '--input', wide], /broken\.tflite, byte \d+: .*limit/],
      [['run', model, '--input', temporary('none.npy')], /none\.npy: there is no such file/],
      [
        ['run', model, '--input', temporary('cut.npy')],
        /cut\.npy, byte \d+: claims \[1, 1, 120\] int8, 120 bytes, but 119 follow/,
      ],
      [['run', model, '--input', wide], /wide: Input features takes \[1, -1, 120\]; the data is \[1, 2, 121\]/],
      [['run', model, '--input', wide, '--persona', 'tflm'], /op 0 UNIDIRECTIONAL_SEQUENCE_LSTM/],
      [
        ['run', sample('digits-float.tflite'), '--input', wide, '--path', 'int8'],
        /digits-float\.tflite: keeps no ranges, so data is needed/,
      ],
    ];
    for (const [args, message] of cases) {
      const { status, stderr } = await gatescope(...args);
      expect([args[1], status, stderr.trimEnd().split('\n').length]).toEqual([args[1], 3, 1]);
      expect(stderr).toMatch(message);
    }
  });

  it('0 for help and version', async () => {
    expect((await gatescope('--help')).stdout).toMatch(/Exit status: 0 fine/);
    expect((await gatescope('run', '--help')).stdout).toMatch(/--output y\.npy/);
    expect(await gatescope('--version')).toMatchObject({ status: 0, stdout: 'GateScope test\n' });
  });

  it('130 for Ctrl+C in the middle of one long sample, with nothing half written', async () => {
    const steps = 400_000;
    const data = new Float32Array(steps * 120);
    const values = new Map<string, Value>([['x', { dtype: 'float32', shape: [1, steps, 120], data }]]);
    writeFileSync(temporary('long.npz'), writeNpz(values));
    const before = readdirSync(folder).length;
    const args = ['run', sample('digits-float.tflite'), '--input', temporary('long.npz'), '--output', temporary('long.npy')];
    const { status } = await runCommand(program, args, (signal) => setTimeout(() => signal('SIGINT'), 1500));
    expect(status).toBe(130);
    expect(readdirSync(folder)).toHaveLength(before);
  });
});
