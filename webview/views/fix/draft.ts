import { overrideOf, withKeepFloat, withOverride, type RowOverride } from '../../../worker/core/fix/editRecipe';
import type { FixRow } from '../../../worker/core/fix/fixRows';
import { observerLabel } from '../../../worker/core/fix/editRecipe';
import type { ObserverName, Recipe } from '../../../worker/core/recipe/recipe';
import { bound, qFormat } from '../../charts/format';
import { rowLabel } from './rows';

/** What is entered for one row, not yet applied. */
export interface RowDraft {
  readonly by: 'observer' | 'range' | 'cell';
  /** '' : that of the whole model. */
  readonly observer: ObserverName | '';
  /** As typed. */
  readonly min: string;
  readonly max: string;
  /** '' : from the range. */
  readonly exponent: string;
  readonly bits: 8 | 16;
  readonly keepFloat: boolean;
}

export function draftOf(recipe: Recipe, row: FixRow): RowDraft {
  const { range, observer, bits, cellExponent } = overrideOf(recipe, row);
  const held = row.format === null ? row.seen : { min: row.format.low, max: row.format.high };
  return {
    by: row.kind === 'cell' ? 'cell' : range === undefined ? 'observer' : 'range',
    observer: observer ?? '',
    min: numberText(range?.[0] ?? held?.min ?? 0),
    max: numberText(range?.[1] ?? held?.max ?? 0),
    exponent: cellExponent === undefined ? '' : String(cellExponent),
    bits: bits ?? 8,
    keepFloat: row.operatorKey !== null && recipe.keepFloat?.includes(row.operatorKey) === true,
  };
}

/** As a person writes it, and as `parseNumber` reads it. */
function numberText(value: number): string {
  return String(Number(value.toPrecision(5))).replace('-', '−');
}

/** Both kinds of minus; null where it is no number that float32 holds. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replace('−', '-').replace(/,/g, '');
  if (plain === '' || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(Math.fround(value)) ? value : null;
}

/** The recipe with what was entered; or what is wrong with it. */
export function withDraft(
  recipe: Recipe,
  row: FixRow,
  draft: RowDraft,
): { readonly recipe: Recipe } | { readonly problem: string } {
  const override = overrideFrom(row, draft);
  if ('problem' in override) return override;
  const changed = withOverride(recipe, row, override.override);
  const { operatorKey } = row;
  return { recipe: operatorKey === null ? changed : withKeepFloat(changed, operatorKey, draft.keepFloat) };
}

function overrideFrom(row: FixRow, draft: RowDraft): { readonly override: RowOverride } | { readonly problem: string } {
  if (draft.by === 'cell') return { override: draft.exponent === '' ? {} : { cellExponent: Number(draft.exponent) } };
  const bits = draft.bits === 16 ? { bits: 16 as const } : {};
  if (row.fixed !== null) return { override: bits };
  if (draft.by === 'observer') return { override: { ...(draft.observer === '' ? {} : { observer: draft.observer }), ...bits } };
  const [min, max] = [parseNumber(draft.min), parseNumber(draft.max)];
  if (min === null || max === null) return { problem: 'A range has two numbers, such as −4 and 4.' };
  if (min > max) return { problem: `The lower end, ${draft.min}, lies above the upper one, ${draft.max}.` };
  if (min === max) return { problem: 'A range without extent gives no scale.' };
  return { override: { range: [min, max], ...bits } };
}

/** What was entered, as the label of a step. */
export function draftLabel(row: FixRow, draft: RowDraft, before: RowDraft): string {
  const name = rowLabel(row);
  if (draft.keepFloat !== before.keepFloat) return draft.keepFloat ? `${name}: operator float` : `${name}: operator quantized`;
  if (draft.bits !== before.bits) return `${name}: ${draft.bits} bits`;
  if (draft.by === 'cell')
    return draft.exponent === '' ? `${name}: format by its range` : `${name}: ${qFormat(Number(draft.exponent))}`;
  if (draft.by === 'range') {
    const ends = [parseNumber(draft.min) ?? 0, parseNumber(draft.max) ?? 0].map(bound);
    return `${name}: ${ends.join(' to ')}`;
  }
  return draft.observer === '' ? `${name}: observer of the model` : `${name}: ${observerLabel(draft.observer)}`;
}
