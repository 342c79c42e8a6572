/** How busy a page's main thread was between two marks. */
export interface Busy {
  readonly tasks: number;
  /** By the thread's own processor time, which other work on the machine does not lengthen, and by the clock. */
  readonly longestMs: number;
  readonly longestWallMs: number;
  /** Tasks of more than 50 ms of processor time, each of which keeps at least two frames from being drawn; and by the clock. */
  readonly long: number;
  readonly longWall: number;
  /** Share of the time, 0..1. */
  readonly busy: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

const LONG_US = 50_000;

/** @param trace JSON of the browser's tracing with the marks `gesture-begins` and `gesture-ends` on the page's thread */
export function busyTasks(trace: string): Busy {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  const marked = (name: string): TraceEvent => {
    const event = traceEvents.find((one) => one.name === name);
    if (event === undefined) throw new Error(`The trace has no mark ${name}.`);
    return event;
  };
  const [begin, end] = [marked('gesture-begins'), marked('gesture-ends')];
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid, ts }) =>
      name === 'RunTask' && ph === 'X' && pid === begin.pid && tid === begin.tid && ts >= begin.ts && ts < end.ts,
  );
  const wall = tasks.map(({ dur = 0 }) => dur);
  const own = tasks.map(({ tdur, dur = 0 }) => tdur ?? dur);
  const longest = (list: readonly number[]): number => list.reduce((most, one) => Math.max(most, one), 0) / 1000;
  const long = (list: readonly number[]): number => list.filter((one) => one > LONG_US).length;
  return {
    tasks: tasks.length,
    longestMs: longest(own),
    longestWallMs: longest(wall),
    long: long(own),
    longWall: long(wall),
    busy: own.reduce((sum, one) => sum + one, 0) / (end.ts - begin.ts),
  };
}
