import { edgeOf } from '../analysis/valueHistogram';
import type { Calibration } from '../calibration/calibration';
import type { CalibratedRange } from '../calibration/calibratedRanges';
import { observedRange, type RangeBits } from '../calibration/observers';
import type { ValueStatistics } from '../calibration/valueStatistics';
import type { Graph } from '../model/model';
import type { ObserverName } from '../recipe/recipe';
import { rowStatistics } from './rowStatistics';

/** Observers that are offered by name; others can be written into a recipe. */
export const OBSERVERS = [
  'min-max',
  'percentile=99.99',
  'percentile=99.9',
  'mse',
  'entropy',
  'moving-average',
] as const satisfies readonly ObserverName[];

/** What calibration saw of one value, for a picture, and the range that each observer takes from it. */
export interface ObservedValue {
  readonly values: number;
  readonly min: number;
  readonly max: number;
  /** Lower edges of the bins in ascending order, and the upper one of the last. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly observers: readonly { readonly observer: ObserverName; readonly range: CalibratedRange }[];
}

const MOST_BINS = 128;

/** @param id of a FixRow @param bits of its format @returns null where nothing was seen of it */
export function observedValue(calibration: Calibration, graph: Graph, id: string, bits: RangeBits): ObservedValue | null {
  const statistics = rowStatistics(calibration, graph, id);
  if (statistics === null || statistics.range.values === 0) return null;
  const { values, min, max } = statistics.range;
  const observers = OBSERVERS.flatMap((observer) => {
    const range = observedRange(statistics, observer, bits);
    return range === null ? [] : [{ observer, range }];
  });
  return { values, min, max, ...binsOf(statistics), observers };
}

/** Bins joined to at most MOST_BINS. */
function binsOf({ histogram }: ValueStatistics): Pick<ObservedValue, 'edges' | 'counts'> {
  const { axis, first, exponent, counts } = histogram;
  const joined = Math.max(1, Math.ceil(counts.length / MOST_BINS));
  const bins = Math.ceil(counts.length / joined);
  return {
    edges: Array.from({ length: bins + 1 }, (_, bin) => edgeOf(axis, first + Math.min(counts.length, bin * joined), exponent)),
    counts: Array.from({ length: bins }, (_, bin) => {
      let sum = 0;
      for (let k = bin * joined; k < Math.min(counts.length, (bin + 1) * joined); k++) sum += counts[k]!;
      return sum;
    }),
  };
}
