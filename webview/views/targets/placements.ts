import type { ModelOverview, OperatorInfo } from '../../../worker/core/report/overview';
import type { LogOverlay, OverlayRow } from '../../../worker/core/targetLogs/overlayLog';
import type { OperatorPlacement, TargetPlacement } from '../../../worker/core/targets/verdict';
import { byteCount, count, percent } from '../../charts/format';
import type { TextRows } from '../../figures/textRows';
import { MARK_NAME, type Mark, type ShownMark } from '../../figures/VerdictGlyph';
import { plural } from '../text';

/** A target with what it does, by the operators' positions in the overview. */
export interface TargetColumn {
  readonly name: string;
  readonly placement: TargetPlacement;
  readonly marks: readonly ShownMark[];
  /** Index of the partition that an operator is in; -1: none. Null where an interpreter runs the operators singly. */
  readonly partitionOf: Int32Array | null;
  /** What an imported log says of each operator; null without one. */
  readonly log: readonly (OverlayRow | undefined)[] | null;
}

/** The targets as the model's own map lists them, each with what a log says of it. */
export function targetColumns(
  { targets, format }: Pick<ModelOverview, 'targets' | 'format'>,
  overlays: readonly LogOverlay[] = [],
): readonly TargetColumn[] {
  return Object.entries(targets).map(([name, placement]) => {
    const overlay = overlays.find(({ target }) => target === name);
    const isOther = placement.reads !== undefined && placement.reads !== format;
    return {
      name,
      placement,
      marks: placement.ops.map((op) => (isOther ? 'other' : markOf(op))),
      partitionOf: partitionsOf(placement),
      log: overlay === undefined ? null : byPosition(placement, overlay.rows),
    };
  });
}

const keyOf = ({ subgraph, index }: Pick<OperatorPlacement, 'subgraph' | 'index'>): string => `${subgraph}-${index}`;

function partitionsOf({ ops, effects }: TargetPlacement): Int32Array | null {
  const partitions = effects?.partitions ?? [];
  if (partitions.length === 0) return null;
  const positions = new Map(ops.map((op, position) => [keyOf(op), position]));
  const partitionOf = new Int32Array(ops.length).fill(-1);
  for (const [partition, { subgraph, ops: own }] of partitions.entries()) {
    for (const index of own) partitionOf[positions.get(keyOf({ subgraph, index })) ?? -1] = partition;
  }
  return partitionOf;
}

function byPosition({ ops }: TargetPlacement, rows: readonly OverlayRow[]): readonly (OverlayRow | undefined)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return ops.map((op) => byKey.get(keyOf(op)));
}

export function markOf(placement: OperatorPlacement | undefined): Mark {
  if (!placement) return 'unverified';
  return placement.reached ? placement.verdict : 'blocked';
}

const onTarget = (mark: ShownMark | undefined): boolean => mark === 'native' || mark === 'conditional';

/** Whether work changes hands between an operator and the one before it in the file. */
export function isHandOver({ partitionOf, placement, marks }: TargetColumn, position: number): boolean {
  const [before, op] = [placement.ops[position - 1], placement.ops[position]];
  if (partitionOf === null || before === undefined || before.subgraph !== op?.subgraph) return false;
  if (marks[position - 1] === 'unverified' || marks[position] === 'unverified') return false;
  return partitionOf[position - 1] !== partitionOf[position];
}

/** Whether the target runs a part of the model only, so that there is something to hand over. */
export function isSplit({ placement: { effects, ops } }: TargetColumn): boolean {
  const partitions = effects?.partitions ?? [];
  return partitions.length > 1 || (partitions.length === 1 && partitions[0]?.ops.length !== ops.length);
}

/** Whether an operator is in the partition of the one before it, unless one partition holds everything. */
export function goesOn({ partitionOf, placement }: TargetColumn, position: number): boolean {
  const own = partitionOf?.[position] ?? -1;
  if (own < 0 || placement.effects?.partitions[own]?.ops.length === placement.ops.length) return false;
  return partitionOf?.[position - 1] === own && placement.ops[position - 1]?.subgraph === placement.ops[position]?.subgraph;
}

