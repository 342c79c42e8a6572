import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { cancelled, RequestError } from '../core/analysis/detail/requestError';
import { LAYOUT_LIMITS, type GraphLayout, type LayoutRequest } from '../core/graph/graphLayout';
import type { LayoutThreadApi } from './thread';

/** Memory that an idle thread holds is given back after so long. */
const IDLE_MS = 60_000;

/** Starts the bundle that lies beside this one. */
function spawnLayoutThread(): Worker {
  return new Worker(join(__dirname, 'layout.js'));
}

interface Running {
  readonly worker: Worker;
  readonly api: LayoutThreadApi;
}

interface Waiting {
  readonly fail: (error: Error) => void;
}

/**
 * Layouts on a thread of their own, one after the other: the library computes without a pause, for seconds where a graph is large, and
 * neither a run nor a question should wait for it. A cancel ends the thread.
 */
export class LayoutThread {
  private running: Running | null = null;
  private readonly waiting = new Map<string, Waiting>();
  /** The one that is computed. */
  private active: string | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | null = null;

  constructor(
    private readonly spawn: () => Worker = spawnLayoutThread,
    private readonly idleMs = IDLE_MS,
  ) {}

  /** @throws RequestError (`TOO_MUCH`, `CANCELLED`); Error where the library fails */
  async layout(id: string, request: LayoutRequest): Promise<GraphLayout> {
    const { boxes, lines } = request;
    if (boxes.length > LAYOUT_LIMITS.boxes || lines.length > LAYOUT_LIMITS.lines) {
      const message = `${boxes.length} boxes and ${lines.length} lines are too many for one picture.`;
      throw new RequestError('TOO_MUCH', message, `${LAYOUT_LIMITS.boxes} boxes, ${LAYOUT_LIMITS.lines} lines`);
    }
    if (this.idle !== null) clearTimeout(this.idle);
    const stopped = new Promise<never>((_, fail) => this.waiting.set(id, { fail }));
    stopped.catch(() => undefined);
    const turn = this.last.then(() => {
      if (!this.waiting.has(id)) throw cancelled();
      this.active = id;
      return Promise.race([this.start().api.layout(request), stopped]);
    });
    this.last = turn.catch(() => undefined);
    try {
      return await Promise.race([turn, stopped]);
    } finally {
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.rest();
    }
  }

  /** Nothing happens where nothing is under way with this id. */
  cancel(id: string): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.waiting.delete(id);
    waiting.fail(cancelled());
    if (this.active === id) this.end();
  }

  /** Ends the thread; what waits for it fails. */
  end(): void {
    void this.running?.worker.terminate();
    this.running = null;
  }

  private start(): Running {
    if (this.running !== null) return this.running;
    const worker = this.spawn();
    const running: Running = { worker, api: wrap(nodeEndpoint(worker)) as unknown as LayoutThreadApi };
    worker.on('error', (error: Error) => this.lost(running, `The layout failed: ${error.message}`));
    worker.on('exit', () => this.lost(running, 'The layout was stopped.'));
    this.running = running;
    return running;
  }

  private lost(running: Running, message: string): void {
    if (this.running !== running) return;
    this.running = null;
    for (const { fail } of this.waiting.values()) fail(new Error(message));
    this.waiting.clear();
  }

  private rest(): void {
    this.idle = setTimeout(() => {
      if (this.waiting.size === 0) this.end();
    }, this.idleMs);
    this.idle.unref();
  }
}
