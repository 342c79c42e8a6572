import { chosenData } from '../../derived';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import type { Choice } from '../../ui/choice';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { useInspector } from '../InspectorContext';
import { DataDropdown } from '../shell/DataDropdown';
import { PERSONA_CHOICES } from '../shell/PersonaDropdown';
import { DataSettings } from './DataSettings';

const STATES: readonly Choice<'reset' | 'carry'>[] = [
  { value: 'reset', label: 'reset per sample', tip: 'Every sample starts with h and c at zero' },
  { value: 'carry', label: 'carry over', tip: 'Samples follow each other, as in a stream' },
];

/** Of the last run's data: what was guessed, filled in or left out. */
const MOST_NOTES = 6;

/** All that decides a run, in one place. */
export function DataPanel({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  const { view, host } = state;
  const running = host?.run.status === 'running';
  const data = chosenData(state);
  return (
    <Panel title="Data and run" testId="panel-run">
      <div class="form">
        <span id="form-data">Data</span>
        <div class="line">
          <DataDropdown state={state} testId="data-form" />
          <Button icon="folder-opened" label="Choose data…" tip="Choose data files" onClick={() => void inspector.chooseData()} />
        </div>
        <DataSettings state={state} />
        <span>States</span>
        <Segmented
          label="States"
          choices={STATES}
          value={view.states}
          disabled={running}
          testId="states"
          onChange={(states) => {
            inspector.view({ states });
          }}
        />
        <span>Persona</span>
        <Segmented
          label="Persona"
          choices={PERSONA_CHOICES}
          value={view.persona}
          disabled={running}
          testId="persona-form"
          onChange={(persona) => {
            inspector.view({ persona });
          }}
        />
      </div>
      {data?.synthetic ? <p class="caption">{data.detail}</p> : null}
      {(host?.report?.data.notes ?? []).slice(0, MOST_NOTES).map((note) => (
        <p class="caption" key={note}>
          {note}
        </p>
      ))}
      <div class="line run-line">
        {running ? (
          <Button icon="debug-stop" onClick={() => void inspector.cancel()}>
            Cancel
          </Button>
        ) : (
          <Button primary icon="play" disabled={data === null} onClick={() => void inspector.run()}>
            Run
          </Button>
        )}
        {running ? (
          <kbd>Esc</kbd>
        ) : (
          <span>
            <kbd>Ctrl</kbd> <kbd>Enter</kbd>
          </span>
        )}
        <span class="caption">Nothing leaves this machine.</span>
      </div>
    </Panel>
  );
}
