import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../../worker/core/data/npy';
import { readModel } from '../../../worker/core/formats/readModel';
import { bundleCommandLine, runCommand, SAMPLES, type Finished } from './command';

let program = '';
beforeAll(async () => {
  program = await bundleCommandLine();
});

const gatescope = (...args: string[]): Promise<Finished> => runCommand(program, args);
const folder = mkdtempSync(join(tmpdir(), 'gatescope-quantize-'));
const temporary = (name: string) => join(folder, name);
const model = join(SAMPLES, 'digits-float.tflite');
const data = ['--calibration', join(SAMPLES, 'calibration.npz')];

describe('quantize', () => {
  it('writes an integer model and tells what was done', async () => {
    const output = temporary('q.tflite');
    const { status, stdout, stderr } = await gatescope('quantize', model, ...data, '--output', output);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^.*q\.tflite: int8\nranges of \d+ samples, [\d,]+ steps, states reset before each; observer min-max\n/,
    );
    expect(stdout).toMatch(/\d+ operators quantized, 0 kept float\n[\d,]+ bytes before, [\d,]+ after \(\d+\.\d\s%\)\n/);
    expect(stdout).toMatch(/ c +−?[\d.]+ to [\d.]+ +int16, scale /);
    const written = readModel({ name: 'q.tflite', bytes: new Uint8Array(readFileSync(output)) });
    const lstm = written.graphs[0]!.operators.find(({ name }) => name.endsWith('LSTM'))!;
    expect(written.graphs[0]!.tensors[lstm.inputs[1]!]?.dtype).toBe('int8');
    const record = written.metadata.find(({ name }) => name === 'gatescope.calibration')?.text ?? '{}';
    expect(JSON.parse(record)).toMatchObject({ source: 'data', state: 'reset' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('needs no second run for another observer', async () => {
    const saved = temporary('c.json');
    const args = ['quantize', model, '--output'];
    await gatescope(...args, temporary('first.tflite'), ...data, '--save-calibration', saved);
    await gatescope(...args, temporary('direct.tflite'), ...data, '--observer', 'percentile=99');
    const again = await gatescope(...args, temporary('again.tflite'), '--ranges', saved, '--observer', 'percentile=99');
    expect(again.status).toBe(0);
    expect(readFileSync(temporary('again.tflite')).equals(readFileSync(temporary('direct.tflite')))).toBe(true);
    expect(readFileSync(temporary('again.tflite')).equals(readFileSync(temporary('first.tflite')))).toBe(false);
  });

  it('labels random samples', async () => {
    const { status, stdout } = await gatescope(
      'quantize',
      model,
      '--synthetic',
      '3',
      '--output',
      temporary('r.tflite'),
      '--json',
    );
    const summary = JSON.parse(stdout) as { calibration: unknown; notes: { kind: string; text: string }[] };
    expect(status).toBe(0);
    expect(summary.calibration).toMatchObject({ samples: 3, synthetic: true });
    expect(summary.notes.find(({ kind }) => kind === 'calibration')?.text).toMatch(/^The samples are random/);
  });

  it('is what run --path int8 and --path hybrid do with a float file', async () => {
    const run = ['run', '--input', join(SAMPLES, 'inputs'), '--json'];
    const answers = (finished: Finished) => (JSON.parse(finished.stdout) as { samples: unknown }).samples;
    await gatescope('quantize', model, ...data, '--output', temporary('q.tflite'));
    await gatescope('quantize', model, '--scheme', 'hybrid', '--output', temporary('h.tflite'));
    const inMemory = await gatescope(...run, model, '--path', 'int8', ...data);
    expect(answers(inMemory)).toEqual(answers(await gatescope(...run, temporary('q.tflite'))));
    const hybrid = await gatescope(...run, model, '--path', 'hybrid');
    expect(answers(hybrid)).toEqual(answers(await gatescope(...run, temporary('h.tflite'))));
    expect(answers(hybrid)).not.toEqual(answers(inMemory));
  });

  it('says with exit status 3 what cannot be used, and writes nothing', async () => {
    const values = new Float32Array(2 * 120);
    values[125] = NaN;
    writeFileSync(temporary('holes.npy'), writeNpy({ dtype: 'float32', shape: [1, 2, 120], data: values }));
    writeFileSync(temporary('recipe.json'), '{"schema":"gatescope.recipe/1","tensors":{"nothing":{"observer":"mse"}}}');
    writeFileSync(temporary('other.json'), '{"schema":"gatescope.calibration/1","tensorCount":1}');
    const cases: [string[], RegExp][] = [
      [[model], /digits-float\.tflite: keeps no ranges, so data is needed to take them from: --calibration FILE/],
      [[join(SAMPLES, 'digits-int8.tflite'), ...data], /digits-int8\.tflite: The model is quantized already/],
      [[model, '--calibration', temporary('holes.npy')], /holes: input features holds NaN at step 1, value 5/],
      [[model, ...data, '--recipe', temporary('recipe.json')], /no tensor named "nothing"/],
      [
        [model, '--ranges', temporary('other.json')],
        /other\.json: is the calibration of another model: it has 1 tensors, the model \d+/,
      ],
    ];
    for (const [args, message] of cases) {
      const { status, stderr, stdout } = await gatescope('quantize', ...args, '--output', temporary('never.tflite'));
      expect([args.at(-1), status, stdout, stderr.trimEnd().split('\n').length]).toEqual([args.at(-1), 3, '', 1]);
      expect(stderr).toMatch(message);
    }
    expect(readdirSync(folder)).not.toContain('never.tflite');
  });

  it.each([
    [['--output', 'q.onnx'], /--output takes a \.tflite file/],
    [[], /required option '--output <file>' not specified/],
    [['--output', 'q.tflite', '--observer', 'largest'], /--observer takes min-max, percentile=P/],
    [['--output', 'q.tflite', '--synthetic', '4', ...data], /give one/],
    [['--output', 'q.tflite', '--synthetic', '0'], /takes a count/],
    [['--output', 'q.tflite', '--save-calibration', 'c.json'], /give --calibration FILE/],
  ])('2 for wrong usage: %j', async (args, message) => {
    const { status, stderr } = await gatescope('quantize', model, ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
