import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import type { Worker } from 'node:worker_threads';
import type { WorkerApi } from '../worker/api';

/** The worker ended while (or before) a call was answered. `message` is for people. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

interface Running {
  readonly worker: Worker;
  readonly api: WorkerApi;
  /** Rejects the calls that wait for an answer: comlink alone would leave them pending for ever. */
  readonly pending: Set<(reason: WorkerDied) => void>;
  /** Why it ends: set by `kill`, or by the uncaught error that comes before `exit`. */
  cause: string | null;
}

/**
 * One worker thread behind comlink. It starts with the first call or `begin`; after a death the next call starts another one.
 * Every call is raced against the thread's exit.
 */
export class WorkerClient {
  private running: Running | null = null;

  constructor(
    private readonly spawn: () => Worker,
    /** Told of every death that `kill` did not ask for. */
    private readonly onDeath: (reason: WorkerDied) => void,
  ) {}

  /**
   * Calls the worker.
   * @throws WorkerDied when the thread ends before it answers, or when `limitMs` pass (then the thread is killed).
   */
  call<T>(invoke: (api: WorkerApi) => Promise<T>, limitMs?: number): Promise<T> {
    const running = (this.running ??= this.start());
    return new Promise<T>((resolve, reject) => {
      running.pending.add(reject);
      const timer =
        limitMs === undefined
          ? undefined
          : setTimeout(() => this.end(running, `The worker gave no answer within ${Math.round(limitMs / 1000)} s.`), limitMs);
      const settle = () => {
        clearTimeout(timer);
        running.pending.delete(reject);
      };
      invoke(running.api).then(
        (value) => {
          settle();
          resolve(value);
        },
        (error: unknown) => {
          settle();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  /** Starts the thread ahead of the first call, so that it is up when there is something to ask. */
  begin(): void {
    this.running ??= this.start();
  }

  /** Ends the thread at once, even inside an endless loop. Waiting calls are rejected with `message`. */
  kill(message: string): void {
    if (this.running !== null) this.end(this.running, message, false);
  }

  private start(): Running {
    const worker = this.spawn();
    // Every method of the interface already answers with a promise, so the remote has the same type; comlink's own type splits unions.
    const api = wrap(nodeEndpoint(worker)) as unknown as WorkerApi;
    const running: Running = { worker, api, pending: new Set(), cause: null };
    worker.on('error', (error: NodeJS.ErrnoException) => {
      running.cause ??=
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'The worker ran out of memory.' : `The worker failed: ${error.message}`;
    });
    worker.on('exit', (code) => this.end(running, running.cause ?? `The worker ended with code ${code}.`));
    return running;
  }

  private end(running: Running, message: string, tell = true): void {
    if (this.running !== running) return;
    this.running = null;
    void running.worker.terminate();
    const reason = new WorkerDied(message);
    for (const reject of running.pending) reject(reason);
    running.pending.clear();
    if (tell) this.onDeath(reason);
  }
}
