import type { Verdict } from '../../worker/core/targets/verdict';

/** `blocked`: something else makes the target refuse the model, so that this operator is never reached. */
export type Mark = Verdict | 'blocked';

/** `other`: the target reads another file format, so that nothing is said of single operators. */
export type ShownMark = Mark | 'other';

export const MARK_NAME: Readonly<Record<ShownMark, string>> = {
  native: 'native',
  conditional: 'conditional',
  fallback: 'falls back to CPU',
  rejected: 'rejects the model',
  unverified: 'unverified',
  blocked: 'not reached',
  other: 'other format',
};

/** Shape first: filled square native, half-filled conditional, hollow square CPU, bold cross rejects, thin cross not reached, question mark unverified, dash another format. */
export function VerdictGlyph({ mark, size = 12 }: { mark: ShownMark; size?: number }) {
  return (
    <svg
      role="img"
      aria-label={MARK_NAME[mark]}
      width={size}
      height={size}
      viewBox="-6 -6 12 12"
      style={{ verticalAlign: '-1px' }}
    >
      {glyph(mark)}
    </svg>
  );
}

function glyph(mark: ShownMark) {
  const square = { x: -4.4, y: -4.4, width: 8.8, height: 8.8, rx: 1.5 };
  const hollow = <rect {...square} fill="none" stroke="var(--gs-dim)" stroke-width={1.2} />;
  switch (mark) {
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
    case 'blocked':
      return <path d="M-3,-3L3,3M3,-3L-3,3" stroke="var(--gs-dim)" />;
    case 'other':
      return <path d="M-3,0H3" stroke="var(--gs-dim)" />;
    case 'unverified':
      return (
        <text y={4} text-anchor="middle" font-size={11} fill="var(--gs-dim)">
          ?
        </text>
      );
  }
}
