import type { Finding } from '../worker/core/findings/finding';
import type { InspectorState } from './protocol/messages';

const NONE: readonly Finding[] = [];

/** What is known to be wrong with a model: after a run the report's findings, which hold those of the file, before it the file's. */
export function findingsOf({ model, report }: InspectorState): readonly Finding[] {
  if (model.status !== 'open') return NONE;
  return report?.findings ?? model.overview.findings;
}

/** One line: what, where with numbers, and the remedy. */
export function findingText({ title, message, fix }: Finding): string {
  const sentence = (text: string) => (/[.?:]$/.test(text) ? text : `${text}.`);
  return [title, message, fix]
    .filter((part) => part !== null && part !== '')
    .map((part) => sentence(part ?? ''))
    .join(' ');
}
