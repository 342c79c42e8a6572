import { VerdictGlyph, type ShownMark } from '../../figures/VerdictGlyph';

const TEXTS: Readonly<Record<ShownMark, string>> = {
  native: 'native',
  conditional: 'conditional',
  fallback: 'CPU',
  rejected: 'rejected',
  unverified: 'unverified',
  blocked: 'not reached',
  other: 'other format',
};

/** A verdict in the fewest words, for a table. */
export const verdictText = (mark: ShownMark): string => TEXTS[mark];

/** The form of a verdict where its text stands beside it, or in the name of its cell. */
export function VerdictMark({ mark }: { readonly mark: ShownMark }) {
  return (
    <span class="mark" aria-hidden="true">
      <VerdictGlyph mark={mark} />
    </span>
  );
}
