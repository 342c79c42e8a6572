// The thread of ONNX Runtime: its interface is asynchronous, so that it lives where nobody waits, and is asked synchronously from
// another thread (see ortThread.ts).
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { OrtSessions } from './ortSessions';
import { type OrtRequest, type OrtThreadData, SIGNAL } from './protocol';

const { port, signals, wasm, glue } = workerData as OrtThreadData;

/** Whoever waits must not wait for a thread that has ended. */
process.on('exit', () => {
  Atomics.store(signals, SIGNAL.answered, -1);
  Atomics.notify(signals, SIGNAL.answered);
});

/** Sleeps until it is asked: to wait for messages as usual costs several times as much as a small operator. */
async function serve(sessions: OrtSessions): Promise<never> {
  for (let asked = 0; ; asked++) {
    // Also woken by the notice of a question that it had seen before.
    while (Atomics.load(signals, SIGNAL.asked) === asked) Atomics.wait(signals, SIGNAL.asked, asked);
    const received = receiveMessageOnPort(port) as { readonly message: OrtRequest } | undefined;
    if (received === undefined) throw new Error('A question was announced and did not come.');
    const answer = await sessions.answer(received.message);
    port.postMessage(
      answer,
      answer.outputs.map(({ data }) => data.buffer as ArrayBuffer),
    );
    Atomics.add(signals, SIGNAL.answered, 1);
    Atomics.notify(signals, SIGNAL.answered);
  }
}

OrtSessions.load(wasm, glue).then(
  (sessions) => {
    parentPort?.postMessage(null);
    return serve(sessions);
  },
  (error: unknown) => parentPort?.postMessage(String(error)),
);
