import type { StudyShare } from '../extension/protocol/messages';
import type { BlameReport } from '../worker/core/blame/blameReport';
import type { Comparison } from '../worker/core/compare/comparison';
import type { Report } from '../worker/core/report/report';

/** A question that takes a while: its last answer, and how far the next one is. Lives as long as the page. */
export interface Study<T> {
  readonly answer: T | null;
  readonly asked: { readonly id: string; readonly share: StudyShare | null; readonly stopping: boolean } | null;
  /** Why the last one was not answered. */
  readonly problem: string | null;
}

export interface Studies {
  readonly blame: Study<BlameReport>;
  readonly comparison: Study<Comparison>;
}

export type StudyName = keyof Studies;

export const NOTHING_ASKED = { answer: null, asked: null, problem: null } as const;
export const NO_STUDIES: Studies = { blame: NOTHING_ASKED, comparison: NOTHING_ASKED };

/** Studies with the progress of the one that has this id. */
export function withShare(studies: Studies, id: string, share: StudyShare): Studies {
  const asking = (Object.keys(studies) as StudyName[]).find((name) => studies[name].asked?.id === id);
  const asked = asking && studies[asking].asked;
  return asking && asked ? { ...studies, [asking]: { ...studies[asking], asked: { ...asked, share } } } : studies;
}

/** What a report was made of: a study of the same is about the same figures. */
export function reportKey(report: Report | null): string | null {
  if (report === null) return null;
  const { model, floatModel, persona, quirks, state, data, samples, complete } = report;
  return JSON.stringify([model.sha256, floatModel?.sha256, persona, quirks, state, data, samples, complete]);
}

/** How a report's figures were computed, apart from the data. */
export function arithmeticKey({ persona, quirks, state }: Pick<Report, 'persona' | 'quirks' | 'state'>): string {
  return JSON.stringify([persona, quirks ?? {}, state]);
}
