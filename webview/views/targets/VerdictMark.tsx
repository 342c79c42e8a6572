import { VerdictGlyph, type Mark } from '../../figures/VerdictGlyph';

const TEXTS: Readonly<Record<Mark, string>> = {
  native: 'native',
  conditional: 'conditional',
  fallback: 'CPU',
  rejected: 'rejected',
  unverified: 'unverified',
  blocked: 'not reached',
};

/** A verdict in the fewest words, for a table. */
export const verdictText = (mark: Mark): string => TEXTS[mark];

/** The form of a verdict where its text stands beside it, or in the name of its cell. */
export function VerdictMark({ mark }: { readonly mark: Mark }) {
  return (
    <span class="mark" aria-hidden="true">
      <VerdictGlyph mark={mark} />
    </span>
  );
}
