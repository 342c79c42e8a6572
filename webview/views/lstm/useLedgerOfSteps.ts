import { useEffect, useState } from 'preact/hooks';
import { isBidirectional } from '../../../worker/core/report/cellInfos';
import type { SignalName } from '../../../worker/core/lstm/signals';
import type { IndexRange, SignalDetailRequest, ValueFilter } from '../../../worker/core/report/detail';
import { ledgerFilter } from '../../../worker/core/report/ledgerFilter';
import type { LayerReport, LedgerEntry, LedgerRow, Report } from '../../../worker/core/report/report';
import { keyOfLstm } from '../../derived';
import { findSignal } from '../../figures/signalNames';
import { askSettled } from '../askSettled';
import { useInspector } from '../InspectorContext';
import type { CellProps } from './cellProps';
import { aboutOf, addressOf } from './stepChoices';

/** Counts of the ledger's cells, by cause and signal. */
type Counts = ReadonlyMap<string, { readonly count: number; readonly values: number }>;

interface Asked {
  readonly key: string;
  readonly request: SignalDetailRequest;
}

/** Requests follow the end of a drag, not each of its steps. */
const SETTLE_MS = 60;

/**
 * The ledger counted anew over some steps of some samples: its rows where values tell the cause. Null while nothing is selected, and
 * until the answer is there.
 */
export function useLedgerOfSteps(
  { lstm, layer, direction }: Pick<CellProps, 'lstm' | 'layer' | 'direction'>,
  report: Report,
  samples: readonly number[],
  steps: IndexRange | null,
): { readonly rows: readonly LedgerRow[] | null; readonly waiting: boolean } {
  const inspector = useInspector();
  const [answered, setAnswered] = useState<{ readonly about: string; readonly counts: Counts } | null>(null);
  const ledger = layer.lstm?.ledger ?? [];
  const asked = steps === null ? [] : ledger.flatMap((row) => questionsOf(row, { lstm, layer, direction }, samples, steps));
  const about = `${aboutOf(report, addressOf(keyOfLstm(lstm), isBidirectional(lstm), direction, 'h'))}|${JSON.stringify([samples, steps])}`;
  useEffect(() => {
    if (asked.length === 0) return undefined;
    return askSettled(
      SETTLE_MS,
      () => asked.map(({ request }) => inspector.detail('signalDetail', request)),
      (details) => {
        const counts = details.map(({ matches }, at) => [asked[at]?.key ?? '', matches ?? { count: 0, values: 0 }] as const);
        setAnswered({ about, counts: new Map(counts) });
      },
      // The figures of the whole run stay.
      () => undefined,
    );
    // `about` names everything that `asked` is made of.
  }, [inspector, about]);
  if (steps === null) return { rows: null, waiting: false };
  if (answered?.about !== about) return { rows: null, waiting: asked.length > 0 };
  return { rows: ledger.map((row) => recounted(row, answered.counts)), waiting: false };
}

const keyOf = (row: LedgerRow, signal: SignalName): string => `${row.cause} ${signal}`;

function questionsOf(
  row: LedgerRow,
  { lstm, layer, direction }: Pick<CellProps, 'lstm' | 'layer' | 'direction'>,
  samples: readonly number[],
  steps: IndexRange,
): Asked[] {
  const filter = ledgerFilter(row.cause);
  if (row.absent !== null || filter === null || samples.length === 0) return [];
  return row.entries.flatMap(({ signal, lost }) =>
    signal === null
      ? []
      : [
          {
            key: keyOf(row, signal),
            request: {
              ...addressOf(keyOfLstm(lstm), isBidirectional(lstm), direction, signal),
              samples,
              steps,
              units: null,
              filter: lost > 0 ? lostEnd(filter, layer, signal, direction) : filter,
              matches: true,
            },
          },
        ],
  );
}

/** Where values are lost at one of the rails only, the other one is not counted. */
function lostEnd(filter: ValueFilter, layer: LayerReport, signal: SignalName, direction: CellProps['direction']): ValueFilter {
  const lost = findSignal(layer, signal, direction)?.lostAtRails;
  if (filter.kind !== 'rails' || !lost) return filter;
  return lost.low === 0 ? { kind: 'rails', end: 'high' } : lost.high === 0 ? { kind: 'rails', end: 'low' } : filter;
}

/** What the values do not tell (weights, clips that have acted inside, overflows) has no figure for some steps. */
function recounted(row: LedgerRow, counts: Counts): LedgerRow {
  const entries = row.entries.flatMap((entry): LedgerEntry[] => {
    const counted = entry.signal === null ? undefined : counts.get(keyOf(row, entry.signal));
    return counted ? [{ ...entry, count: counted.count, lost: entry.lost > 0 ? counted.count : 0, values: counted.values }] : [];
  });
  return { ...row, entries };
}
