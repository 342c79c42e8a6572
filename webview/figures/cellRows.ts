import type { RecognisedInfo } from '../../worker/core/report/overview';
import type { CellError, CellReport, CellSignalReport } from '../../worker/core/report/report';
import { count, decibel, isCount, NOT_MEASURED, percent } from '../charts/format';
import { signalLabel } from './signalNames';

export const CELL_HEAD = ['signal, all steps', 'local, dB', 'accumulated, dB', 'worst step', 'at rails', 'lost'] as const;

/** The signals of an LSTM in small operators as texts, in the order of `CELL_HEAD`. */
export function cellRows({ signals }: CellReport): string[][] {
  return signals.map((signal) => [
    cellSignalLabel(signal.signal),
    sqnr(signal.local),
    sqnr(signal.accumulated),
    worstStepText(signal),
    ...(signal.values === 0
      ? [NOT_MEASURED, NOT_MEASURED]
      : [signal.atRails, signal.lostAtRails].map((number) => shareOf(number, signal.values))),
  ]);
}

export function cellSignalLabel(signal: CellSignalReport['signal']): string {
  return signal === 'sum' ? 'gates before activation' : signalLabel(signal);
}

/** Steps are counted from 1 where they are written out. */
function worstStepText({ accumulated, local }: CellSignalReport): string {
  const step = (accumulated ?? local)?.worstStep ?? null;
  return step === null ? NOT_MEASURED : count(step + 1);
}

/** SQNR of an error in a table, dB. */
export function sqnr(error: Pick<CellError, 'sqnrDb' | 'exact'> | null): string {
  return error === null ? NOT_MEASURED : decibel(error.sqnrDb, error.exact);
}

/** Some of so many values, as a share or, where that says nothing, as a count. */
export function shareOf(number: number, values: number): string {
  return number === 0 ? '0' : isCount(number, values) ? count(number) : percent(number / values);
}

/** The operator to look at for a signal: of the worst step, else the first that computes it; null where none does. */
export function worstOperator({ operators, accumulated, local }: CellSignalReport): number | null {
  const step = (accumulated ?? local)?.worstStep ?? null;
  return (step === null ? null : operators[step]?.[0]) ?? operators.flat()[0] ?? null;
}

/** What an operator computes of an LSTM in small operators: `forward_lstm, step 3: f after σ`; null where it is no such part. */
export function cellRole(recognised: readonly RecognisedInfo[], subgraph: number, operator: number): string | null {
  for (const { name, subgraph: own, signals = [] } of recognised) {
    if (own !== subgraph) continue;
    for (const { signal, operators } of signals) {
      const step = operators.findIndex((indices) => indices.includes(operator));
      if (step !== -1) return `${name}, step ${count(step + 1)}: ${cellSignalLabel(signal)}`;
    }
  }
  return null;
}
