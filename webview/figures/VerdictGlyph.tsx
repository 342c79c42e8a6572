import type { Verdict } from '../../worker/core/targets/verdict';

export const VERDICT_NAME: Readonly<Record<Verdict, string>> = {
  native: 'native',
  conditional: 'conditional',
  fallback: 'falls back to CPU',
  rejected: 'rejects the model',
  unverified: 'unverified',
};

/** Shape first: filled square native, half-filled conditional, hollow square CPU, bold cross rejects, question mark unverified. */
export function VerdictGlyph({ verdict, size = 12 }: { verdict: Verdict; size?: number }) {
  return (
    <svg
      role="img"
      aria-label={VERDICT_NAME[verdict]}
      width={size}
      height={size}
      viewBox="-6 -6 12 12"
      style={{ verticalAlign: '-1px' }}
    >
      {glyph(verdict)}
    </svg>
  );
}

function glyph(verdict: Verdict) {
  const square = { x: -4.4, y: -4.4, width: 8.8, height: 8.8, rx: 1.5 };
  const hollow = <rect {...square} fill="none" stroke="var(--gs-dim)" stroke-width={1.2} />;
  switch (verdict) {
    case 'native':
      return <rect {...square} fill="var(--gs-fg)" fill-opacity={0.62} />;
    case 'conditional':
      return (
        <>
          {hollow}
          <path d="M-4.4,-4.4H0V4.4H-4.4Z" fill="var(--gs-fg)" fill-opacity={0.62} />
        </>
      );
    case 'fallback':
      return hollow;
    case 'rejected':
      return <path d="M-4,-4L4,4M4,-4L-4,4" stroke="var(--gs-sat)" stroke-width={2.4} />;
    case 'unverified':
      return (
        <text y={4} text-anchor="middle" font-size={11} fill="var(--gs-dim)">
          ?
        </text>
      );
  }
}
