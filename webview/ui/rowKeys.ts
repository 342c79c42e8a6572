export interface RowPlace {
  /** Row that is current; -1: none. */
  readonly at: number;
  readonly rows: number;
  /** Rows that a page key moves by; absent: page keys are left alone. */
  readonly page?: number;
}

/** Row that a key leads to in a table, from the first to the last; null for a key that leads nowhere. */
export function rowForKey(key: string, { at, rows, page }: RowPlace): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: rows - 1,
    ...(page === undefined ? {} : { PageDown: at + page, PageUp: at - page }),
  };
  const to = moves[key];
  return to === undefined ? null : Math.min(Math.max(0, to), rows - 1);
}

/** Rows under the head that are in sight but for one, which stays when the page turns. */
export function pageOf(scroller: HTMLElement | null, row: number, head: number): number {
  return Math.max(1, Math.floor(((scroller?.clientHeight ?? 0) - head) / row) - 1);
}
