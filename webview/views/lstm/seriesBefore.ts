import type { SignalDetail, SignalDetailRequest, StepSeries } from '../../../worker/core/report/detail';
import type { Report } from '../../../worker/core/report/report';
import { aboutOf } from './stepChoices';

/** What has been on the screen, the latest last; the worker keeps only the run that it made last. */
const seen = new Map<string, StepSeries>();
const MOST_SEEN = 32;

/** The same lanes of the run before, where they were looked at; null otherwise. */
export function seriesBefore(
  detail: SignalDetail | null,
  report: Report,
  before: Report | null,
  address: Pick<SignalDetailRequest, 'op' | 'direction' | 'signal'>,
  samples: readonly number[],
): StepSeries | null {
  const keyOf = (run: Report): string => `${aboutOf(run, address)}|${samples.join(' ')}`;
  if (detail?.series) remember(keyOf(report), detail.series);
  return before === null ? null : (seen.get(keyOf(before)) ?? null);
}

function remember(key: string, series: StepSeries): void {
  seen.delete(key);
  seen.set(key, series);
  const [oldest] = seen.keys();
  if (seen.size > MOST_SEEN && oldest !== undefined) seen.delete(oldest);
}
