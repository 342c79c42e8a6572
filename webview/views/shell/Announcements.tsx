import { count } from '../../charts/format';
import type { AppState } from '../../state';

/** Run state and results for screen readers: politely; errors at once. Both regions exist from the start, or nothing is read. */
export function Announcements({ state }: { readonly state: AppState }) {
  const failed = state.host?.run.status === 'failed' ? state.host.run.message : null;
  const error = state.notice?.kind === 'error' ? state.notice.text : failed;
  return (
    <>
      <div class="visually-hidden" role="status" aria-live="polite" data-testid="status">
        {politely(state)}
      </div>
      <div class="visually-hidden" role="alert" aria-live="assertive">
        {error ?? ''}
      </div>
    </>
  );
}

function politely({ host, notice }: AppState): string {
  if (!host) return '';
  if (notice?.kind === 'info') return notice.text;
  if (host.model.status === 'opening') return `Opening ${host.fileName}`;
  if (host.run.status === 'running') {
    const { done, total } = host.run.progress;
    // Said ten times in all, not once a sample.
    const tenth = total > 0 ? Math.floor((done / total) * 10) * 10 : 0;
    return `Running, ${tenth} percent`;
  }
  const { report } = host;
  if (!report || host.run.status === 'failed') return '';
  const covered = report.complete
    ? `Run finished, ${count(report.samples)} samples.`
    : `Stopped after ${count(report.samples)} of ${count(report.requestedSamples)} samples.`;
  return `${covered} ${report.headline[0] ?? ''}`;
}
