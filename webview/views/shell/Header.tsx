import type { ExportFormat } from '../../../worker/core/report/exportFormats';
import { chosenData } from '../../derived';
import type { AppState } from '../../state';
import { Button } from '../../ui/Button';
import { MenuItem, Popover } from '../../ui/Popover';
import { ProgressRing } from '../../ui/ProgressRing';
import { useInspector } from '../InspectorContext';
import { DataDropdown } from './DataDropdown';
import { PersonaDropdown } from './PersonaDropdown';
import { QuirksMenu } from './QuirksMenu';

/** Right end of the header: what to run, export, run. */
export function Header({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  const running = state.host?.run.status === 'running' || state.host?.fix.job.status === 'running';
  const data = chosenData(state);
  return (
    <>
      <DataDropdown state={state} prefix="Data" testId="data" />
      <PersonaDropdown state={state} />
      {state.host?.model.status === 'open' ? <QuirksMenu state={state} overview={state.host.model.overview} /> : null}
      {state.host?.report && !running ? <ExportMenu exporting={state.exporting} /> : null}
      {running ? (
        <Button
          icon="debug-stop"
          testId="cancel"
          tip="Stop the run; figures of the samples done stay (Esc)"
          onClick={() => void inspector.cancel()}
        >
          Cancel
        </Button>
      ) : (
        <Button
          primary
          icon="play"
          testId="run"
          disabled={data === null}
          tip="Run float and quantized side by side (Ctrl+Enter)"
          onClick={() => void inspector.run()}
        >
          Run
        </Button>
      )}
    </>
  );
}

const EXPORTS: readonly { readonly format: ExportFormat; readonly name: string; readonly detail: string }[] = [
  { format: 'html', name: 'HTML', detail: 'one file, works offline' },
  { format: 'md', name: 'Markdown', detail: 'for issues and wikis' },
  { format: 'csv', name: 'CSV', detail: 'one row for each signal' },
  { format: 'json', name: 'JSON', detail: 'every figure, for scripts' },
];

function ExportMenu({ exporting }: { readonly exporting: boolean }) {
  const inspector = useInspector();
  if (exporting) return <ProgressRing label="Writing the report" />;
  return (
    <Popover role="menu" icon="export" label="Export report" testId="export" button={<div class="wide-only">Export report</div>}>
      {(close) => (
        <>
          {EXPORTS.map(({ format, name, detail }) => (
            <MenuItem
              key={format}
              testId={`export-${format}`}
              detail={detail}
              onClick={() => {
                close();
                void inspector.exportReport(format);
              }}
            >
              {name}
            </MenuItem>
          ))}
        </>
      )}
    </Popover>
  );
}
