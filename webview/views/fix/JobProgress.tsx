import type { FixJob } from '../../../extension/protocol/fix';
import { count } from '../../charts/format';
import { Button } from '../../ui/Button';
import { useInspector } from '../InspectorContext';

type Running = Extract<FixJob, { status: 'running' }>;

/** What is under way, how far it is, and how to stop it. */
export function JobProgress({ job }: { readonly job: Running }) {
  const inspector = useInspector();
  const share = job.progress?.share ?? 0;
  return (
    <div class="study-progress" data-testid="fix-progress">
      <div
        class="study-bar"
        role="progressbar"
        aria-label={jobText(job)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <div class="line">
        <span class="caption">{jobText(job)}</span>
        <span class="spread" />
        <Button icon="debug-stop" testId="fix-cancel" onClick={() => void inspector.cancel()}>
          Cancel
        </Button>
        <kbd>Esc</kbd>
      </div>
    </div>
  );
}

/** `Calibrating: 9 of 30 samples`. */
function jobText({ stage, progress }: Running): string {
  const of = (what: string) =>
    progress === null || progress.total === 0 ? '' : `: ${count(progress.done)} of ${count(progress.total)} ${what}`;
  switch (stage) {
    case 'reading':
      return 'Reading data';
    case 'calibrating':
      return `Calibrating${of('samples')}`;
    case 'quantizing':
      return 'Quantizing';
    case 'trying':
      return `Measuring${of('changes')}`;
  }
}