/** Where an operator stands in its partition, as a bracket beside it shows; null outside one, and where one holds everything. */
export function bracketOf(column: TargetColumn, position: number): 'start' | 'middle' | 'end' | 'only' | null {
  const { partitionOf, placement } = column;
  const own = partitionOf?.[position] ?? -1;
  if (own < 0 || placement.effects?.partitions[own]?.ops.length === placement.ops.length) return null;
  const [above, below] = [goesOn(column, position), goesOn(column, position + 1)];
  return above ? (below ? 'middle' : 'end') : below ? 'start' : 'only';
}

export interface TargetLine {
  readonly native: number;
  readonly total: number;
  readonly text: string;
  readonly rejected: boolean;
}

/** One target in a line: how many operators it takes, in how many partitions, or where it refuses. */
export function summaryOf({ placement, marks }: TargetColumn): TargetLine {
  const native = marks.filter(onTarget).length;
  const summary = { native, total: marks.length };
  if (marks[0] === 'other') return { ...summary, rejected: false, text: `reads .${placement.reads ?? 'onnx'} files` };
  if (placement.result === 'rejected') {
    const culprit = placement.ops[marks.indexOf('rejected')];
    return { ...summary, native: 0, rejected: true, text: culprit ? `rejected at op ${culprit.index}` : 'rejected' };
  }
  const partitions = placement.effects?.partitions.length ?? 0;
  const fallback = marks.filter((mark) => mark === 'fallback').length;
  const unverified = marks.length - native - fallback;
  const parts = [
    count(native),
    ...(fallback > 0 ? [`${native === 0 && unverified === 0 ? 'all ' : ''}${count(fallback)} on the CPU`] : []),
    ...(fallback > 0 && partitions > 0 ? [plural(partitions, 'partition')] : []),
    ...(unverified > 0 ? [`${count(unverified)} unverified`] : []),
  ];
  return { ...summary, rejected: false, text: parts.join(', ') };
}

/** All targets in lines, for the clipboard. */
export function summaryTable(columns: readonly TargetColumn[]): TextRows['rows'] {
  const rows = columns.map((column) => {
    const { summary, effects, source, version, label } = column.placement;
    const { native, total, text } = summaryOf(column);
    const share = (part: keyof Pick<NonNullable<typeof summary>, 'macs' | 'weightBytes'>): string => {
      const { onTarget: here, elsewhere } = summary?.[part] ?? { onTarget: 0, elsewhere: 0 };
      return here + elsewhere === 0 ? '' : percent(here / (here + elsewhere));
    };
    return [
      label,
      count(native),
      count(total),
      text,
      share('macs'),
      share('weightBytes'),
      byteCount(summary?.peakOnTarget.bytes ?? 0),
      count(effects?.partitions.length ?? 0),
      count(effects?.handOvers.length ?? 0),
      byteCount(summary?.handOverBytes ?? 0),
      `${source} ${version}`,
    ];
  });
  const head = [
    'target',
    'native',
    'of',
    'in words',
    'MACs',
    'weights',
    'peak',
    'partitions',
    'hand-overs',
    'crossing',
    'source',
  ];
  return [head, ...rows];
}

/** Operators by targets, for the clipboard: what the grid shows as marks, in words. */
export function placementTable(
  ops: readonly OperatorInfo[],
  columns: readonly TargetColumn[],
  positions: Iterable<number> = ops.keys(),
): TextRows['rows'] {
  const rows = [...positions].flatMap((position) => {
    const op = ops[position];
    return op === undefined
      ? []
      : [[opName(op), op.op, ...columns.map(({ marks }) => MARK_NAME[marks[position] ?? 'unverified'])]];
  });
  return [['index', 'op', ...columns.map(({ placement }) => placement.label)], ...rows];
}

/** `12`; in a further subgraph `1:12`. */
export const opName = ({ subgraph, index }: { readonly subgraph: number; readonly index: number }): string =>
  subgraph === 0 ? String(index) : `${subgraph}:${index}`;
