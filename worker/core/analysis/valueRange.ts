import type { AnalysedArray, CodeArray } from './analysedArray';

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
  return values instanceof Float32Array ? realRange(values) : codeRange(values);
}

function codeRange(codes: CodeArray): ValueRange {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code < min) min = code;
    if (code > max) max = code;
  }
  return { values: codes.length, min, max, nonFinite: 0 };
}

function realRange(values: Float32Array): ValueRange {
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

function finiteRangeOf(values: Float32Array): ValueRange {
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
