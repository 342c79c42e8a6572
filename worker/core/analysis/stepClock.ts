/** Counts the steps that operators have taken, where their states run on from sample to sample. */
export class StepClock {
  private readonly passed = new Map<number, number>();

  /** Steps before these, of the operator at `position`. */
  take(position: number, steps: number): number {
    const before = this.passed.get(position) ?? 0;
    this.passed.set(position, before + steps);
    return before;
  }
}
