import { count, percent } from '../charts/format';
import type { Study } from '../study';

/** How far a study is, in samples and of all its work. */
export function StudyProgress({
  asked,
  label,
}: {
  readonly asked: NonNullable<Study<unknown>['asked']>;
  readonly label: string;
}) {
  const { share, stopping } = asked;
  const done = share?.share ?? 0;
  return (
    <div class="study-progress" data-testid="study-progress">
      <div
        class="study-bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(done * 100)}
      >
        <i style={{ width: `${done * 100}%` }} />
      </div>
      <p class="caption">
        {stopping
          ? 'Stopping; figures of the samples done stay.'
          : share === null
            ? 'Reading the data.'
            : `Sample ${count(Math.min(share.done + 1, share.total))} of ${count(share.total)}, ${share.sample}: ${percent(done)} of all work`}
      </p>
    </div>
  );
}
