import { mergePart, type ComparedSample, type ComparisonPart } from './comparisonPart';

/** Parts that come in any order and are merged in that of their numbers, because the order decides how sums are rounded. */
export class PartsInOrder {
  private readonly waiting = new Map<number, ComparisonPart>();
  private next = 0;
  private done = 0;

  constructor(private readonly total: ComparisonPart) {}

  put(number: number, part: ComparisonPart): void {
    this.done += part.samples.length;
    this.waiting.set(number, part);
    for (let ready = this.waiting.get(this.next); ready !== undefined; ready = this.waiting.get(this.next)) {
      mergePart(this.total, ready);
      this.waiting.delete(this.next++);
    }
  }

  /** Merges what is left when parts are missing in between. */
  mergeRest(): void {
    for (const number of [...this.waiting.keys()].sort((a, b) => a - b)) mergePart(this.total, this.waiting.get(number)!);
    this.waiting.clear();
  }

  /** All that have arrived. */
  get samplesDone(): number {
    return this.done;
  }

  /** Samples of all parts up to the first that is missing. */
  get inOrder(): readonly ComparedSample[] {
    return this.total.samples;
  }
}
