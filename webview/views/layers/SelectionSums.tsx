import { count, shareOrCount } from '../../charts/format';
import { useMemo } from 'preact/hooks';
import { sumsOf } from './layerFilters';
import type { LayerRow } from './layerRows';

/** What several selected rows add up to; nothing for one. */
export function SelectionSums(props: {
  readonly rows: readonly LayerRow[];
  readonly selected: LayerRow | null;
  readonly also: readonly string[];
}) {
  const { rows, selected, also } = props;
  const sums = useMemo(() => {
    const ids = new Set([...also, ...(selected ? [selected.id] : [])]);
    return sumsOf(rows.filter(({ id }) => ids.has(id)));
  }, [rows, selected, also]);
  if (sums.rows < 2) return null;
  const { values, lost, macs, params } = sums;
  return (
    <dl class="selection-sums" data-testid="selection-sums" aria-live="polite">
      <dt>{count(sums.rows)} selected</dt>
      {values === null ? null : <Sum label="values" text={count(values)} />}
      {values === null || lost === null ? null : (
        <Sum
          label="lost"
          text={lost === 0 ? '0' : `${count(lost)}${lost / values >= 0.001 ? ` (${shareOrCount(lost, values)})` : ''}`}
          lost={lost > 0}
        />
      )}
      <Sum label="MACs" text={count(macs)} />
      <Sum label="parameters" text={count(params)} />
    </dl>
  );
}

function Sum({ label, text, lost = false }: { readonly label: string; readonly text: string; readonly lost?: boolean }) {
  return (
    <dd>
      <span class={`figure small ${lost ? 'lost' : ''}`}>{text}</span> {label}
    </dd>
  );
}
