/** Does work that pauses now and then without pausing. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}
