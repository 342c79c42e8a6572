import type { IndexRange } from '../../report/detail';

/** Cut to 0..end; null: all of it. */
export function cutRange(range: IndexRange | null, end: number): IndexRange {
  const from = Math.min(end, Math.max(0, range?.from ?? 0));
  return { from, to: Math.min(end, Math.max(from, range?.to ?? end)) };
}
