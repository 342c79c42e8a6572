/** Float over the quantized path on one real axis. */
export interface HistogramData {
  /** n + 1 ascending reals. */
  readonly edges: readonly number[];
  /** n counts. */
  readonly float: readonly number[];
  /** n counts; null where there is no quantized path. */
  readonly int8: readonly number[] | null;
}

/** Ends of the integer type: their codes, the reals these stand for, and how many values sit exactly there. */
export interface Rails {
  readonly lowCode: number;
  readonly highCode: number;
  readonly lowReal: number;
  readonly highReal: number;
  readonly low: number;
  readonly high: number;
}

/** Rails at which nothing is lost, because float ends there too (an activation's end): they are not drawn as rails. */
export interface LosslessRails {
  readonly low: boolean;
  readonly high: boolean;
}

/** `rails` without the counts of those at which nothing is lost. */
export function drawnRails(rails: Rails, lossless: LosslessRails | undefined): Rails {
  if (!lossless) return rails;
  return { ...rails, low: lossless.low ? 0 : rails.low, high: lossless.high ? 0 : rails.high };
}

/** Joins neighbouring bins so that at most `most` remain; the last one may be narrower. Counts stay exact. */
export function rebin(data: HistogramData, most: number): HistogramData {
  const bins = data.float.length;
  const group = Math.max(1, Math.ceil(bins / most));
  if (group === 1) return data;
  const join = (counts: readonly number[]): number[] =>
    Array.from({ length: Math.ceil(bins / group) }, (_, k) => sum(counts.slice(k * group, (k + 1) * group)));
  const edges = data.edges.filter((_, k) => k % group === 0 || k === bins);
  return { edges, float: join(data.float), int8: data.int8 && join(data.int8) };
}

/** The bins that reach into a window of reals, whole; the counts beside them are left out. */
export function binsWithin<T extends HistogramData>(data: T, [low, high]: readonly [number, number]): T {
  const { edges, float, int8 } = data;
  let [first, end] = [0, float.length];
  while (first < end && (edges[first + 1] ?? 0) <= low) first++;
  while (end > first && (edges[end - 1] ?? 0) >= high) end--;
  if (first === 0 && end === float.length) return data;
  return { ...data, edges: edges.slice(first, end + 1), float: float.slice(first, end), int8: int8 && int8.slice(first, end) };
}

/** Index of the bin that holds `value`; -1 outside. The last bin includes its upper edge. */
export function binOf(edges: readonly number[], value: number): number {
  const bins = edges.length - 1;
  const [first, last] = [edges[0], edges[bins]];
  if (first === undefined || last === undefined || !(value >= first && value <= last)) return -1;
  let low = 0;
  let high = bins;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? Infinity) <= value) low = middle;
    else high = middle;
  }
  return low;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
