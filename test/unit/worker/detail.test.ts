import { proxy } from 'comlink';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Reply } from '../../../worker/api';
import type { SignalDetail, SignalDetailRequest } from '../../../worker/core/report/detail';
import { SAMPLES } from './bundle';
import { file, sampleRun, startWorker, type StartedWorker } from './workerThread';

let worker: StartedWorker;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const REQUEST: SignalDetailRequest = {
  op: 0,
  signal: 'c',
  samples: [1],
  steps: null,
  units: null,
  filter: null,
  series: { mostPoints: 100 },
};

function value(reply: Reply<SignalDetail>): SignalDetail {
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  return reply.value;
}

it('the worker answers details with typed arrays, during a run too, and refusals with a code', async () => {
  const { api } = worker;
  await api.open('model', file(join(SAMPLES, 'digits-int8.tflite')));
  expect(await api.signalDetail('model', 'a', REQUEST)).toMatchObject({ ok: false, error: { kind: 'request', code: 'NO_RUN' } });
  expect(await api.prepareDetail('model', sampleRun('kept'))).toEqual({ ok: true, value: null });
  const before = value(await api.signalDetail('model', 'a', REQUEST));
  expect(before.series!.rmse).toBeInstanceOf(Float64Array);
  let during: Promise<Reply<SignalDetail>> | null = null;
  const running = api.run('model', sampleRun('run'), proxy(() => void (during ??= api.signalDetail('model', 'b', REQUEST)))); // prettier-ignore
  expect((await running).ok).toBe(true);
  expect(value(await during!)).toEqual(before);
  expect(value(await api.signalDetail('model', 'c', REQUEST))).toEqual(before);
});
