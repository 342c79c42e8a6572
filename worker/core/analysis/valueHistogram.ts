import type { CodeArray } from './analysedArray';
import type { ValueRange } from './valueRange';

/**
 * Where reals lie on a histogram's axis: position = real / scale + zeroPoint. With `codes` the integers of that axis are the
 * codes of a quantized signal, and bins are whole numbers of codes with their edges half-way between codes; float values of the
 * same signal are put on the same axis, beyond the rails as well.
 */
export interface ValueAxis {
  readonly scale: number;
  readonly zeroPoint: number;
  readonly codes: boolean;
  /** More bins than this are joined in pairs; MAX_BINS where not given. */
  readonly bins?: number;
}

export const REAL_AXIS: ValueAxis = { scale: 1, zeroPoint: 0, codes: false };

/**
 * Exact counts in bins of 2^exponent positions, bin b covering [b, b + 1) * 2^exponent (shifted down by half a position on an
 * axis of codes). Bins are aligned to multiples of their own width, so doubling the width joins whole bins, and the exponent
 * follows from the range alone: one pass over the data is enough, and any split of the data merges to the same counts.
 */
export interface ValueHistogram {
  readonly axis: ValueAxis;
  /** Lowest and highest position seen. */
  low: number;
  high: number;
  exponent: number;
  /** Bin that `counts[0]` counts. */
  first: number;
  /** Just long enough for the bins from `low` to `high`. */
  counts: Float64Array;
}

/** Enough for any picture. */
const MAX_BINS = 1024;
/** Bin numbers stay below this, so that they are exact. */
const MAX_BIN_NUMBER = 2 ** 30;
/** No bins narrower than 2^-100 on an axis of reals. */
const FINEST_REAL_EXPONENT = -100;

export function emptyHistogram(axis: ValueAxis): ValueHistogram {
  return { axis, low: Infinity, high: -Infinity, exponent: finestExponent(axis), first: 0, counts: new Float64Array(0) };
}

/** @param range that of `values`; values that are not finite are left out */
export function addReals(histogram: ValueHistogram, values: Float32Array, range: ValueRange): void {
  if (range.values === 0) return;
  const { scale, zeroPoint } = histogram.axis;
  const offset = zeroPoint + halfPosition(histogram.axis);
  cover(histogram, range.min / scale + offset, range.max / scale + offset);
  const { counts, first } = histogram;
  const width = 2 ** -histogram.exponent;
  const inverse = 1 / scale;
  if (isPowerOfTwo(scale)) {
    // The same quotient, in a third of the time; the signals of a cell are mostly of such scales.
    for (let i = 0; i < values.length; i++) {
      const bin = Math.floor((values[i]! * inverse + offset) * width) - first;
      if (bin >= 0 && bin < counts.length) counts[bin]!++;
    }
    return;
  }
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i]! / scale + offset) * width) - first;
    // Only values that are not finite fall outside.
    if (bin >= 0 && bin < counts.length) counts[bin]!++;
  }
}

/** Whether dividing by it and multiplying by its inverse round alike. */
function isPowerOfTwo(scale: number): boolean {
  return scale > 2 ** -500 && scale < 2 ** 500 && Number.isInteger(Math.log2(scale)) && 2 ** Math.log2(scale) === scale;
}

/** @param range that of `codes` */
export function addCodes(histogram: ValueHistogram, codes: CodeArray, range: ValueRange): void {
  if (range.values === 0) return;
  cover(histogram, range.min + 0.5, range.max + 0.5);
  const { counts, first, exponent } = histogram;
  for (let i = 0; i < codes.length; i++) counts[(codes[i]! >> exponent) - first]!++;
}

export function mergeHistogram(into: ValueHistogram, other: ValueHistogram): void {
  if (other.counts.length === 0) return;
  cover(into, other.low, other.high);
  addBins(into, other);
}

/** Lower edge of a bin, as a real. */
export function edgeOf(axis: ValueAxis, bin: number, exponent: number): number {
  return axis.scale * (bin * 2 ** exponent - halfPosition(axis) - axis.zeroPoint);
}

/** Calls back for every bin counted, numbered as at `exponent`, which is at least the histogram's own. */
export function forEachBin(
  { first, counts, exponent: own }: Pick<ValueHistogram, 'first' | 'counts' | 'exponent'>,
  exponent: number,
  visit: (bin: number, count: number) => void,
): void {
  const join = 2 ** (own - exponent);
  for (let i = 0; i < counts.length; i++) visit(Math.floor((first + i) * join), counts[i]!);
}

/** Makes room for positions from `low` to `high`, joining bins in pairs as often as needed. */
function cover(histogram: ValueHistogram, low: number, high: number): void {
  if (low >= histogram.low && high <= histogram.high) return;
  const { exponent, first: firstBefore, counts } = histogram;
  histogram.low = Math.min(histogram.low, low);
  histogram.high = Math.max(histogram.high, high);
  histogram.exponent = exponentFor(histogram.low, histogram.high, histogram.axis);
  const width = 2 ** -histogram.exponent;
  const first = Math.floor(histogram.low * width);
  const bins = Math.floor(histogram.high * width) - first + 1;
  if (histogram.exponent === exponent && first === firstBefore && bins === counts.length) return;
  histogram.first = first;
  histogram.counts = new Float64Array(bins);
  addBins(histogram, { axis: histogram.axis, exponent, first: firstBefore, counts });
}

/** Adds `from`'s counts to `into`, which covers its range at the same or a larger bin width. */
function addBins(into: ValueHistogram, from: Readonly<Omit<ValueHistogram, 'low' | 'high'>>): void {
  const { counts, first } = into;
  const added = from.counts;
  // Bins are aligned to multiples of their width, so a shift joins them: mostly by none.
  const join = into.exponent - from.exponent;
  if (join <= 30) {
    for (let i = 0; i < added.length; i++) counts[((from.first + i) >> join) - first]! += added[i]!;
    return;
  }
  forEachBin(from, into.exponent, (bin, count) => {
    counts[bin - first]! += count;
  });
}

/** Smallest exponent that needs at most the axis' bins, all numbered within MAX_BIN_NUMBER. */
function exponentFor(low: number, high: number, axis: ValueAxis): number {
  const most = axis.bins ?? MAX_BINS;
  const reach = Math.max(Math.abs(low), Math.abs(high));
  // log2 may err in its last bit, hence one less than the lower bounds that follow from the two conditions below.
  let exponent = Math.max(
    finestExponent(axis),
    Math.floor(Math.log2((high - low) / most)) - 1,
    Math.floor(Math.log2(reach / MAX_BIN_NUMBER)) - 1,
  );
  for (; ; exponent++) {
    const width = 2 ** -exponent;
    if (Math.floor(high * width) - Math.floor(low * width) < most && reach * width < MAX_BIN_NUMBER) return exponent;
  }
}

function finestExponent(axis: ValueAxis): number {
  return axis.codes ? 0 : FINEST_REAL_EXPONENT;
}

function halfPosition(axis: ValueAxis): number {
  return axis.codes ? 0.5 : 0;
}
