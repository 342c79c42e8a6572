/** Rows that are selected: one whose details are shown, and others with it. All are ids of rows. */
export interface RowSelection {
  readonly current: string | null;
  readonly also: readonly string[];
}

/** `one`: this row alone; `toggle`: in or out; `range`: everything from the anchor to it. */
export type SelectMode = 'one' | 'toggle' | 'range';

/**
 * The selection after a row was chosen.
 * @param order ids of the rows on show
 * @param anchor where a range begins: the row that was last chosen alone or toggled
 */
export function selectRow(
  order: readonly string[],
  { current, also }: RowSelection,
  chosen: string,
  mode: SelectMode,
  anchor: string | null,
): RowSelection {
  if (mode === 'range') {
    const from = order.indexOf(anchor ?? current ?? chosen);
    const to = order.indexOf(chosen);
    if (from >= 0 && to >= 0) {
      const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
      return { current: chosen, also: between.filter((id) => id !== chosen) };
    }
  }
  if (mode === 'toggle' && current !== null) {
    if (chosen === current) {
      const [next, ...rest] = also;
      return next === undefined ? { current, also } : { current: next, also: rest };
    }
    if (also.includes(chosen)) return { current, also: also.filter((id) => id !== chosen) };
    return { current: chosen, also: [...also, current] };
  }
  return { current: chosen, also: [] };
}

export function modeOf(event: { readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean }): SelectMode {
  return event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'one';
}
