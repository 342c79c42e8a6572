import type { LayerReport, Report, SignalReport } from '../../../worker/core/report/report';
import { PERSONA_LABELS } from '../../derived';
import { decibel, gain, NOT_MEASURED } from '../../charts/format';
import { hasQuirk, QUIRK_NAMES, quirkOf, switchQuirks, type QuirkName } from '../../../worker/core/compare/quirks';

interface Props {
  readonly before: Report;
  readonly report: Report;
  /** Before and now. */
  readonly signals: readonly [SignalReport, SignalReport];
  readonly layers: readonly [LayerReport, LayerReport];
}

/** What another path, persona or quirk has changed: the run before is the dotted outline. */
export function BeforeLine({ before, report, signals, layers }: Props) {
  return (
    <p class="caption" data-testid="before-line">
      <span class="dotted-key" aria-hidden="true" /> {`Dotted: the run before, ${wayOf(before, report)}. Signal `}
      <span class="figure small">{changeOf(signals[0].accumulated, signals[1].accumulated)}</span>
      {', h '}
      <span class="figure small">{changeOf(layers[0].accumulated, layers[1].accumulated)}</span>
    </p>
  );
}

/** `13.4 to 13.5 dB (+0.1)`. */
function changeOf(before: SignalReport['accumulated'], now: SignalReport['accumulated']): string {
  const text = `${decibel(before?.sqnrDb ?? null, before?.exact)} to ${decibel(now?.sqnrDb ?? null, now?.exact)} dB`;
  const known = typeof before?.sqnrDb === 'number' && typeof now?.sqnrDb === 'number';
  return `${text} (${known ? gain((now.sqnrDb ?? 0) - (before.sqnrDb ?? 0)) : NOT_MEASURED})`;
}

/** How the run before was made otherwise. */
function wayOf(before: Report, now: Report): string {
  const parts: string[] = [];
  if (before.persona !== now.persona) parts.push(PERSONA_LABELS[before.persona]);
  if (before.state !== now.state) parts.push(before.state === 'carry' ? 'states carried over' : 'states reset');
  if (before.persona === now.persona) {
    const has = (name: QuirkName, run: Report) => hasQuirk(name, run.persona, switchQuirks(run.quirks ?? {}, run.persona));
    for (const name of QUIRK_NAMES) {
      if (has(name, before) === has(name, now)) continue;
      parts.push(`${has(name, before) ? 'with' : 'without'} the ${quirkOf(name).label}`);
    }
  }
  return parts.join(', ');
}
