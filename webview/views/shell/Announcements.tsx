import { count } from '../../charts/format';
import type { AppState } from '../../state';
import type { Study } from '../../study';

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

const FIXING = {
  reading: 'Reading data',
  calibrating: 'Calibrating',
  quantizing: 'Quantizing',
  trying: 'Measuring changes',
} as const;

function politely(state: AppState): string {
  const { host, notice } = state;
  if (!host) return '';
  if (notice?.kind === 'info') return notice.text;
  if (host.model.status === 'opening') return `Opening ${host.fileName}`;
  if (host.fix.job.status === 'running') return FIXING[host.fix.job.stage];
  if (host.run.status === 'running') {
    const { done, total } = host.run.progress;
    // Said ten times in all, not once a sample.
    const tenth = total > 0 ? Math.floor((done / total) * 10) * 10 : 0;
    return `Running, ${tenth} percent`;
  }
  const study = studyText(state);
  if (study !== null) return study;
  const { report } = host;
  if (!report || host.run.status === 'failed') return '';
  const covered = report.complete
    ? `Run finished, ${count(report.samples)} samples.`
    : `Stopped after ${count(report.samples)} of ${count(report.requestedSamples)} samples.`;
  return `${covered} ${report.headline[0] ?? ''}`;
}

/** Of the study that the screen is about: how far it is, then its first sentence. */
function studyText({ view, studies }: AppState): string | null {
  if (view.tab === 'compare') return textOf('Comparison', studies.comparison);
  return view.tab === 'lstm' ? textOf('Blame', studies.blame) : null;
}

function textOf(name: string, { asked, answer }: Study<{ readonly headline: readonly string[] }>): string | null {
  if (asked) return `${name}, ${Math.floor((asked.share?.share ?? 0) * 10) * 10} percent`;
  return answer && `${name} finished. ${answer.headline[0] ?? ''}`;
}
