import { proxy } from 'comlink';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply, RunProgress } from '../../../worker/api';
import type { Report } from '../../../worker/core/report/report';
import { SAMPLES } from './bundle';
import { file, sampleRun, startWorker, type StartedWorker } from './workerThread';

let worker: StartedWorker;
beforeAll(async () => {
  worker = await startWorker();
});
afterAll(() => worker.stop());

const MODEL = join(SAMPLES, 'digits-int8.tflite');
const ignore = proxy(() => undefined);

function value<T>(reply: Reply<T>): T {
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  return reply.value;
}

/** Times and runs differ; all else of a report is a function of its inputs. */
async function run(id: string): Promise<Report> {
  return value<Report>(await worker.api.run('model', sampleRun(id), ignore));
}

describe('worker in a thread', () => {
  it('opens a model and says what is in it', async () => {
    const overview = value(await worker.api.open('model', file(MODEL)));
    expect(overview).toMatchObject({ fileName: 'digits-int8.tflite', scheme: 'int8' });
    expect(overview.lstms.map(({ name }) => name)).toEqual(['lstm0', 'lstm1']);
  });

  it('runs both paths and tells its progress', async () => {
    const seen: RunProgress[] = [];
    const reply = await worker.api.run(
      'model',
      sampleRun('first'),
      proxy((progress: RunProgress) => void seen.push(progress)),
    );
    const report = value(reply);
    expect(seen[0]).toMatchObject({ runId: 'first', done: 0, total: 8, sample: 'utterance-1', finished: [] });
    const told = seen.flatMap(({ finished }) => finished.map(({ name }) => name));
    expect(told).toEqual(report.perSample.slice(0, told.length).map(({ name }) => name));
    expect(seen.at(-1)?.done).toBeGreaterThanOrEqual(told.length);
    expect(report).toMatchObject({ schema: 'gatescope.report/1', generator: 'GateScope test', samples: 8, complete: true });
    expect(report.model.sha256).toBe(createHash('sha256').update(readFileSync(MODEL)).digest('hex'));
    expect(report.floatModel).toMatchObject({
      source: 'file',
      fileName: 'digits-float.tflite',
      matching: { by: 'name', matched: 3 },
    });
    expect(report.data).toMatchObject({ label: 'inputs', synthetic: false });
  });

  it('runs again with the same result, and as plain JSON', async () => {
    const [first, second] = [await run('a'), await run('b')];
    expect(second).toEqual(first);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    expect(JSON.parse(value(await worker.api.exportReport(first, 'json')))).toEqual(first);
    expect(value(await worker.api.exportReport(first, 'html'))).toMatch(/^<!doctype html>/i);
  });

  it('stops at a cancel, and the report covers what was done', async () => {
    const utterance = file(join(SAMPLES, 'inputs/utterance-1.npy'));
    const inputs = Array.from({ length: 400 }, (_, index) => ({ name: `${index}.npy`, bytes: utterance.bytes }));
    const request = sampleRun('long', { inputs, labels: null });
    const running = worker.api.run(
      'model',
      request,
      proxy(({ done }: RunProgress) => {
        if (done > 0) void worker.api.cancel('long');
      }),
    );
    const report = value(await running);
    expect(report.complete).toBe(false);
    expect(report.requestedSamples).toBe(400);
    expect(report.samples).toBeGreaterThan(0);
    expect(report.samples).toBeLessThan(400);
    expect(report.headline[0]).toMatch(new RegExp(`^Stopped after ${report.samples} of 400 samples\\. Figures cover `));
    expect(report.perSample.map(({ name }) => name)).toEqual(report.perSample.map(({ index }) => String(index)));
    expect(report.layers.at(-1)?.accumulated?.values).toBe(report.samples * 77 * 11);
  });

  it('finishes a run whose listener fails', async () => {
    const failing = proxy(() => {
      throw new Error('listener');
    });
    expect(value<Report>(await worker.api.run('model', sampleRun('deaf'), failing)).complete).toBe(true);
    expect((await run('after deaf')).samples).toBe(8);
  });

  it('draws synthetic data where there is none, and says so', async () => {
    const report = value(
      await worker.api.run('model', sampleRun('none', { inputs: [], labels: null, dataLabel: 'synthetic' }), ignore),
    );
    expect(report.data.synthetic).toBe(true);
    expect(report.headline[0]).toBe('Synthetic data: ranges only, not accuracy.');
    expect(report.task).toBeNull();
  });

  it('answers what is no model with kind, code and file, and keeps working', async () => {
    const reply = await worker.api.open('other', { name: 'broken.tflite', bytes: Uint8Array.of(1, 2, 3) });
    expect(reply).toMatchObject({ ok: false, error: { kind: 'model', file: 'broken.tflite' } });
    expect(reply.ok || reply.error.code).toMatch(/^[A-Z_]+$/);
    const partner = await worker.api.run(
      'model',
      sampleRun('p', { floatModel: { name: 'partner.tflite', bytes: new Uint8Array(64) } }),
      ignore,
    );
    expect(partner).toMatchObject({ ok: false, error: { kind: 'model', file: 'partner.tflite' } });
    expect((await run('after')).samples).toBe(8);
  });

  it('answers data that cannot be used with its file, and a sample that does not fit with its name', async () => {
    const good = file(join(SAMPLES, 'inputs/utterance-1.npy'));
    const cut = { name: 'cut.npy', bytes: good.bytes.slice(0, 200) };
    expect(await worker.api.run('model', sampleRun('cut', { inputs: [good, cut] }), ignore)).toMatchObject({
      ok: false,
      error: { kind: 'data', file: 'cut.npy' },
    });
    expect(
      await worker.api.run('model', sampleRun('labels', { labels: { name: 'labels.json', bytes: new Uint8Array(0) } }), ignore),
    ).toMatchObject({ ok: false, error: { kind: 'data', code: 'LABELS', file: 'labels.json' } });
  });

  it('answers a persona that refuses the model as unsupported, naming the operator', async () => {
    const reply = await worker.api.run('model', sampleRun('tflm', { persona: 'tflm' }), ignore);
    expect(reply).toMatchObject({ ok: false, error: { kind: 'unsupported', code: 'UNSUPPORTED_OPERATOR' } });
    expect(reply.ok || reply.error.message).toMatch(/op 0 UNIDIRECTIONAL_SEQUENCE_LSTM/);
  });

  it('knows a session only while it is open', async () => {
    await worker.api.open('closing', file(MODEL));
    await worker.api.close('closing');
    expect(await worker.api.run('closing', sampleRun('closed'), ignore)).toMatchObject({
      ok: false,
      error: { kind: 'internal' },
    });
  });
});
