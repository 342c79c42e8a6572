import type { ObserverName } from '../recipe/recipe';
import type { CalibratedRange } from './calibratedRanges';
import { entropyRange } from './entropyObserver';
import { leastErrorRange } from './leastErrorObserver';
import { percentileRange } from './percentileObserver';
import type { ValueStatistics } from './valueStatistics';

/**
 * Bits of the format that a range is for. In 16 bits rounding costs next to nothing, and a histogram has fewer bins than there
 * are codes: `mse` and `entropy`, which weigh rounding against clipping, keep every value there, as `min-max` does.
 */
export type RangeBits = 8 | 16;

/** Range that an observer takes from what was seen; it never exceeds the smallest and largest value. Null where nothing was seen. */
export function observedRange(statistics: ValueStatistics, observer: ObserverName, bits: RangeBits): CalibratedRange | null {
  const { range, average, histogram } = statistics;
  if (range.values === 0) return null;
  const all = { min: range.min, max: range.max };
  const percentile = percentileOf(observer);
  if (percentile !== null) return within(all, percentileRange(histogram, percentile));
  switch (observer) {
    case 'moving-average':
      return rounded(average.current ?? all);
    case 'mse':
      return bits === 16 ? all : within(all, leastErrorRange(histogram, all));
    case 'entropy':
      return bits === 16 ? all : within(all, entropyRange(histogram));
    default:
      return all;
  }
}

/** P of `percentile=P`; null for other observers. */
function percentileOf(observer: ObserverName): number | null {
  return observer.startsWith('percentile=') ? Number(observer.slice('percentile='.length)) : null;
}

/** An observer by its name; null where there is none of that name, or a percentile is not above 50 and at most 100. */
export function observerNamed(name: string): ObserverName | null {
  if (['min-max', 'mse', 'entropy', 'moving-average'].includes(name)) return name as ObserverName;
  const text = /^percentile=(\d+(?:\.\d+)?)$/.exec(name)?.[1];
  const percentile = Number(text);
  return text !== undefined && percentile > 50 && percentile <= 100 ? `percentile=${percentile}` : null;
}

function within(all: CalibratedRange, { min, max }: CalibratedRange): CalibratedRange {
  return rounded({ min: Math.min(all.max, Math.max(all.min, min)), max: Math.max(all.min, Math.min(all.max, max)) });
}

/** Ranges are float32, as the values are. */
function rounded({ min, max }: CalibratedRange): CalibratedRange {
  return { min: Math.fround(min), max: Math.fround(max) };
}
