import { costOf, layerOf } from '../../../worker/core/fix/candidates';
import { overrideOf } from '../../../worker/core/fix/editRecipe';
import type { FixRow } from '../../../worker/core/fix/fixRows';
import { GATE_LETTERS } from '../../../worker/core/lstm/signals';
import type { Recipe } from '../../../worker/core/recipe/recipe';
import type { Report } from '../../../worker/core/report/report';
import { qFormat, scale } from '../../charts/format';
import { lossOf } from '../lstm/losses';

/** What a report says of a row's value; null: not measured. */
export interface RowFigures {
  readonly lost: { readonly count: number; readonly values: number } | null;
  /** SQNR of the operator by itself, at its output. */
  readonly localDb: number | null;
  readonly costDb: number | null;
}

export interface TableRow extends RowFigures {
  readonly row: FixRow;
  /** The recipe says something of it. */
  readonly isChanged: boolean;
  readonly isKeptFloat: boolean;
}

export function tableRows(rows: readonly FixRow[], recipe: Recipe, report: Report | null): TableRow[] {
  const kept = new Set(recipe.keepFloat ?? []);
  return rows.map((row) => {
    const isKeptFloat = row.operatorKey !== null && kept.has(row.operatorKey);
    const isChanged = Object.keys(overrideOf(recipe, row)).length > 0 || (isKeptFloat && row.kind === 'tensor');
    return { row, isChanged, isKeptFloat, ...figuresOf(row, report) };
  });
}

export function figuresOf(row: FixRow, report: Report | null): RowFigures {
  const layer = layerOf(report, row);
  const { place } = row;
  const name = place?.kind === 'op' ? place.signal : 'out';
  const signal = layer?.signals.find((one) => one.signal === name && one.direction !== 'backward') ?? null;
  return {
    lost: signal === null ? null : lossOf(signal),
    localDb: row.kind === 'tensor' ? (layer?.local?.sqnrDb ?? null) : null,
    costDb: costOf(report, row),
  };
}

const PART_LABELS = { cell: 'cell c', hidden: 'hidden m' } as const;

/** A value in words: `cell c`, `gate i`, `output h`, or its tensor's name. */
export function partLabel(row: Pick<FixRow, 'kind' | 'gate' | 'lstm' | 'key'>): string {
  switch (row.kind) {
    case 'cell':
    case 'hidden':
      return PART_LABELS[row.kind];
    case 'gate':
      return `gate ${row.gate === null ? '' : GATE_LETTERS[row.gate]}`;
    case 'input':
      return row.key;
    case 'tensor':
      return row.lstm === null ? row.key : 'output h';
  }
}

/** The same with what it belongs to: `lstm0, cell c`. */
export function rowLabel(row: Pick<FixRow, 'kind' | 'gate' | 'lstm' | 'key' | 'opName'>): string {
  if (row.kind === 'input') return `input ${row.key}`;
  return row.lstm === null ? `${row.opName ?? ''} ${row.key}`.trim() : `${row.lstm}, ${partLabel(row)}`;
}

/** `int8`, `Q4.11`, `int16`, or float. */
export function formatLabel({ kind, format }: Pick<FixRow, 'kind' | 'format'>): string {
  if (format === null) return 'float';
  const bits = Math.log2(format.scale) + 15;
  const isFixedPoint = format.dtype === 'int16' && format.zeroPoint === 0 && Number.isInteger(bits) && bits >= 0 && bits <= 15;
  return isFixedPoint && kind !== 'tensor' ? qFormat(bits) : format.dtype;
}

/** `int8, scale 0.027995, zero point −6`. */
export function formatDetail({ format }: Pick<FixRow, 'format'>): string {
  if (format === null) return 'Float in the quantized model.';
  return `${format.dtype}, scale ${scale(format.scale)}, zero point ${String(format.zeroPoint).replace('-', '−')}`;
}

/** `k` of a cell's format Qk.(15-k). */
export function exponentOf({ format }: Pick<FixRow, 'format'>): number | null {
  return format === null ? null : Math.round(Math.log2(format.scale)) + 15;
}
