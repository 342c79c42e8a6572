import { edgeOf, type ValueHistogram } from '../analysis/valueHistogram';
import type { CalibratedRange } from './calibratedRanges';

/**
 * The range that holds `percentile` percent of the values, the same share cut at either end, as ONNX Runtime's calibrator does
 * for asymmetric ranges (quantization/calibrate.py, compute_percentile); inside a bin values count as evenly spread.
 */
export function percentileRange(histogram: ValueHistogram, percentile: number): CalibratedRange {
  const { counts } = histogram;
  let total = 0;
  for (const count of counts) total += count;
  const cut = (total * (100 - percentile)) / 200;
  const steps = [...counts.keys()];
  const low = reach(counts, steps, cut);
  const high = reach(counts, steps.reverse(), cut);
  return { min: at(histogram, low.bin, low.share), max: at(histogram, high.bin, 1 - high.share) };
}

/** How far one has to go through the bins to leave `cut` values behind: a bin, and the share of it. */
function reach(counts: Float64Array, bins: readonly number[], cut: number): { readonly bin: number; readonly share: number } {
  let left = cut;
  for (const bin of bins) {
    const count = counts[bin]!;
    if (count > left) return { bin, share: left / count };
    left -= count;
  }
  return { bin: bins.at(-1) ?? 0, share: 1 };
}

function at({ axis, first, exponent }: ValueHistogram, bin: number, share: number): number {
  return edgeOf(axis, first + bin + share, exponent);
}
