import { wrap, type Remote } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RunRequest, WorkerApi } from '../../../worker/api';
import type { NamedBytes } from '../../../worker/core/formats/namedBytes';
import { bundle, SAMPLES } from './bundle';

export interface StartedWorker {
  readonly api: Remote<WorkerApi>;
  stop(): Promise<void>;
}

/** Starts the worker as it is shipped, in a thread of its own. */
export async function startWorker(): Promise<StartedWorker> {
  const bundled = await bundle('worker/main.ts');
  const worker = new Worker(bundled.program);
  return {
    api: wrap<WorkerApi>(nodeEndpoint(worker)),
    stop: async () => {
      await worker.terminate();
      bundled.remove();
    },
  };
}

export function file(path: string): NamedBytes {
  return { name: basename(path), bytes: new Uint8Array(readFileSync(path)) };
}

/** A run over the samples' eight utterances. */
export function sampleRun(runId: string, fields: Partial<RunRequest> = {}): RunRequest {
  const folder = join(SAMPLES, 'inputs');
  return {
    runId,
    persona: 'tflite',
    state: 'reset',
    inputs: readdirSync(folder)
      .filter((name) => name.endsWith('.npy'))
      .sort()
      .map((name) => file(join(folder, name))),
    dataLabel: 'inputs',
    floatModel: file(join(SAMPLES, 'digits-float.tflite')),
    labels: file(join(folder, 'labels.json')),
    ...fields,
  };
}
