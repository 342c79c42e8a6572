import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunProgress, RunRequest } from '../../../worker/api';
import { writeNpy } from '../../../worker/core/data/npy';
import type { NamedBytes } from '../../../worker/core/formats/namedBytes';
import type { Report } from '../../../worker/core/report/report';
import { POOL_THREAD } from '../../../worker/pool/threadApi';
import type { PoolOptions } from '../../../worker/pool/threadPool';
import { describeError } from '../../../worker/reply';
import { Sessions } from '../../../worker/session';
import { describeShared } from '../../shared';
import { bundle, SAMPLES, type Bundle } from './bundle';
import { file, sampleRun } from './workerThread';

let program: Bundle;
beforeAll(async () => {
  program = await bundle('worker/main.ts');
});
afterAll(() => program.remove());

const MODEL = file(join(SAMPLES, 'digits-int8-miscalibrated.tflite'));
let threads = 0;

/** Threads that are called as soon as the run has begun. */
function pool(jobs: number, spawn = (): Worker => new Worker(program.program, { workerData: POOL_THREAD })): PoolOptions {
  return { jobs, atOnce: true, spawn: () => (threads++, spawn()) };
}

async function run(
  options: PoolOptions | null,
  request: RunRequest,
  onProgress: (progress: RunProgress, sessions: Sessions) => void = () => undefined,
  model = MODEL,
): Promise<Report> {
  const sessions = new Sessions(options);
  sessions.open('s', model);
  threads = 0;
  return sessions.run('s', request, (progress) => onProgress(progress, sessions));
}

/** The sample's utterances over and over. */
function longRun(runId: string, samples: number, fields: Partial<RunRequest> = {}): RunRequest {
  const { inputs } = sampleRun(runId);
  const repeated = Array.from({ length: samples }, (_, k) => ({ ...inputs[k % inputs.length]!, name: `${k}.npy` }));
  return sampleRun(runId, { inputs: repeated, labels: null, ...fields });
}

