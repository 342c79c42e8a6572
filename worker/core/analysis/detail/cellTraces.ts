import type { SignalName } from '../../lstm/signals';
import type { AnalysedArray } from '../analysedArray';

/** Signals of a cell, or `out`: the output of another operator. */
export type DetailTrace = Partial<Record<SignalName | 'out', AnalysedArray>>;

/** Every signal of one LSTM cell (or the output of another operator) over one sample, on all paths: arrays of [steps, batch, size], row-major. */
export interface CellTraces {
  readonly steps: number;
  readonly batch: number;
  readonly float: DetailTrace | null;
  readonly quantized: DetailTrace | null;
  readonly local: DetailTrace | null;
}

/** Traces of the cells of one operator. */
export type OperatorTraces = readonly CellTraces[];

/** Traces that were asked for last, up to a number of bytes. One entry larger than that is not kept. */
export class TraceCache {
  /** Least recently used first. */
  private readonly entries = new Map<string, { readonly traces: OperatorTraces; readonly bytes: number }>();
  private bytes = 0;

  constructor(private readonly mostBytes: number) {}

  get(sample: number, position: number): OperatorTraces | null {
    const key = `${sample}/${position}`;
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.traces;
  }

  put(sample: number, position: number, traces: OperatorTraces): void {
    const key = `${sample}/${position}`;
    this.drop(key);
    const bytes = traces.reduce((sum, cell) => sum + bytesOf(cell), 0);
    if (bytes > this.mostBytes) return;
    this.entries.set(key, { traces, bytes });
    this.bytes += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.mostBytes) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.bytes -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
  }
}

function bytesOf({ float, quantized, local }: CellTraces): number {
  const arrays = [float, quantized, local].flatMap((trace) => (trace === null ? [] : Object.values(trace)));
  return arrays.reduce((sum, array) => sum + array.byteLength, 0);
}
