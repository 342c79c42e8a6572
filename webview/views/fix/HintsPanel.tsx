import { useMemo } from 'preact/hooks';
import type { QuantizedState, TriedRecipe } from '../../../extension/protocol/fix';
import { candidates, type Candidate } from '../../../worker/core/fix/candidates';
import type { Effect } from '../../../worker/core/fix/effect';
import { PLAIN_RECIPE } from '../../../worker/core/fix/editRecipe';
import type { Report } from '../../../worker/core/report/report';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { triedGain, triedText } from './effects';

/** Below this a change is within what rounding does. */
const NOTHING_DB = 0.05;

interface Props {
  readonly state: AppState;
  readonly quantized: QuantizedState;
  readonly report: Report | null;
}

/** What may be worth a change. Each can be tried: what it gains is measured before it is applied. */
export function HintsPanel({ state, quantized, report }: Props) {
  const inspector = useInspector();
  const { steps, step, rows, tried } = quantized;
  const recipe = steps[step]?.recipe ?? PLAIN_RECIPE;
  const now = steps[step]?.effect ?? null;
  const found = useMemo(() => candidates(recipe, rows, report), [recipe, rows, report]);
  const results = new Map(tried.map((one) => [one.id, one]));
  const untried = found.filter(({ id }) => !results.has(id));
  const ranked = [...found].sort(
    (a, b) => (triedGain(results.get(b.id), now) ?? -Infinity) - (triedGain(results.get(a.id), now) ?? -Infinity),
  );
  const isBusy = state.host?.fix.job.status === 'running';
  if (found.length === 0) return null;
  return (
    <Panel
      title="Worth trying"
      detail={`${plural(found.length, 'change')}; what each gains is measured, not guessed`}
      end={
        untried.length === 0 ? null : (
          <Button
            testId="try-all"
            disabled={isBusy || now === null}
            tip="Measures every change on the chosen data"
            onClick={() => void inspector.fix.tryOut(untried)}
          >
            {untried.length === found.length ? 'Try all' : `Try ${untried.length} more`}
          </Button>
        )
      }
      flush
      testId="panel-hints"
    >
      <ul class="rows">
        {ranked.map((candidate) => (
          <Hint key={candidate.id} candidate={candidate} tried={results.get(candidate.id) ?? null} now={now} isBusy={isBusy} />
        ))}
      </ul>
    </Panel>
  );
}

function Hint(props: {
  readonly candidate: Candidate;
  readonly tried: TriedRecipe | null;
  readonly now: Effect | null;
  readonly isBusy: boolean;
}) {
  const inspector = useInspector();
  const { candidate, tried, now, isBusy } = props;
  const gain = triedGain(tried ?? undefined, now);
  return (
    <li class="row hint" data-testid={`hint-${candidate.id}`}>
      <div>
        <div>{candidate.label}</div>
        <div class="dim detail">{candidate.reason}</div>
        {tried === null ? null : (
          <div class={`detail ${gain !== null && gain > NOTHING_DB ? 'strong' : ''}`} data-testid="hint-result">
            {triedText(tried, now)}
          </div>
        )}
      </div>
      <span class="goto">
        {tried === null ? (
          <Button
            disabled={isBusy || now === null}
            label={`Try: ${candidate.label}`}
            testId="try"
            onClick={() => void inspector.fix.tryOut([candidate])}
          >
            Try
          </Button>
        ) : tried.effect === null ? null : (
          <Button
            disabled={isBusy}
            label={`Apply: ${candidate.label}`}
            testId="apply-hint"
            onClick={() => void inspector.fix.apply(candidate.label, candidate.recipe)}
          >
            Apply
          </Button>
        )}
      </span>
    </li>
  );
}
