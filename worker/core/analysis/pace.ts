/** How a long job lives with others on its thread. */
export interface JobControl {
  isCancelled?(): boolean;
  /** Lets waiting events (a cancel among them) be handled; awaited every few milliseconds. */
  yieldToOthers?(): Promise<void>;
}

const YIELD_AFTER_MS = 8;

/** Keeps the time since others last had their turn. */
export class Pace {
  private lastYield = Date.now();

  constructor(private readonly control: JobControl) {}

  /** False once the job is cancelled. */
  async mayContinue(): Promise<boolean> {
    if (Date.now() - this.lastYield >= YIELD_AFTER_MS) {
      await this.control.yieldToOthers?.();
      this.lastYield = Date.now();
    }
    return this.control.isCancelled?.() !== true;
  }

  /** Does work that pauses now and then, and may wait for what it yields; null when it is cancelled on the way. */
  async finish<T>(work: Generator<void | Promise<unknown>, T>): Promise<T | null> {
    for (;;) {
      const turn = work.next();
      if (turn.done === true) return turn.value;
      if (turn.value instanceof Promise) await turn.value;
      // Most turns are shorter than waiting for an answer to nothing.
      if (Date.now() - this.lastYield < YIELD_AFTER_MS && this.control.isCancelled?.() !== true) continue;
      if (!(await this.mayContinue())) return null;
    }
  }
}
