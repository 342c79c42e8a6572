import { useEffect, useMemo, useState } from 'preact/hooks';
import type { QuantizedState } from '../../../extension/protocol/fix';
import { observerLabel, PLAIN_RECIPE, sameRecipe, settingsOf } from '../../../worker/core/fix/editRecipe';
import type { FixRow } from '../../../worker/core/fix/fixRows';
import type { ObservedValue } from '../../../worker/core/fix/observedValue';
import type { Report } from '../../../worker/core/report/report';
import { bound, count, gain, qFormat, shareOrCount, withUnit } from '../../charts/format';
import type { Interval } from '../../charts/RangeBar';
import { SeenHistogram } from '../../charts/SeenHistogram';
import { countsTable } from '../../figures/tensorTables';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Checkbox } from '../../ui/Checkbox';
import type { Choice } from '../../ui/choice';
import { Dropdown } from '../../ui/Dropdown';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { Sized } from '../../ui/Sized';
import { TextField } from '../../ui/TextField';
import { useInspector } from '../InspectorContext';
import { draftLabel, draftOf, parseNumber, withDraft, type RowDraft } from './draft';
import { triedText } from './effects';
import { exponentOf, figuresOf, formatDetail, formatLabel, rowLabel } from './rows';

interface Props {
  readonly state: AppState;
  readonly quantized: QuantizedState;
  readonly row: FixRow;
  readonly report: Report | null;
}

