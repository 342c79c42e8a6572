import type { ShownMark } from '../../figures/VerdictGlyph';
import type { ViewState } from '../../viewState';
import type { TargetColumn } from './placements';
import type { Stretch } from './stretches';

/** A line of the matrix: the head of a stretch, or an operator by its position in the overview. */
export type MatrixRow =
  | { readonly kind: 'stretch'; readonly id: string; readonly stretch: Stretch; readonly folded: boolean; readonly found: number }
  | { readonly kind: 'op'; readonly id: string; readonly position: number };

export type MatrixFilter = Pick<ViewState, 'verdicts' | 'verdictsOn'> & {
  /** The two targets that are held against each other, where the filter is `differ`. */
  readonly pair: readonly [TargetColumn, TargetColumn] | null;
};

/** Positions of the operators that the filter keeps, in file order. */
export function keptOps(
  total: number,
  columns: readonly TargetColumn[],
  { verdicts, verdictsOn, pair }: MatrixFilter,
): readonly number[] {
  const all = Array.from({ length: total }, (_, position) => position);
  if (verdicts === 'all') return all;
  if (verdicts === 'differ') {
    return pair === null ? [] : all.filter((position) => pair[0].marks[position] !== pair[1].marks[position]);
  }
  const asked = columns.filter(({ name }) => verdictsOn === null || name === verdictsOn);
  if (verdicts === 'log') return all.filter((position) => asked.some(({ log }) => log?.[position]?.agrees === false));
  return all.filter((position) => asked.some(({ marks }) => marks[position] === verdicts));
}

/** Rows in file order under the heads of their stretches; stretches in which nothing is kept have none. */
export function matrixRows(
  kept: readonly number[],
  stretches: readonly Stretch[],
  folded: readonly string[],
): readonly MatrixRow[] {
  const opRow = (position: number): MatrixRow => ({ kind: 'op', id: `op-${position}`, position });
  if (stretches.length === 0) return kept.map(opRow);
  const isFolded = new Set(folded);
  const rows: MatrixRow[] = [];
  let at = 0;
  for (const stretch of stretches) {
    const first = at;
    while (at < kept.length && (kept[at] ?? 0) < stretch.end) at += 1;
    const own = kept.slice(first, at);
    if (own.length === 0) continue;
    const isClosed = isFolded.has(stretch.id);
    rows.push({ kind: 'stretch', id: `stretch-${stretch.id}`, stretch, folded: isClosed, found: own.length });
    if (!isClosed) rows.push(...own.map(opRow));
  }
  return rows;
}

/** What a folded stretch is on a target: the mark that all its operators share, or the share that it takes. */
export interface StretchMark {
  readonly mark: ShownMark | null;
  /** 0..1, native or conditional. */
  readonly native: number;
  /** At least one operator makes the target refuse the model. */
  readonly rejects: boolean;
}

export function stretchMark({ marks }: TargetColumn, { start, end }: Pick<Stretch, 'start' | 'end'>): StretchMark {
  let native = 0;
  let rejects = false;
  let mark: ShownMark | null = marks[start] ?? null;
  for (let position = start; position < end; position++) {
    const own = marks[position];
    if (own === 'native' || own === 'conditional') native += 1;
    if (own === 'rejected') rejects = true;
    if (own !== mark) mark = null;
  }
  return { mark, native: native / Math.max(1, end - start), rejects };
}
