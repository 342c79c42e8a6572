import type { Checked } from './checker';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A number, or `{ "min": ..., "max": ... }` with one of them or both. */
export function readRange(checked: Checked): Range {
  if (typeof checked.value === 'number') {
    const only = checked.number();
    return { min: only, max: only };
  }
  const fields = checked.object(['min', 'max']);
  if (fields === null) return { min: -Infinity, max: Infinity };
  return rangeOf(checked, fields.min, fields.max);
}

/** Bounds in two fields of `checked`, one of which may be missing. */
export function rangeOf(checked: Checked, least: Checked, most: Checked): Range {
  if (!least.isThere && !most.isThere) checked.problem('has no bound', 'min, max');
  const min = least.isThere ? least.number() : -Infinity;
  const max = most.isThere ? most.number() : Infinity;
  if (min > max) checked.problem(`has min ${min} above max ${max}`, 'min at most max');
  return { min, max };
}

export function within(value: number, { min, max }: Range): boolean {
  return value >= min && value <= max;
}
