import type { CodeArray } from './analysedArray';
import type { ValueRange } from './valueRange';

/** Codes at the ends of their integer type. Mergeable. */
export interface RailSums {
  readonly lowCode: number;
  readonly highCode: number;
  low: number;
  high: number;
}

export function emptyRails([lowCode, highCode]: readonly [low: number, high: number]): RailSums {
  return { lowCode, highCode, low: 0, high: 0 };
}

/** @param range that of `codes`: most signals never get near a rail, and then nothing needs counting */
export function addRails(rails: RailSums, codes: CodeArray, range: ValueRange): void {
  const { lowCode, highCode } = rails;
  if (range.min > lowCode && range.max < highCode) return;
  let low = 0;
  let high = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === lowCode) low++;
    else if (code === highCode) high++;
  }
  rails.low += low;
  rails.high += high;
}

export function mergeRails(into: RailSums, other: RailSums): void {
  into.low += other.low;
  into.high += other.high;
}
