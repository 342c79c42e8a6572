import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunRequest } from '../../../worker/api';
import { POOL_THREAD } from '../../../worker/pool/threadApi';
import { Sessions } from '../../../worker/session';
import { describeShared } from '../../shared';
import { bundle, type Bundle } from '../worker/bundle';

const REQUEST: RunRequest = {
  runId: 'run',
  persona: 'tflite',
  state: 'reset',
  inputs: [],
  dataLabel: 'synthetic',
  floatModel: null,
  labels: null,
};

describeShared('reports of models that LiteRT has a part in', (shared) => {
  let program: Bundle;
  beforeAll(async () => {
    program = await bundle('worker/main.ts');
  });
  afterAll(() => program.remove());

  const report = (name: string, pool: ConstructorParameters<typeof Sessions>[0] = null) => {
    const sessions = new Sessions(pool);
    sessions.open('model', { name, bytes: new Uint8Array(readFileSync(join(shared, 'data/tflite', name))) });
    return sessions.run('model', REQUEST, () => undefined);
  };

  it('count and compare its operators like all others, and name them, however many threads share the run', async () => {
    const alone = await report('mlperf_kws_float_w8.tflite');
    expect(alone.foreign?.map(({ index, op, path, runtime }) => `${index} ${op} ${path} ${runtime}`)).toEqual(
      [0, 2, 4, 6, 8].map((index) => `${index} CONV_2D quantized LiteRT`),
    );
    const [first, , third] = alone.layers;
    expect(first?.signals[0]?.values).toBeGreaterThan(0);
    // The first layer sees the same input on both paths; later ones add to the error of those before.
    expect(first?.local?.sqnrDb).toBe(first?.accumulated?.sqnrDb);
    expect(third?.local?.sqnrDb).toBeGreaterThan(third?.accumulated?.sqnrDb ?? Infinity);
    let threads = 0;
    const spawn = () => (threads++, new Worker(program.program, { workerData: POOL_THREAD }));
    const shares = { spawn, jobs: 2, atOnce: true };
    expect(await report('mlperf_kws_float_w8.tflite', shares)).toEqual(alone);
    expect(threads).toBe(1);
  });

  it('say what nobody computes', async () => {
    const { foreign, headline, layers } = await report('audio_preprocessor_int8.tflite');
    expect(headline.join('\n')).toContain('Not computed: 22 ops of 22. Op 0 SignalWindow: it is a custom operator');
    expect(foreign?.[1]).toMatchObject({
      index: 1,
      runtime: null,
      reason: 'needs signal_window, which op 0 SignalWindow would compute',
    });
    expect(layers.every(({ signals }) => signals.length === 0)).toBe(true);
  });
});
