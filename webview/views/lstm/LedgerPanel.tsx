import { ledgerFilter } from '../../../worker/core/report/ledgerFilter';
import type { LossCause, Report } from '../../../worker/core/report/report';
import { costsAbsent } from '../../figures/costsAbsent';
import { LedgerTable } from '../../figures/LedgerTable';
import { Panel } from '../../ui/Panel';
import { Term } from '../../ui/Term';
import { count } from '../../charts/format';
import type { Span, ValuePick, ViewState } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import type { CellProps } from './cellProps';
import { partOf, selectionOf } from './parts';
import { figuresOf, stageOf } from './stages';
import { samplesShown } from './stepChoices';
import { useLedgerOfSteps } from './useLedgerOfSteps';

/** Where values are lost, cause by part, and what each part costs. */
export function LedgerPanel(props: CellProps & { readonly report: Report; readonly view: ViewState }) {
  const { lstm, layer, selection, report, view, direction } = props;
  const inspector = useInspector();
  const chosen = stageOf(lstm, selection);
  const signal = chosen && figuresOf(layer, chosen, direction);
  const samples = signal ? samplesShown(report, signal, view.sample) : [];
  const counted = useLedgerOfSteps(props, report, samples, signal ? view.steps : null);
  if (!layer.lstm) return null;
  const unmeasured = costsAbsent(lstm, layer, report.quantizedPath);
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
      detail={counted.rows ? undefined : 'share of values, count below 0.1 %'}
      end={
        <span class="caption" data-testid="ledger-cover">
          {counted.rows && view.steps ? coverText(report, samples, view.steps) : plural(report.samples, 'sample')}
        </span>
      }
      class="ledger-panel"
      testId="panel-ledger"
      copies
    >
      <div class={`ledger-scroller ${counted.waiting ? 'stale' : ''}`}>
        <LedgerTable
          lstm={counted.rows ? { ...layer.lstm, ledger: counted.rows } : layer.lstm}
          selected={selected}
          onSelect={(part, signal, cause) => {
            inspector.view({ signal: signal ?? selectionOf(lstm, part), pick: signal && cause ? pickOf(cause) : null });
          }}
        />
      </div>
      {unmeasured === null ? null : (
        <p class="caption" data-testid="costs-absent">
          {unmeasured}
        </p>
      )}
    </Panel>
  );
}

/** Which steps the figures are of; costs stay those of the whole run. */
function coverText(report: Report, samples: readonly number[], { from, to }: Span): string {
  const [first] = samples;
  const of =
    samples.length === 1 ? (report.perSample.find(({ index }) => index === first)?.name ?? '') : plural(samples.length, 'sample');
  return `steps ${count(from)} to ${count(to - 1)} of ${of}`;
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
