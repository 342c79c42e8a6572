import { edgeOf, forEachBin, type ValueHistogram } from '../analysis/valueHistogram';
import type { Histogram } from './report';

const MOST_BINS = 150;
const MOST_BINS_OF_FEW_VALUES = 50;
const FEW_VALUES = 5_000;

/**
 * The bins of a report: whole numbers of the counted bins joined, so that all counts stay exact. With codes, bins start at the
 * lowest code of the type, so that a rail is the first or the last code of a bin and never hidden in its middle.
 * @param lowestCode null on an axis of reals
 * @param values number of values counted on one path
 */
export function reportHistogram(
  float: ValueHistogram,
  quantized: ValueHistogram | null,
  values: number,
  lowestCode: number | null,
): Histogram {
  const exponent = Math.max(float.exponent, quantized?.exponent ?? float.exponent);
  const low = Math.min(float.low, quantized?.low ?? Infinity);
  const high = Math.max(float.high, quantized?.high ?? -Infinity);
  if (low > high) return { edges: [], float: [], int8: quantized === null ? null : [] };
  const width = 2 ** -exponent;
  const anchor = lowestCode === null ? Math.floor(low * width) : Math.floor((lowestCode + 0.5) * width);
  const most = values < FEW_VALUES ? MOST_BINS_OF_FEW_VALUES : MOST_BINS;
  const lowBin = Math.floor(low * width);
  const highBin = Math.floor(high * width);
  let stride = Math.ceil((highBin - lowBin + 1) / most);
  // Aligned to the anchor, the ends may need one bin more.
  while (slotOf(highBin, anchor, stride) - slotOf(lowBin, anchor, stride) >= most) stride++;
  const first = slotOf(lowBin, anchor, stride);
  const bins = slotOf(highBin, anchor, stride) - first + 1;
  const edges = Array.from({ length: bins + 1 }, (_, slot) => edgeOf(float.axis, anchor + (first + slot) * stride, exponent));
  const countsOf = (histogram: ValueHistogram) => {
    const counts = new Array<number>(bins).fill(0);
    forEachBin(histogram, exponent, (bin, count) => {
      counts[slotOf(bin, anchor, stride) - first]! += count;
    });
    return counts;
  };
  return { edges, float: countsOf(float), int8: quantized === null ? null : countsOf(quantized) };
}

function slotOf(bin: number, anchor: number, stride: number): number {
  return Math.floor((bin - anchor) / stride);
}
