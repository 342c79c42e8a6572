import type { ValueHistogram } from '../analysis/valueHistogram';
import type { CalibratedRange } from './calibratedRanges';

/** Ends that are tried on either side: every 128th part of the way from the extreme to 0. */
const CANDIDATES = 128;
const LEVELS = 255;

/**
 * The range whose asymmetric int8 has the least mean square error: what clipping costs, (x - end)^2 for each value beyond an end,
 * plus what rounding costs, step^2 / 12 for each value inside. Values count as at the middle of their bins. All pairs of ends
 * are tried; the same sum that PyTorch's HistogramObserver lowers step by step.
 */
export function leastErrorRange(histogram: ValueHistogram, all: CalibratedRange): CalibratedRange {
  const sums = sumsUpTo(histogram);
  const total = sums.at(histogram.counts.length);
  const lows = endsOf(all.min, Math.min).map((end) => ({ end, ...clipped(sums.below(end), end) }));
  const highs = endsOf(all.max, Math.max).map((end) => {
    const below = sums.below(end);
    const above = { count: total.count - below.count, sum: total.sum - below.sum, squares: total.squares - below.squares };
    return { end, ...clipped(above, end) };
  });
  let best = { min: all.min, max: all.max, error: Infinity };
  for (const low of lows) {
    for (const high of highs) {
      const step = (Math.max(high.end, 0) - Math.min(low.end, 0)) / LEVELS;
      const inside = total.count - low.count - high.count;
      const error = low.error + high.error + (inside * step * step) / 12;
      if (error < best.error) best = { min: low.end, max: high.end, error };
    }
  }
  return { min: best.min, max: best.max };
}

/** Of some values x: their number, sum x and sum x^2. */
interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** Number and sum of squared distances to `end`, where all of the values lie beyond it. */
function clipped({ count, sum, squares }: Moments, end: number): { readonly count: number; readonly error: number } {
  return { count, error: Math.max(0, squares - 2 * end * sum + end * end * count) };
}

/** The extreme, and points between it and 0; 0 is inside every asymmetric range, so an extreme beyond it is the only one. */
function endsOf(extreme: number, outer: (a: number, b: number) => number): number[] {
  if (outer(extreme, 0) === 0) return [extreme];
  return Array.from({ length: CANDIDATES }, (_, k) => (extreme * (CANDIDATES - k)) / CANDIDATES);
}

function sumsUpTo({ counts, first, exponent }: ValueHistogram) {
  const width = 2 ** exponent;
  const bins = counts.length;
  const count = new Float64Array(bins + 1);
  const sum = new Float64Array(bins + 1);
  const squares = new Float64Array(bins + 1);
  for (let bin = 0; bin < bins; bin++) {
    const middle = (first + bin + 0.5) * width;
    count[bin + 1] = count[bin]! + counts[bin]!;
    sum[bin + 1] = sum[bin]! + counts[bin]! * middle;
    squares[bin + 1] = squares[bin]! + counts[bin]! * middle * middle;
  }
  const at = (bin: number): Moments => ({ count: count[bin]!, sum: sum[bin]!, squares: squares[bin]! });
  /** Of the values in bins whose middle lies below `end`. */
  const below = (end: number): Moments => at(Math.min(bins, Math.max(0, Math.ceil(end / width - first - 0.5))));
  return { at, below };
}
