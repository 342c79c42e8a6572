import type { AnalysedArray } from './analysedArray';
import type { ValueRange } from './valueRange';

/** Values at an activation's end, where its slope is as good as zero. Mergeable. */
export interface FlatSums {
  readonly activation: 'sigmoid' | 'tanh';
  low: number;
  high: number;
}

/**
 * What rounds to the last Q0.15 code or lies beyond it, in steps of 2^-15: sigmoid 0 and 32767; tanh +-32767, since integer tanh
 * is meant to be odd. Reals are held against the same limits, so that paths compare.
 */
const HIGH = 32766.5;
const LOW = { sigmoid: 0.5, tanh: -32766.5 } as const;
const Q15 = 2 ** 15;

export function emptyFlat(activation: 'sigmoid' | 'tanh'): FlatSums {
  return { activation, low: 0, high: 0 };
}

/** Values up to the first and from the second on are flat. @param scale real = scale * value: that of the codes, 1 for reals */
export function flatEnds(activation: FlatSums['activation'], scale: number): readonly [low: number, high: number] {
  return [LOW[activation] / (Q15 * scale), HIGH / (Q15 * scale)];
}

/** @param scale real = scale * value: that of the codes, 1 for reals */
export function addFlat(flat: FlatSums, values: AnalysedArray, scale: number, range: ValueRange): void {
  const [lowest, highest] = flatEnds(flat.activation, scale);
  if (range.min > lowest && range.max < highest) return;
  let low = 0;
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v <= lowest) low++;
    else if (v >= highest) high++;
  }
  flat.low += low;
  flat.high += high;
}

export function mergeFlat(into: FlatSums, other: FlatSums): void {
  into.low += other.low;
  into.high += other.high;
}
