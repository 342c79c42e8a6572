import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SampleError } from '../../../worker/core/analysis/sampleError';
import { calibrate } from '../../../worker/core/calibration/calibrate';
import { CALIBRATED, prepareCalibration } from '../../../worker/core/calibration/calibrateSamples';
import { writeCalibration } from '../../../worker/core/calibration/calibrationJson';
import { readSamples } from '../../../worker/core/data/readSamples';
import type { SampleSource } from '../../../worker/core/data/sample';
import { readModel } from '../../../worker/core/formats/readModel';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { POOL_THREAD } from '../../../worker/pool/threadApi';
import { calibratingWork, ThreadPool } from '../../../worker/pool/threadPool';
import { bundle, SAMPLES, type Bundle } from '../worker/bundle';

let program: Bundle;
beforeAll(async () => {
  program = await bundle('worker/main.ts');
});
afterAll(() => program.remove());

const bytesOf = (name: string) => new Uint8Array(readFileSync(join(SAMPLES, name)));
const file = { name: 'digits-float.tflite', bytes: bytesOf('digits-float.tflite') };
const model = readModel(file);
const everything = readSamples([{ name: 'calibration.npz', bytes: bytesOf('calibration.npz') }], model.graphs[0]!);
/** The sample's utterances over and over. */
const samples: SampleSource = {
  ...everything,
  count: 120,
  names: Array.from({ length: 120 }, (_, index) => String(index)),
  get: (index) => ({ ...everything.get(index % everything.count), name: String(index) }),
};

async function calibration(source: SampleSource, jobs: number): Promise<{ readonly text: string; readonly threads: number }> {
  const runner = prepareGraph(model, 0, CALIBRATED);
  const prepared = prepareCalibration(runner, { model: file.name, state: 'reset', synthetic: false });
  let threads = 0;
  const spawn = () => (threads++, new Worker(program.program, { workerData: POOL_THREAD }));
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const pool = new ThreadPool(
    { spawn, jobs, atOnce: true },
    calibratingWork({ model: file, synthetic: false, cancelled }),
    source,
  );
  const yieldToOthers = () => new Promise<void>((resolve) => setImmediate(resolve));
  try {
    const { calibration: found } = await calibrate(prepared, source, 'reset', { yieldToOthers }, pool);
    return { text: writeCalibration(found), threads };
  } finally {
    pool.end();
  }
}

it('gives over several threads what it gives on one, to the last bit, moving averages too', async () => {
  const shared = await calibration(samples, 3);
  expect(shared.threads).toBe(2);
  expect(shared.text).toBe((await calibration(samples, 1)).text);
});

it('names the first sample that fails, whoever had it', async () => {
  const holes: SampleSource = {
    ...samples,
    get: (index) => {
      const sample = samples.get(index);
      if (index < 40) return sample;
      const [input] = sample.inputs;
      return { ...sample, inputs: [{ ...input!, data: Float32Array.from({ length: input!.data.length }, () => NaN) }] };
    },
  };
  const error: unknown = await calibration(holes, 3).catch((reason: unknown) => reason);
  expect((error as Error).message).toMatch(/^Sample 40: input features holds NaN at step 0, value 0/);
  expect(error instanceof SampleError || (error as Error).name === 'ReplyFailure').toBe(true);
});
