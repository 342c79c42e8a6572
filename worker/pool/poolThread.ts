import { transfer, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import type { Worker } from 'node:worker_threads';
import type { Reply } from '../api';
import { HelperLost } from '../core/analysis/crew';
import type { Sample } from '../core/data/sample';
import { ReplyFailure } from '../reply';
import type { ThreadApi } from './threadApi';

/** How long a thread that is told to stop has for its last answer. */
const LAST_ANSWER_MS = 120;

/** What a thread is asked to do with its share of the samples. */
export interface ThreadWork<P> {
  prepare(api: ThreadApi): Promise<Reply<null>>;
  take(api: ThreadApi, first: number, samples: readonly Sample[]): Promise<Reply<P | null>>;
}

/** One thread that takes a share of a run. Every call is raced against its end: comlink alone would wait for ever. */
export class PoolThread<P> {
  private readonly api: ThreadApi;
  private readonly lost: Promise<never>;
  private readonly ready: Promise<unknown>;
  private isReady = false;
  /** Answers what is asked when the thread is ended from here. */
  private readonly ended: Promise<null>;
  private tellEnd: () => void = () => undefined;

  constructor(
    private readonly worker: Worker,
    private readonly work: ThreadWork<P>,
  ) {
    // Every method already answers with a promise, so the remote has the same type.
    this.api = wrap(nodeEndpoint(worker)) as unknown as ThreadApi;
    this.lost = new Promise((_, reject) => {
      worker.on('error', (error: NodeJS.ErrnoException) => reject(new HelperLost(whyLost(error))));
      worker.on('messageerror', (error) => reject(new HelperLost(whyLost(error))));
      worker.on('exit', (code) => reject(new HelperLost(`A thread that shared the run ended with code ${code}.`)));
    });
    this.ended = new Promise((resolve) => (this.tellEnd = () => resolve(null)));
    this.ready = this.answer(work.prepare(this.api)).then(() => (this.isReady = true));
    // Who compares is told; nobody may ever do.
    this.lost.catch(() => undefined);
    this.ready.catch(() => undefined);
  }

  /**
   * @param take hands over the samples, whose arrays are given away; called when the thread is ready for them
   * @returns null when the thread was ended from here
   * @throws HelperLost, ReplyFailure
   */
  share(first: number, take: () => readonly Sample[]): Promise<P | null> {
    return Promise.race([this.shareWhenReady(first, take), this.ended]);
  }

  /** The run is cancelled: what is done may still be told. */
  cancel(): void {
    if (this.isReady) setTimeout(() => this.end(), LAST_ANSWER_MS).unref();
    else this.end();
  }

  end(): void {
    this.tellEnd();
    void this.worker.terminate();
  }

  private async shareWhenReady(first: number, take: () => readonly Sample[]): Promise<P | null> {
    await this.ready;
    const samples = take();
    const buffers = samples.flatMap(({ inputs }) => inputs.map(({ data }) => data.buffer as ArrayBuffer));
    return this.answer(this.work.take(this.api, first, transfer([...samples], buffers)));
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
