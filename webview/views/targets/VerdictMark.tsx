import type { Verdict } from '../../../worker/core/targets/verdict';
import { VerdictGlyph } from '../../figures/VerdictGlyph';

/** `blocked`: the model is rejected elsewhere, so this operator is never reached. */
export type Mark = Verdict | 'blocked';

const TEXTS: Readonly<Record<Mark, string>> = {
  native: 'native',
  conditional: 'conditional',
  fallback: 'CPU',
  rejected: 'rejected',
  unverified: 'unverified',
  blocked: 'not reached',
};

export const verdictText = (mark: Mark): string => TEXTS[mark];

/** The form of a verdict; its text stands beside it, or in the name of its cell. */
export function VerdictMark({ verdict }: { readonly verdict: Mark }) {
  return (
    <span class="mark" aria-hidden="true">
      {verdict === 'blocked' ? (
        <svg width="12" height="12" viewBox="-6 -6 12 12">
          <path d="M-3,-3L3,3M3,-3L-3,3" stroke="var(--gs-ghost)" />
        </svg>
      ) : (
        <VerdictGlyph verdict={verdict} />
      )}
    </span>
  );
}
