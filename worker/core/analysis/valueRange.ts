import type { AnalysedArray } from './analysedArray';

/** Lowest and highest of the finite values seen. Mergeable; depends on the values only, not on their order or split. */
export interface ValueRange {
  /** Finite values. */
  values: number;
  /** Infinity while there are none. */
  min: number;
  /** -Infinity while there are none. */
  max: number;
  /** NaN and infinite values; they count nowhere else. */
  nonFinite: number;
}

export function emptyRange(): ValueRange {
  return { values: 0, min: Infinity, max: -Infinity, nonFinite: 0 };
}

export function rangeOf(values: AnalysedArray): ValueRange {
  let min = Infinity;
  let max = -Infinity;
  // 0 * v is NaN for every v that is not finite, so one sum tells whether a careful look is needed.
  let marker = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v < min) min = v;
    if (v > max) max = v;
    marker += 0 * v;
  }
  return marker === 0 ? { values: values.length, min, max, nonFinite: 0 } : finiteRangeOf(values);
}

export function mergeRange(into: ValueRange, other: ValueRange): void {
  into.values += other.values;
  into.nonFinite += other.nonFinite;
  into.min = Math.min(into.min, other.min);
  into.max = Math.max(into.max, other.max);
}

function finiteRangeOf(values: AnalysedArray): ValueRange {
  const range = emptyRange();
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isFinite(v)) {
      range.nonFinite++;
      continue;
    }
    range.values++;
    if (v < range.min) range.min = v;
    if (v > range.max) range.max = v;
  }
  return range;
}
