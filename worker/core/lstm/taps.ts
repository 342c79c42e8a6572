import type { SignalArray, SignalName, SignalTrace } from './signals';

/** Where a runner keeps a signal of the row it is working on. */
export interface SignalSource {
  readonly name: SignalName;
  /** [size], overwritten row after row. */
  readonly row: SignalArray;
}

/** One signal on its way into a caller's array. */
interface Tap {
  readonly row: SignalArray;
  readonly target: SignalArray;
}

/**
 * The signals that a trace asks for. One copy per signal and row is all that probing costs.
 * @throws RangeError when an array of the trace is too short for `rows` rows
 */
export function openTaps(sources: readonly SignalSource[], trace: SignalTrace | undefined, rows: number): readonly Tap[] {
  const taps: Tap[] = [];
  if (trace === undefined) return taps;
  for (const { name, row } of sources) {
    const target = trace[name];
    if (target === undefined) continue;
    if (target.length < rows * row.length) {
      throw new RangeError(`The trace of ${name} holds ${target.length} values; ${rows} rows of ${row.length} are needed.`);
    }
    taps.push({ row, target });
  }
  return taps;
}

/** Copies every tapped signal of one row; `index` counts rows, step by step. */
export function copyTaps(taps: readonly Tap[], index: number): void {
  for (const { row, target } of taps) target.set(row, index * row.length);
}