/** One value: what calibration saw of it, what it is held in, and what may be changed about that. */
export function RowPanel({ state, quantized, row, report }: Props) {
  const inspector = useInspector();
  const recipe = quantized.steps[quantized.step]?.recipe ?? PLAIN_RECIPE;
  const now = quantized.steps[quantized.step]?.effect ?? null;
  const before = useMemo(() => draftOf(recipe, row), [recipe, row]);
  const [draft, setDraft] = useState(before);
  const [triedRecipe, setTriedRecipe] = useState<{ readonly id: string; readonly draft: RowDraft } | null>(null);
  const observed = useObserved(row, draft.bits);
  const set = (change: Partial<RowDraft>) => {
    setDraft({ ...draft, ...change });
  };
  const next = withDraft(recipe, row, draft);
  const isSame = 'recipe' in next && sameRecipe(next.recipe, recipe);
  const isBusy = state.host?.fix.job.status === 'running';
  const isHybrid = settingsOf(recipe).scheme === 'hybrid';
  const tried = triedRecipe?.draft === draft ? quantized.tried.find(({ id }) => id === triedRecipe.id) : undefined;
  const canRange = row.fixed === null && !isHybrid && row.kind !== 'cell';
  const tryIt = () => {
    if (!('recipe' in next)) return;
    const id = `draft ${row.id} ${Date.now()}`;
    setTriedRecipe({ id, draft });
    void inspector.fix.tryOut([{ id, recipe: next.recipe }]);
  };
  const apply = () => {
    if ('recipe' in next) void inspector.fix.apply(draftLabel(row, draft, before), next.recipe);
  };
  return (
    <Panel
      title={rowLabel(row)}
      detail={formatLabel(row)}
      testId="panel-row"
      {...(observed === null ? {} : { copies: true, charted: () => [seenTable(row, observed)] })}
    >
      <Facts row={row} report={report} />
      {observed === null ? null : (
        <Sized class="seen-histogram">
          {({ width }) => <Histogram row={row} observed={observed} wanted={wantedRange(draft, observed)} width={width} />}
        </Sized>
      )}
      {row.fixed === null ? null : <p class="caption">{row.fixed}</p>}
      <div class="form">
        {row.kind === 'cell' && !isHybrid ? (
          <>
            <span>Format</span>
            <Dropdown
              label="Format of the cell"
              choices={CELL_FORMATS}
              value={draft.exponent}
              disabled={isBusy}
              testId="cell-exponent"
              onChange={(exponent) => set({ exponent })}
            />
          </>
        ) : null}
        {canRange ? (
          <>
            <span>Range</span>
            <Segmented
              label="Range"
              choices={RANGE_BY}
              value={draft.by === 'range' ? 'range' : 'observer'}
              disabled={isBusy}
              testId="range-by"
              onChange={(by) => set({ by })}
            />
            {draft.by === 'range' ? (
              <>
                <span>From, to</span>
                <div class="line range-ends">
                  <TextField
                    label="Lower end"
                    placeholder="lower end"
                    value={draft.min}
                    testId="range-min"
                    onInput={(min) => set({ min })}
                  />
                  <TextField
                    label="Upper end"
                    placeholder="upper end"
                    value={draft.max}
                    testId="range-max"
                    onInput={(max) => set({ max })}
                  />
                </div>
              </>
            ) : (
              <>
                <span>Observer</span>
                <Dropdown
                  label="Observer of this value"
                  choices={observerChoices(settingsOf(recipe).observer, observed)}
                  value={draft.observer}
                  disabled={isBusy}
                  testId="row-observer"
                  onChange={(observer) => set({ observer })}
                />
              </>
            )}
          </>
        ) : null}
        {row.can16 && !isHybrid ? (
          <>
            <span>Bits</span>
            <Segmented
              label="Bits"
              choices={BITS}
              value={draft.bits === 16 ? '16' : '8'}
              disabled={isBusy}
              testId="bits"
              onChange={(bits) => set({ bits: bits === '16' ? 16 : 8 })}
            />
          </>
        ) : null}
      </div>
      {row.operatorKey === null ? null : (
        <Checkbox checked={draft.keepFloat} testId="keep-float" onChange={(keepFloat) => set({ keepFloat })}>
          {row.lstm === null ? `Keep ${row.opName ?? 'the operator'} float` : `Keep all of ${row.lstm} float`}
        </Checkbox>
      )}
      {'problem' in next ? (
        <p class="caveat problem" role="alert" data-testid="row-problem">
          {next.problem}
        </p>
      ) : null}
      {tried === undefined ? null : (
        <p class="row-tried" role="status" data-testid="row-tried">
          {triedText(tried, now)}
        </p>
      )}
      <div class="line run-line">
        <Button
          disabled={isBusy || isSame || 'problem' in next || now === null}
          tip="Measures what this gains, and changes nothing"
          testId="row-try"
          onClick={tryIt}
        >
          Try
        </Button>
        <Button primary disabled={isBusy || isSame || 'problem' in next} testId="row-apply" onClick={apply}>
          Apply
        </Button>
        {sameDraft(draft, before) ? null : (
          <Button quiet icon="discard" label="Reset what was entered" disabled={isBusy} onClick={() => setDraft(before)} />
        )}
      </div>
    </Panel>
  );
}

const seenTable = (row: FixRow, { edges, counts }: ObservedValue) =>
  countsTable(edges, counts, `What calibration saw of ${rowLabel(row)}`);

function sameDraft(a: RowDraft, b: RowDraft): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const RANGE_BY: readonly Choice<'observer' | 'range'>[] = [
  { value: 'observer', label: 'by observer', tip: 'Taken from what calibration saw' },
  { value: 'range', label: 'of its own', tip: 'Two numbers' },
];
const BITS: readonly Choice<'8' | '16'>[] = [
  { value: '8', label: '8' },
  { value: '16', label: '16', tip: 'int16 activations, where the operators around it can take them' },
];
const CELL_FORMATS: readonly Choice[] = [
  { value: '', label: 'by its range', short: 'by its range' },
  ...[0, 1, 2, 3, 4, 5, 6].map((k) => ({ value: String(k), label: `${qFormat(k)}, ±${2 ** k}`, short: qFormat(k) })),
];

