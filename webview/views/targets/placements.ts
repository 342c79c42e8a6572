import type { ModelOverview, OperatorInfo } from '../../../worker/core/report/overview';
import type { OperatorPlacement, TargetPlacement } from '../../../worker/core/targets/verdict';
import { count } from '../../charts/format';
import { opId } from '../../derived';
import type { TextRows } from '../../figures/textRows';
import { MARK_NAME, type Mark } from '../../figures/VerdictGlyph';
import type { OpKey, VerdictFilter } from '../../viewState';
import { plural } from '../text';

/** A target with its placements by operator. */
export interface TargetColumn {
  readonly name: string;
  readonly placement: TargetPlacement;
  readonly byOp: ReadonlyMap<string, OperatorPlacement>;
}

/** The targets as the model's own map lists them. */
export function targetColumns({ targets }: Pick<ModelOverview, 'targets'>): readonly TargetColumn[] {
  return Object.entries(targets).map(([name, placement]) => ({
    name,
    placement,
    byOp: new Map(placement.ops.map((op) => [opId(op), op])),
  }));
}

export function markOf(placement: OperatorPlacement | undefined): Mark {
  if (!placement) return 'unverified';
  return placement.reached ? placement.verdict : 'blocked';
}

/** Operators that some target puts on the CPU, or refuses. */
export function filterOps<T extends OpKey>(
  ops: readonly T[],
  columns: readonly TargetColumn[],
  filter: VerdictFilter,
): readonly T[] {
  if (filter === 'all') return ops;
  return ops.filter((op) => columns.some(({ byOp }) => markOf(byOp.get(opId(op))) === filter));
}

const onTarget = (mark: Mark): boolean => mark === 'native' || mark === 'conditional';

/** Whether work changes hands between an operator and the one before it in the file. */
export function isHandOver(column: TargetColumn, before: OpKey | undefined, op: OpKey): boolean {
  if (column.placement.result === 'rejected' || before?.subgraph !== op.subgraph) return false;
  const [first, second] = [markOf(column.byOp.get(opId(before))), markOf(column.byOp.get(opId(op)))];
  return onTarget(first) !== onTarget(second) && first !== 'unverified' && second !== 'unverified';
}

export interface TargetSummary {
  readonly native: number;
  readonly total: number;
  readonly text: string;
  readonly rejected: boolean;
}

/** One target in a line: how many operators it takes, in how many stretches, or where it refuses. */
export function summaryOf(column: TargetColumn): TargetSummary {
  const { ops, result } = column.placement;
  const native = ops.filter((op) => onTarget(markOf(op))).length;
  const summary = { native, total: ops.length };
  if (result === 'rejected') {
    const culprit = ops.find((op) => markOf(op) === 'rejected');
    return { ...summary, native: 0, rejected: true, text: culprit ? `rejected at op ${culprit.index}` : 'rejected' };
  }
  const fallback = ops.filter((op) => markOf(op) === 'fallback').length;
  const unverified = ops.length - native - fallback;
  const parts = [
    count(native),
    ...(fallback > 0 ? [`${native === 0 && unverified === 0 ? 'all ' : ''}${count(fallback)} on the CPU`] : []),
    ...(fallback > 0 && native > 0 ? [plural(stretches(column), 'partition')] : []),
    ...(unverified > 0 ? [`${count(unverified)} unverified`] : []),
  ];
  return { ...summary, rejected: false, text: parts.join(', ') };
}

/** All targets in lines, for the clipboard. */
export function summaryTable(columns: readonly TargetColumn[]): TextRows['rows'] {
  const rows = columns.map((column) => {
    const { native, total, text } = summaryOf(column);
    return [column.placement.label, count(native), count(total), text, column.placement.source];
  });
  return [['target', 'native', 'of', 'in words', 'source'], ...rows];
}

/** Operators by targets, for the clipboard: what the grid shows as marks, in words. */
export function placementTable(ops: readonly OperatorInfo[], columns: readonly TargetColumn[]): TextRows['rows'] {
  const rows = ops.map((op) => [
    op.subgraph === 0 ? String(op.index) : `${op.subgraph}:${op.index}`,
    op.op,
    ...columns.map(({ byOp }) => MARK_NAME[markOf(byOp.get(opId(op)))]),
  ]);
  return [['index', 'op', ...columns.map(({ placement }) => placement.label)], ...rows];
}

function stretches(column: TargetColumn): number {
  const { ops } = column.placement;
  return ops.filter((op, at) => {
    const before = ops[at - 1];
    const continues = before?.subgraph === op.subgraph && onTarget(markOf(before));
    return onTarget(markOf(op)) && !continues;
  }).length;
}
