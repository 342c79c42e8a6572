import { proxy } from 'comlink';
import { randomUUID } from 'node:crypto';
import type { Reply, RunProgress, RunRequest, WorkerApi } from '../worker/api';
import type { Report } from '../worker/core/report/report';
import type { DataSet } from './dataDiscovery';
import { handedOver } from './handedOver';
import type { Progress, RunChoice, RunState } from './protocol/messages';
import { describeReply } from './workerReplyError';

export interface RunHost {
  readonly call: <T>(ask: (api: WorkerApi) => Promise<T>) => Promise<T>;
  readonly request: (run: RunPlan, signal: AbortSignal) => Promise<RunRequest>;
  /** Milliseconds from a cancel on, after which the worker is taken for hung. */
  readonly cancelMs: number;
  /** Ends the worker, whose calls then fail. */
  readonly kill: (why: string) => void;
  /** Opens the model again, in a new worker. */
  readonly reopen: () => Promise<void>;
  /** A number that changes when the model is opened again, and what a former run found is of no use. */
  readonly opening: () => number;
  readonly state: () => RunState;
  readonly progress: (run: RunState, news: Progress) => void;
  readonly ended: (run: RunState, outcome: { readonly report: Report | null; readonly session: string }) => void;
}

export interface RunPlan {
  readonly id: string;
  /** Name of the model in the worker. */
  readonly session: string;
  readonly set: DataSet;
  readonly choice: RunChoice;
}

interface ActiveRun extends RunPlan {
  readonly abort: AbortController;
  /** The worker has it; before, its data is being read. */
  sent: boolean;
  cancelTimer: NodeJS.Timeout | null;
  hung: boolean;
}

const NO_PROGRESS: Progress = { done: 0, total: 0, sample: '', finished: [] };

/** The run of one open model, of which there is one at a time: its start, its progress, its cancel and its end. */
export class ModelRun {
  private active: ActiveRun | null = null;
  private disposed = false;
  /** To be told when the run is over. */
  private waiting: (() => void)[] = [];

  constructor(private readonly host: RunHost) {}

  get isRunning(): boolean {
    return this.active !== null;
  }

  /** @returns what to show of it */
  start(session: string, set: DataSet, choice: RunChoice): RunState {
    const id = randomUUID();
    const run = { id, session, set, choice, abort: new AbortController(), sent: false, cancelTimer: null, hung: false };
    this.active = run;
    // Once the state that this returns is shown.
    queueMicrotask(() => void this.execute(run));
    return { status: 'running', progress: { ...NO_PROGRESS, total: set.files.length } };
  }

  /** The run ends with the report of the samples done. A worker that does not stop is replaced. */
  cancel(): void {
    const run = this.active;
    if (run === null || run.abort.signal.aborted) return;
    run.abort.abort();
    if (!run.sent) return this.finish(run, {});
    run.cancelTimer = setTimeout(() => {
      run.hung = true;
      this.host.kill('The run did not stop.');
    }, this.host.cancelMs);
  }

  /** Stops it, and waits for its end. */
  settle(): Promise<void> {
    if (this.active === null) return Promise.resolve();
    const settled = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.cancel();
    return settled;
  }

  dispose(): void {
    this.disposed = true;
    this.active?.abort.abort();
  }

  private async execute(run: ActiveRun): Promise<void> {
    const { host } = this;
    const opening = host.opening();
    const { signal } = run.abort;
    try {
      const request = await host.request(run, signal);
      if (signal.aborted) return;
      run.sent = true;
      const tell = proxy((progress: RunProgress) => this.progress(run, progress));
      const answer = host.call((api): Promise<Reply<Report>> => api.run(run.session, handedOver(request), tell));
      signal.addEventListener('abort', () => void host.call((api) => api.cancel(run.id)).catch(() => undefined));
      const reply = await answer;
      if (opening !== host.opening()) return this.finish(run, {});
      if (!reply.ok) return this.finish(run, { failed: describeReply(reply.error) });
      this.finish(run, { report: reply.value });
    } catch (error) {
      // A cancel while data was read has ended the run already.
      if (this.active !== run) return;
      const message = error instanceof Error ? error.message : String(error);
      const hung = 'The run did not stop when it was cancelled, so its worker was replaced.';
      this.finish(run, { failed: run.hung ? hung : message });
      if (run.hung && !this.disposed) await host.reopen();
    }
  }

  private progress(run: ActiveRun, { done, total, sample, finished }: RunProgress): void {
    if (this.active !== run || this.disposed) return;
    const before = this.host.state();
    const all = before.status === 'running' ? [...before.progress.finished, ...finished] : finished;
    const news = { done, total, sample, finished };
    this.host.progress({ status: 'running', progress: { ...news, finished: all } }, news);
  }

  private finish(run: ActiveRun, { report, failed }: { readonly report?: Report; readonly failed?: string }): void {
    if (run.cancelTimer !== null) clearTimeout(run.cancelTimer);
    if (this.active === run) this.active = null;
    const state: RunState = failed === undefined ? { status: 'idle' } : { status: 'failed', message: failed };
    this.host.ended(state, { report: report ?? null, session: run.session });
    this.waiting.splice(0).forEach((tell) => tell());
  }
}
