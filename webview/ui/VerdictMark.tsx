import type { Verdict } from '../../worker/core/targets/verdict';

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

/** A verdict as a form, not as a colour: filled, half filled, hollow, cross, question mark. */
export function VerdictMark({ verdict }: { readonly verdict: Mark }) {
  return (
    <svg class={`mark mark-${verdict}`} width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      <Shape verdict={verdict} />
    </svg>
  );
}

function Shape({ verdict }: { readonly verdict: Mark }) {
  switch (verdict) {
    case 'native':
      return <rect class="fill" x="-4.5" y="-4.5" width="9" height="9" rx="1.5" />;
    case 'conditional':
      return (
        <>
          <rect class="fill" x="-4" y="-4" width="4" height="8" />
          <rect class="line" x="-4" y="-4" width="8" height="8" rx="1.5" />
        </>
      );
    case 'fallback':
      return <rect class="line" x="-4" y="-4" width="8" height="8" rx="1.5" />;
    case 'rejected':
      return <path class="cross" d="M-4,-4L4,4M4,-4L-4,4" />;
    case 'blocked':
      return <path class="thin" d="M-3,-3L3,3M3,-3L-3,3" />;
    case 'unverified':
      return (
        <text class="question" text-anchor="middle" y="4">
          ?
        </text>
      );
  }
}
