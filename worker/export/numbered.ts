import type { Report } from '../core/report/report';

/** What every section takes. */
export interface Numbered {
  readonly report: Report;
  /** The next number: evidence is numbered through, whatever is left out. */
  readonly number: () => number;
}