describe('a run over several threads', () => {
  it.each([2, 3])('gives the report of one thread with %i, to the last bit', async (jobs) => {
    const shared = await run(pool(jobs), sampleRun('shared'));
    expect(threads).toBe(jobs - 1);
    expect(shared).toEqual(await run(null, sampleRun('alone')));
    expect(shared.task).toMatchObject({ floatRight: 8, quantizedRight: 3 });
    expect(shared.layers[0]!.lstm!.costSteps).toBe(555);
  });

  it('starts no more threads than it has samples left, and none when states are carried on', async () => {
    const { inputs } = sampleRun('');
    await run(pool(16), sampleRun('few', { inputs: inputs.slice(0, 3) }));
    expect(threads).toBeLessThanOrEqual(2);
    await run(pool(2), sampleRun('carried', { state: 'carry' }));
    expect(threads).toBe(0);
    await run({ ...pool(2), mostBytes: 1e6 }, sampleRun('small machine'));
    expect(threads).toBe(0);
  });

  it('stops at a cancel, and says which samples the report covers', async () => {
    const { complete, requestedSamples, samples, perSample, headline, layers } = await run(
      pool(3),
      longRun('long', 2000),
      ({ done }, sessions) => done > 20 && sessions.cancel('long'),
    );
    expect(threads).toBe(2);
    expect({ complete, requestedSamples }).toEqual({ complete: false, requestedSamples: 2000 });
    expect(samples).toBeGreaterThan(20);
    expect(samples).toBeLessThan(2000);
    expect(headline[0]).toMatch(new RegExp(`^Stopped after ${samples} of 2,000 samples\\. Figures cover `));
    expect(perSample.map(({ name }) => name)).toEqual(perSample.map(({ index }) => String(index)));
    const indices = perSample.map(({ index }) => index);
    expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
    const steps = perSample.reduce((sum, sample) => sum + sample.steps, 0);
    expect(layers.at(-1)!.accumulated!.values).toBe(steps * 11);
  });

  it('stops at a cancel while a thread does not answer', async () => {
    const deaf = () => new Worker('for (;;);', { eval: true, execArgv: [] });
    const { complete, samples } = await run(pool(2, deaf), longRun('deaf', 400), ({ done }, sessions) => {
      if (done > 20 && threads > 0) sessions.cancel('deaf');
    });
    expect({ complete, threads }).toEqual({ complete: false, threads: 1 });
    expect(samples).toBeGreaterThan(20);
  });

  it.each([
    ['ends', 'process.exit(7)', 'A thread that shared the run ended with code 7.'],
    ['fails', 'throw new Error("boom")', 'A thread that shared the run failed: boom'],
  ])('ends with an error when a thread %s', async (_, source, message) => {
    const dying = () => new Worker(source, { eval: true, execArgv: [], stderr: true });
    const error: unknown = await run(pool(2, dying), longRun('dying', 400)).catch((reason: unknown) => reason);
    expect(describeError(error)).toEqual({
      kind: 'internal',
      code: 'THREAD_LOST',
      message,
      file: null,
      byteOffset: null,
      limit: null,
    });
  });

  it('ends with an error when a thread runs out of memory', async () => {
    const greedy = () =>
      new Worker('const all = []; for (;;) all.push(new Array(1e5).fill(all.length));', {
        eval: true,
        execArgv: [],
        stderr: true,
        resourceLimits: { maxOldGenerationSizeMb: 16 },
      });
    await expect(run(pool(2, greedy), longRun('greedy', 400))).rejects.toThrow(/ran out of memory/);
  });

  it('names the sample that does not fit, with what is wrong with it', async () => {
    const wrong = writeNpy({ dtype: 'float32', shape: [1, 5, 7], data: new Float32Array(35) });
    const request = longRun('wrong', 60);
    const inputs = request.inputs.map((input, index) => (index === 31 || index === 40 ? { ...input, bytes: wrong } : input));
    const error: unknown = await run(pool(3), { ...request, inputs }).catch((reason: unknown) => reason);
    expect(describeError(error)).toMatchObject({ kind: 'data', code: 'INPUT_SHAPE' });
    expect(describeError(error).message).toMatch(/^Sample 31: .*\[1, 5, 7\]/);
  });
});

describeShared('a run over real digits on several threads', (shared) => {
  const tflite = (name: string): NamedBytes => file(join(shared, 'data/tflite', `${name}.tflite`));

  it('gives the report of one thread, answers and costs included', async () => {
    const count = 400;
    const images = gunzipSync(readFileSync(join(shared, 'data/mnist/t10k-images-idx3-ubyte.gz'))).subarray(16);
    const digits = gunzipSync(readFileSync(join(shared, 'data/mnist/t10k-labels-idx1-ubyte.gz'))).subarray(8);
    const data = Float32Array.from(images.subarray(0, count * 784), (pixel) => pixel / 255);
    const labels = { decode: 'classification', unit: 'digits', labels: [...digits.subarray(0, count)] };
    const request = sampleRun('digits', {
      inputs: [{ name: 't10k.npy', bytes: writeNpy({ dtype: 'float32', shape: [count, 1, 28, 28], data }) }],
      floatModel: tflite('mnist_lstm_float'),
      labels: { name: 'labels.json', bytes: new TextEncoder().encode(JSON.stringify(labels)) },
    });
    const model = tflite('mnist_lstm_int8');
    const onTwo = await run(pool(2), request, undefined, model);
    expect(threads).toBe(1);
    expect(onTwo).toEqual(await run(null, request, undefined, model));
    expect(onTwo.perSample.length).toBe(count);
    expect(onTwo.perSample[7]!.expected).toBe(String(digits[7]));
    expect(onTwo.layers[0]!.lstm!.costs?.length).toBe(8);
  });
});
