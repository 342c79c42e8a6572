// The thread of ONNX Runtime: its interface is asynchronous, so that it lives where nobody waits, and is asked synchronously from
// another thread (see ortThread.ts).
import { parentPort, workerData } from 'node:worker_threads';
import type { OrtRequest, OrtThreadData } from './protocol';
import { OrtSessions } from './ortSessions';

const { port, answered, wasm, glue } = workerData as OrtThreadData;

/** Whoever waits must not wait for a thread that has ended. */
process.on('exit', () => {
  Atomics.store(answered, 0, -1);
  Atomics.notify(answered, 0);
});

const sessions = OrtSessions.load(wasm, glue);
let last: Promise<unknown> = sessions.then(
  () => parentPort?.postMessage(null),
  (error: unknown) => parentPort?.postMessage(String(error)),
);
port.on('message', (request: OrtRequest) => {
  last = last.then(async () => {
    const answer = await sessions.then(
      (loaded) => loaded.answer(request),
      (error: unknown) => ({ outputs: [], outputTypes: [], error: String(error), isWorn: true }),
    );
    port.postMessage(
      answer,
      answer.outputs.map(({ data }) => data.buffer as ArrayBuffer),
    );
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
});