function observerChoices(whole: string, observed: ObservedValue | null): readonly Choice<RowDraft['observer']>[] {
  const own = (observed?.observers ?? []).map(({ observer, range }) => ({
    value: observer,
    label: `${observerLabel(observer)}: ${bound(range.min)} to ${bound(range.max)}`,
    short: observerLabel(observer),
  }));
  return [{ value: '', label: `as the model: ${observerLabel(whole as Exclude<RowDraft['observer'], ''>)}` }, ...own];
}

/** The ends that what was entered would have; null where it says none. */
function wantedRange(draft: RowDraft, observed: ObservedValue): Interval | null {
  if (draft.by === 'cell')
    return draft.exponent === '' ? null : { min: -(2 ** Number(draft.exponent)), max: 2 ** Number(draft.exponent) };
  if (draft.by === 'observer') return observed.observers.find(({ observer }) => observer === draft.observer)?.range ?? null;
  const [min, max] = [parseNumber(draft.min), parseNumber(draft.max)];
  return min === null || max === null || min >= max ? null : { min, max };
}

function Histogram(props: {
  readonly row: FixRow;
  readonly observed: ObservedValue;
  readonly wanted: Interval | null;
  readonly width: number;
}) {
  const { row, observed, wanted, width } = props;
  const { format } = row;
  const holds = format === null ? null : { min: format.low, max: format.high };
  return (
    <SeenHistogram
      width={width}
      height={132}
      title={`What calibration saw of ${rowLabel(row)}`}
      summary={`${count(observed.values)} values from ${bound(observed.min)} to ${bound(observed.max)}${holds === null ? '' : `; holds ${bound(holds.min)} to ${bound(holds.max)}`}`}
      edges={observed.edges}
      counts={observed.counts}
      holds={holds}
      wanted={wanted}
    />
  );
}

function Facts({ row, report }: { readonly row: FixRow; readonly report: Report | null }) {
  const { lost, costDb } = figuresOf(row, report);
  const { seen } = row;
  return (
    <dl class="facts small-facts">
      <dt>Now</dt>
      <dd class="figure small">{formatDetail(row)}</dd>
      {seen === null ? null : (
        <>
          <dt>Saw</dt>
          <dd class="figure small">
            {bound(seen.min)} to {bound(seen.max)}
            {seen.inner === null ? '' : `; 99.9 %: ${bound(seen.inner.min)} to ${bound(seen.inner.max)}`}
          </dd>
        </>
      )}
      {lost === null ? null : (
        <>
          <dt>Lost</dt>
          <dd class={`figure small ${lost.count > 0 ? 'lost' : ''}`}>
            {shareOrCount(lost.count, lost.values)} of {count(lost.values)} values at the rails
          </dd>
        </>
      )}
      {costDb === null ? null : (
        <>
          <dt>Cost</dt>
          <dd class="figure small">{withUnit(gain(costDb), 'dB')} if it were float</dd>
        </>
      )}
      {row.kind === 'cell' && exponentOf(row) !== null && seen !== null ? (
        <>
          <dt>Used</dt>
          <dd class="figure small">{usedText(row, Math.max(-seen.min, seen.max))}</dd>
        </>
      ) : null}
    </dl>
  );
}

function usedText({ format }: FixRow, reach: number): string {
  const most = format === null ? 1 : -format.low;
  return `reaches ±${bound(reach)} of ±${bound(most)}`;
}

/** Asks for what calibration saw, again when the row or its bits change; the old answer goes with the row. */
function useObserved({ id }: FixRow, bits: 8 | 16): ObservedValue | null {
  const inspector = useInspector();
  const [answer, setAnswer] = useState<{ readonly about: string; readonly observed: ObservedValue | null } | null>(null);
  useEffect(() => {
    let over = false;
    inspector.fix.observed(id, bits).then(
      (observed) => {
        if (!over) setAnswer({ about: id, observed });
      },
      // Without ranges of a calibration there is nothing to show.
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [inspector, id, bits]);
  return answer?.about === id ? answer.observed : null;
}
