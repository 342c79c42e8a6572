/** Does work that pauses now and then without pausing. @throws Error where it has to wait for something */
export function atOnce<T>(work: Generator<void | Promise<unknown>, T>): T {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
    if (turn.value instanceof Promise) throw new Error('This work has to wait for something: it cannot be done at once.');
  }
}
