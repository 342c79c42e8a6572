import type { SampleSource } from '../data/sample';
import type { PartsInOrder } from './partsInOrder';

export interface ComparisonProgress {
  readonly done: number;
  readonly total: number;
  /** First sample that is not finished. */
  readonly sample: string;
  /** Samples finished since the last time, in order: one that others overtook is waited for. */
  readonly finished: readonly FinishedSample[];
}

export interface FinishedSample {
  readonly name: string;
  readonly steps: number;
  /** Of the main output. */
  readonly sqnrDb: number | null;
}

const TELL_AFTER_MS = 100;

/** Tells how far a run is, at most ten times a second. */
export class ProgressTeller {
  private last = 0;
  private told = 0;

  constructor(
    private readonly samples: Pick<SampleSource, 'count' | 'names'>,
    private readonly onProgress: ((progress: ComparisonProgress) => void) | null,
  ) {}

  tell({ samplesDone, inOrder }: Pick<PartsInOrder, 'samplesDone' | 'inOrder'>): void {
    if (this.onProgress === null || Date.now() - this.last < TELL_AFTER_MS) return;
    this.last = Date.now();
    const finished = inOrder.slice(this.told).map(({ name, steps, sqnrDb }) => ({ name, steps, sqnrDb }));
    this.told = inOrder.length;
    const current = Math.min(inOrder.length, this.samples.count - 1);
    this.onProgress({ done: samplesDone, total: this.samples.count, sample: this.samples.names[current] ?? '', finished });
  }
}
