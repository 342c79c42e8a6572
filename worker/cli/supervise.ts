import { rename, rm, writeFile } from 'node:fs/promises';
import { Worker, type MessagePort } from 'node:worker_threads';

/** What the commands' thread asks the main thread to do: only the main thread writes files, so it knows what is half written. */
export interface WriteRequest {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Answered with null, or with the error. */
  readonly answer: MessagePort;
}

/** What the commands' thread cannot see for itself. */
export interface ThreadData {
  readonly isTerminal: boolean;
}

const STOP_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs the program's commands in a thread and does their writing. Ctrl+C ends the thread at once, whatever it computes,
 * removes what is half written, and exits with 130.
 */
export function supervise(program: string): void {
  const stop = new AbortController();
  const halfWritten = new Set<string>();
  const workerData: ThreadData = { isTerminal: process.stderr.isTTY };
  const thread = new Worker(program, { argv: process.argv.slice(2), workerData });

  thread.on('message', (request: WriteRequest) => {
    void writeBeside(request, halfWritten, stop.signal).then(
      () => request.answer.postMessage(null),
      (error: unknown) => request.answer.postMessage(error),
    );
  });
  thread.on('error', (error) => {
    process.stderr.write(`gatescope: this is a defect of the program, please report it\n${error.stack ?? error.message}\n`);
    process.exitCode = 4;
  });
  thread.on('exit', (status) => (process.exitCode ??= status));
  // A reader that has seen enough (such as head) closes the pipe: that is no failure.
  process.stdout.on('error', () => process.exit(0));

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
      void thread.terminate();
      void Promise.all([...halfWritten].map((path) => rm(path, { force: true }))).finally(() => process.exit(STOP_STATUS[signal])); // prettier-ignore
    });
  }
}

/** Writes a file beside its place and moves it there when it is whole. */
async function writeBeside({ path, bytes }: WriteRequest, halfWritten: Set<string>, signal: AbortSignal): Promise<void> {
  const beside = `${path}.${process.pid}.part`;
  signal.throwIfAborted();
  halfWritten.add(beside);
  try {
    await writeFile(beside, bytes, { signal });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error instanceof Error && 'path' in error ? Object.assign(error, { path }) : error;
  } finally {
    halfWritten.delete(beside);
  }
}
