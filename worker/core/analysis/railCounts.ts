import type { CodeArray } from './analysedArray';
import type { ValueAxis } from './valueHistogram';
import type { ValueRange } from './valueRange';

/** Codes at the ends of their integer type, and float values that lie beyond. Mergeable. */
export interface RailSums {
  readonly lowCode: number;
  readonly highCode: number;
  low: number;
  high: number;
  /** Values of the float path more than half a code beyond the rail: what the type cannot hold. */
  floatBeyondLow: number;
  floatBeyondHigh: number;
}

export function emptyRails([lowCode, highCode]: readonly [low: number, high: number]): RailSums {
  return { lowCode, highCode, low: 0, high: 0, floatBeyondLow: 0, floatBeyondHigh: 0 };
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

/** @param range that of `floats` */
export function addFloatsBeyond(
  rails: RailSums,
  floats: Float32Array,
  { scale, zeroPoint }: Pick<ValueAxis, 'scale' | 'zeroPoint'>,
  range: ValueRange,
): void {
  const lowest = scale * (rails.lowCode - 0.5 - zeroPoint);
  const highest = scale * (rails.highCode + 0.5 - zeroPoint);
  if (range.min >= lowest && range.max <= highest) return;
  for (let i = 0; i < floats.length; i++) {
    const v = floats[i]!;
    if (v < lowest) rails.floatBeyondLow++;
    else if (v > highest) rails.floatBeyondHigh++;
  }
}

export function mergeRails(into: RailSums, other: RailSums): void {
  into.floatBeyondLow += other.floatBeyondLow;
  into.floatBeyondHigh += other.floatBeyondHigh;
  into.low += other.low;
  into.high += other.high;
}
