import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { proxy } from 'comlink';
import { ModelStudies } from '../../../extension/modelStudies';
import type { StudyChoice, StudyShare } from '../../../extension/protocol/messages';
import { SAMPLES } from '../worker/bundle';
import { file, sampleRun, startWorker, type StartedWorker } from '../worker/workerThread';
import { memoryFiles } from './memoryFiles';

let worker: StartedWorker;
let studies: ModelStudies;
const MODEL = join(SAMPLES, 'digits-int8-miscalibrated.tflite');
const CHOICE: StudyChoice = { id: 'study', dataId: 'inputs', persona: 'tflite', state: 'reset' };

beforeAll(async () => {
  worker = await startWorker();
  await worker.api.open('model', file(MODEL));
  const files = memoryFiles({});
  studies = new ModelStudies({
    files: {
      ...files,
      name: () => 'digits-int8.tflite',
      read: () => Promise.resolve(Uint8Array.from(file(join(SAMPLES, 'digits-int8.tflite')).bytes)),
    },
    session: () => 'model',
    call: async (ask) => {
      const reply = await ask(worker.api);
      if (!reply.ok) throw new Error(reply.error.message);
      return reply.value;
    },
    request: ({ id, persona, state }) => Promise.resolve({ ...sampleRun(id), persona, state }),
  });
});
afterAll(() => worker.stop());

describe('studies of a model, in the worker', () => {
  it('blame ranks what costs accuracy and tells how far it is', async () => {
    const shares: StudyShare[] = [];
    const report = await studies.blame({ ...CHOICE, kinds: ['tensor', 'layer'] }, (share) => shares.push(share));
    expect(report).toMatchObject({ schema: 'gatescope.blame/1', generator: 'GateScope test', samples: 8, complete: true });
    expect(report.subjects[0]).toMatchObject({ id: expect.stringMatching(/^tensor /) as unknown, tensorName: 'features' });
    expect(shares[0]).toMatchObject({ done: 0, total: 8, share: 0 });
    expect(shares.map(({ share }) => share)).toEqual([...shares.map(({ share }) => share)].sort((a, b) => a - b));
  });

  it('blame stops when it is cancelled, and covers the samples done', async () => {
    const report = await studies.blame({ ...CHOICE, id: 'stopped' }, () => void worker.api.cancel('stopped'));
    expect(report.complete).toBe(false);
    expect(report.samples).toBeLessThan(8);
  });

  it('compares with another model, and with itself under a switched quirk', async () => {
    const other = studies.addOther('file:///digits-int8.tflite');
    expect(studies.addOther('file:///digits-int8.tflite')).toEqual(other);
    expect(other.label).toBe('digits-int8.tflite');
    const models = await studies.compare({ ...CHOICE, other: other.id, personaB: 'tflite' }, () => undefined);
    expect(models).toMatchObject({ sameFile: false, run: { samples: 8, first: { sample: 0, layer: 0, step: 0 } } });
    const quirk = await studies.compare(
      { ...CHOICE, other: null, personaB: 'tflite', quirksB: { 'hidden-zero-point': false } },
      () => undefined,
    );
    expect(quirk).toMatchObject({ sameFile: true, causes: [{ quirk: 'hidden-zero-point', on: 'a' }] });
    await expect(studies.compare({ ...CHOICE, other: 'gone', personaB: 'tflite' }, () => undefined)).rejects.toThrow(
      /Choose it again/,
    );
  });

  it('answers as replies: a float model has nothing to blame', async () => {
    await worker.api.open('float', file(join(SAMPLES, 'digits-float.tflite')));
    const reply = await worker.api.blame(
      'float',
      sampleRun('float'),
      proxy(() => undefined),
    );
    expect(reply).toMatchObject({ ok: false, error: { kind: 'model', code: 'MODEL_IS_FLOAT', file: 'digits-float.tflite' } });
  });
});
