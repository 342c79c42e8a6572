import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import { parentPort } from 'node:worker_threads';
import { availableParallelism } from 'node:os';
import type { WorkerApi } from './api';
import { serveThread } from './pool/serveThread';
import { isPoolThread, spawnThread } from './pool/spawnThread';
import { replyTo } from './reply';
import { Sessions } from './session';

const sessions = new Sessions({ spawn: spawnThread, jobs: availableParallelism() });

const api: WorkerApi = {
  open: (session, file) => replyTo(() => sessions.open(session, file)),
  close: (session) => Promise.resolve(sessions.close(session)),
  run: (session, request, onProgress) =>
    replyTo(() =>
      sessions.run(session, request, (progress) => {
        // Over the thread's border this is a promise; a listener that fails must not end the worker, nor the run.
        void Promise.resolve(onProgress(progress)).catch(() => undefined);
      }),
    ),
  cancel: (runId) => Promise.resolve(sessions.cancel(runId)),
  exportReport: (report, format) => replyTo(() => sessions.exportReport(report, format)),
};

if (parentPort === null) throw new Error('This program runs as a worker thread.');
if (isPoolThread()) serveThread(parentPort);
else expose(api, nodeEndpoint(parentPort));
