import { useMemo } from 'preact/hooks';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { chosenData } from '../../derived';
import type { AppState } from '../../state';
import { chosenSide, ownLabel, sidesOf } from '../../studyChoices';
import { Button } from '../../ui/Button';
import { Dropdown } from '../../ui/Dropdown';
import { Icon } from '../../ui/Icon';
import { useInspector } from '../InspectorContext';

const ANOTHER = 'another-file';

/** The two sides, and the way to compare them. */
export function CompareBar({ state, overview }: { readonly state: AppState; readonly overview: ModelOverview }) {
  const inspector = useInspector();
  const { view, others, studies } = state;
  const { asked } = studies.comparison;
  const sides = useMemo(() => sidesOf(view, overview, others), [view.persona, view.quirks, overview, others]);
  const choices = useMemo(
    () => [...sides.map(({ id, label }) => ({ value: id, label })), { value: ANOTHER, label: 'Another file…' }],
    [sides],
  );
  const beside = chosenSide(view, overview, others);
  const data = chosenData(state);
  return (
    <section class="compare-bar panel" aria-label="Sides" data-testid="compare-bar">
      <div class="line wrap">
        <span class="side">
          <b class="side-mark">A</b> {(beside?.other ?? null) === null ? ownLabel(view) : overview.fileName}
        </span>
        <Icon name="arrow-swap" />
        <span class="side">
          <b class="side-mark">B</b>
        </span>
        {sides.length === 0 ? (
          <Button
            icon="folder-opened"
            testId="choose-other"
            disabled={asked !== null}
            onClick={() => void inspector.chooseOther()}
          >
            Choose another file…
          </Button>
        ) : (
          <Dropdown
            label="Side B"
            choices={choices}
            value={beside?.id ?? ''}
            disabled={asked !== null}
            testId="side-b"
            onChange={(id) => {
              if (id === ANOTHER) void inspector.chooseOther();
              else inspector.view({ compareWith: id });
            }}
          />
        )}
        <span class="spread" />
        {asked ? (
          <Button
            icon="debug-stop"
            testId="stop-compare"
            disabled={asked.stopping}
            tip="Figures of the samples done stay (Esc)"
            onClick={() => {
              inspector.stopStudy('comparison');
            }}
          >
            {asked.stopping ? 'Stopping' : 'Stop'}
          </Button>
        ) : (
          <Button
            primary
            icon="arrow-swap"
            testId="compare"
            disabled={beside === null || data === null}
            tip={data === null ? 'There is no data to run' : `Runs both sides over ${data.label}`}
            onClick={() => void inspector.compare()}
          >
            Compare
          </Button>
        )}
      </div>
      <p class="caption" data-testid="side-b-text">
        {beside?.explanation ?? 'A float file has one arithmetic: choose another file to stand beside it.'}
      </p>
    </section>
  );
}
