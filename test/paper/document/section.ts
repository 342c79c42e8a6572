/** A picture beside the document. */
export interface ChartSource {
  readonly file: string;
  readonly svg: string;
  /** What it shows, for who does not see it. */
  readonly summary: string;
}

export type Verdict = 'reproduces' | 'reproduces in part' | 'does not reproduce';

/** One claim of the paper with its outcome. */
export interface Claim {
  readonly claim: string;
  readonly verdict: Verdict;
  /** What the outcome rests on, one sentence without its full stop. */
  readonly figures: string;
}

export interface Section {
  readonly heading: string;
  /** Empty where the paper claims nothing of the kind. */
  readonly claims: readonly Claim[];
  readonly chart: ChartSource;
  /** Markdown. */
  readonly text: string;
}
