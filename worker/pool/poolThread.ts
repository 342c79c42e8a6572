import { transfer, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import type { Worker } from 'node:worker_threads';
import type { Reply } from '../api';
import type { ComparisonPart } from '../core/analysis/comparisonPart';
import { HelperLost } from '../core/analysis/crew';
import type { Sample } from '../core/data/sample';
import { ReplyFailure } from '../reply';
import type { ThreadApi, ThreadJob } from './threadApi';

/** One thread that takes a share of a run. Every call is raced against its end: comlink alone would wait for ever. */
export class PoolThread {
  private readonly api: ThreadApi;
  private readonly lost: Promise<never>;
  private readonly ready: Promise<unknown>;

  constructor(
    private readonly worker: Worker,
    job: ThreadJob,
  ) {
    // Every method already answers with a promise, so the remote has the same type.
    this.api = wrap(nodeEndpoint(worker)) as unknown as ThreadApi;
    this.lost = new Promise((_, reject) => {
      worker.on('error', (error: NodeJS.ErrnoException) => reject(new HelperLost(whyLost(error))));
      worker.on('messageerror', (error) => reject(new HelperLost(whyLost(error))));
      worker.on('exit', (code) => reject(new HelperLost(`A thread that shared the run ended with code ${code}.`)));
    });
    this.ready = this.answer(this.api.prepare(job));
    // Who compares is told; nobody may ever do.
    this.lost.catch(() => undefined);
    this.ready.catch(() => undefined);
  }

  /**
   * @param take hands over the samples, whose arrays are given away; called when the thread is ready for them
   * @throws HelperLost, ReplyFailure
   */
  async compare(first: number, take: () => readonly Sample[]): Promise<ComparisonPart> {
    await this.ready;
    const samples = take();
    const buffers = samples.flatMap(({ inputs }) => inputs.map(({ data }) => data.buffer as ArrayBuffer));
    return this.answer(this.api.compare(first, transfer([...samples], buffers)));
  }

  end(): void {
    void this.worker.terminate();
  }

  private async answer<T>(reply: Promise<Reply<T>>): Promise<T> {
    const settled = await Promise.race([reply, this.lost]);
    if (settled.ok) return settled.value;
    throw new ReplyFailure(settled.error);
  }
}

function whyLost(error: NodeJS.ErrnoException): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'A thread that shared the run ran out of memory. Fewer threads need less.'
    : `A thread that shared the run failed: ${error.message}`;
}
