import type { LayerReport, SignalReport } from '../../worker/core/report/report';

/** What a figure says in one sentence: the part in front stands out, the rest follows. */
export interface Reading {
  readonly lead: string;
  readonly rest: string;
  /** Whether values were lost: then `lead` is red. */
  readonly lost: boolean;
}

/** Reading of one signal, with its layer for costs and neighbours. */
export function readSignal(_layer: LayerReport, signal: SignalReport): Reading {
  return { lead: signal.signal, rest: '', lost: false };
}

/** The reading as one plain string. */
export function plain(reading: Reading): string {
  return reading.rest === '' ? reading.lead : `${reading.lead} ${reading.rest}`;
}
