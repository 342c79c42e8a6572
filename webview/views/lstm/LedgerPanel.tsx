import { ledgerFilter } from '../../../worker/core/report/ledgerFilter';
import type { LossCause, Report } from '../../../worker/core/report/report';
import { LedgerTable } from '../../figures/LedgerTable';
import { Panel } from '../../ui/Panel';
import { Term } from '../../ui/Term';
import type { ValuePick } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import type { CellProps } from './cellProps';
import { partOf, selectionOf } from './parts';
import { stageOf } from './stages';

/** Where values are lost, cause by part, and what each part costs. */
export function LedgerPanel({ lstm, layer, selection, report }: CellProps & { readonly report: Report }) {
  const inspector = useInspector();
  if (!layer.lstm) return null;
  const stage = stageOf(lstm, selection);
  const selected = {
    part: stage ? partOf(stage) : ('W' as const),
    cause: stage ? causeOf(layer.lstm.ledger, stage) : ('weight-rails' as const),
  };
  return (
    <Panel
      title={
        <>
          What is lost, and what it <Term of="cost">costs</Term>
        </>
      }
      detail="share of values, count below 0.1 %"
      end={<span class="caption">{plural(report.samples, 'sample')}</span>}
      class="ledger-panel"
      testId="panel-ledger"
      copies
    >
      <div class="ledger-scroller">
        <LedgerTable
          lstm={layer.lstm}
          selected={selected}
          onSelect={(part, signal, cause) => {
            inspector.view({ signal: signal ?? selectionOf(lstm, part), pick: signal && cause ? pickOf(cause) : null });
          }}
        />
      </div>
    </Panel>
  );
}

/** The values that a row counts; null where values alone do not tell. */
function pickOf(cause: LossCause): ValuePick | null {
  const kind = ledgerFilter(cause)?.kind;
  return kind === undefined || kind === 'range' ? null : { kind };
}

/** The row of the ledger that counts a signal's losses. */
function causeOf(ledger: NonNullable<CellProps['layer']['lstm']>['ledger'], signal: string): LossCause | null {
  return ledger.find(({ entries }) => entries.some((entry) => entry.signal === signal))?.cause ?? null;
}
