import { wrap, type Remote } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import { build } from 'esbuild';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RunRequest, WorkerApi } from '../../../worker/api';
import type { NamedBytes } from '../../../worker/core/formats/namedBytes';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
export const SAMPLES = join(REPOSITORY, 'samples');

export interface StartedWorker {
  readonly api: Remote<WorkerApi>;
  stop(): Promise<void>;
}

/** Bundles the worker as the extension ships it and starts it in a thread of its own. */
export async function startWorker(): Promise<StartedWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'gatescope-worker-'));
  const outfile = join(folder, 'worker.js');
  await build({
    entryPoints: [join(REPOSITORY, 'worker/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { GATESCOPE_VERSION: '"test"' },
    logLevel: 'error',
  });
  const worker = new Worker(outfile);
  return {
    api: wrap<WorkerApi>(nodeEndpoint(worker)),
    stop: async () => {
      await worker.terminate();
      rmSync(folder, { recursive: true });
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
