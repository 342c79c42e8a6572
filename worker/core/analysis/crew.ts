import type { SampleRange } from './compareSamples';
import type { ComparisonPart } from './comparisonPart';
import type { SampleChunk } from './sampleChunks';

/**
 * Compares samples (or does with them what else a run is for), here or elsewhere. When the run is cancelled on the way, the part
 * covers those that are done; null where there was no time to tell.
 * @throws SampleError, HelperLost
 */
export type Compare<P = ComparisonPart> = (range: SampleRange) => Promise<P | null>;

/** Other threads that can take a share of a run. */
export interface Helpers<P = ComparisonPart> {
  /** At most. */
  readonly count: number;
  /** How long to work alone before others are thought of: code is slow at first, so that nothing is known of the rest. */
  readonly afterMs: number;
  /** Work that it costs to start a helper and to make it as fast as this thread. */
  readonly costMs: number;
  /** Starts up to `most` helpers, each ready to compare. @throws HelperLost */
  start(most: number): Promise<readonly Compare<P>[]>;
  /** Ends all helpers at once; what they were asked for is answered with null. */
  end(): void;
}

/** A helper ended before it answered; `message` is for people. */
export class HelperLost extends Error {
  override readonly name = 'HelperLost';
}

export interface CrewOptions<P> {
  readonly chunks: readonly SampleChunk[];
  /** Null: all is done on this thread. */
  readonly helpers: Helpers<P> | null;
  readonly isCancelled: () => boolean;
  /** Told of every chunk that is done, as it comes. */
  readonly onPart: (chunk: SampleChunk, part: P) => void;
}

interface Failure {
  readonly chunk: number;
  readonly error: unknown;
}

/** A helper has its next chunk with it while it works on one, so that it need not wait for this thread. */
const CHUNKS_AT_HELPER = 2;

/** Hands a run's chunks to everybody who works on it, in order, and ends when all are back. */
export class Crew<P = ComparisonPart> {
  private readonly started = Date.now();
  /** What is left to do, the next one last. */
  private readonly chunks: SampleChunk[];
  private readonly samples: number;
  private readonly failures: Failure[] = [];
  private lost: HelperLost | null = null;
  private helping: Promise<unknown> | null = null;
  /** From where on the pace is measured. */
  private mark: { readonly elapsed: number; readonly samplesDone: number } | null = null;

  constructor(private readonly options: CrewOptions<P>) {
    this.chunks = [...options.chunks].reverse();
    this.samples = (options.chunks.at(-1)?.end ?? 0) - (options.chunks[0]?.first ?? 0);
  }

  /** A helper was lost, so that the run cannot end well. */
  get isLost(): boolean {
    return this.lost !== null;
  }

  /** Calls the helpers when what is left takes long enough for that; to be asked now and then. */
  grow(samplesDone: number): void {
    const { helpers, isCancelled } = this.options;
    if (helpers === null || helpers.count < 1 || this.helping !== null || this.chunks.length === 0 || isCancelled()) return;
    const elapsed = Date.now() - this.started;
    if (elapsed < helpers.afterMs / 2) return;
    this.mark ??= { elapsed, samplesDone };
    const perSample = (elapsed - this.mark.elapsed) / Math.max(1, samplesDone - this.mark.samplesDone);
    const left = perSample * (this.samples - samplesDone);
    // What n helpers save is their share of it: n parts of n + 1.
    const saved = (left * helpers.count) / (helpers.count + 1);
    if (elapsed < helpers.afterMs || saved < helpers.costMs) return;
    this.helping = this.help(helpers).catch((error: unknown) => this.fail(-1, error));
  }

  /**
   * Works on chunks here until there are none left, and waits for the helpers.
   * @throws HelperLost, or what the first chunk that failed threw
   */
  async work(compare: Compare<P>): Promise<void> {
    await this.workOn(compare);
    await this.helping;
    if (this.lost !== null) throw this.lost;
    const [first] = this.failures.sort((a, b) => a.chunk - b.chunk);
    if (first !== undefined) throw first.error;
  }

  private async help(helpers: Helpers<P>): Promise<void> {
    const compares = await helpers.start(Math.min(helpers.count, this.chunks.length));
    const turns = Array.from({ length: CHUNKS_AT_HELPER }, () => compares).flat();
    await Promise.all(turns.map((compare) => this.workOn(compare)));
  }

  private async workOn(compare: Compare<P>): Promise<void> {
    for (let chunk = this.next(); chunk !== undefined; chunk = this.next()) {
      try {
        const part = await compare(chunk);
        if (part !== null) this.options.onPart(chunk, part);
      } catch (error) {
        return this.fail(chunk.number, error);
      }
    }
  }

  private next(): SampleChunk | undefined {
    return this.options.isCancelled() ? undefined : this.chunks.pop();
  }

  /** Nothing new is begun. What was handed out before is waited for, since the first failure in order is the one to tell of. */
  private fail(chunk: number, error: unknown): void {
    this.chunks.length = 0;
    this.failures.push({ chunk, error });
    if (!(error instanceof HelperLost)) return;
    this.lost ??= error;
    this.options.helpers?.end();
  }
}
