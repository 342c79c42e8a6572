import type { StepResult } from './probedRun';

/** Counts the steps that LSTMs have taken, where their states run on from sample to sample. */
export class StepClock {
  private readonly passed = new Map<number, number>();

  /** Steps before these, of the operator at `position`. */
  take(position: number, step: StepResult | null): number {
    const before = this.passed.get(position) ?? 0;
    this.passed.set(position, before + (step?.probes[0]?.steps ?? 0));
    return before;
  }
}
