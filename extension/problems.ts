import type { Finding, Severity } from '../worker/core/findings/finding';
import type { InspectorState } from './protocol/messages';

/** One line of the Problems panel. */
export interface Problem {
  readonly severity: Severity;
  readonly text: string;
  /** Stable name of the rule, or code of the error. */
  readonly code: string;
}

/** What is known to be wrong with a model: why it cannot be read; else the findings of the last run, which hold those of the file. */
export function problemsOf({ model, report }: Pick<InspectorState, 'model' | 'report'>): readonly Problem[] {
  if (model.status === 'broken') {
    const { message, byteOffset, code } = model.error;
    const place = byteOffset === null ? '' : ` (at byte ${byteOffset.toLocaleString('en-US')})`;
    return [{ severity: 'error', text: `${message}${place}`, code }];
  }
  if (model.status !== 'open') return [];
  const findings = report?.findings ?? model.overview.findings;
  return findings.map((finding) => ({ severity: finding.severity, text: findingText(finding), code: finding.rule }));
}

/** One line: what, where with numbers, and the remedy. */
function findingText({ title, message, fix }: Finding): string {
  const sentence = (text: string) => (/[.?:]$/.test(text) ? text : `${text}.`);
  return [title, message, fix ?? '']
    .filter((part) => part !== '')
    .map(sentence)
    .join(' ');
}
