import { INTEGER_RAILS } from '../../model/dtype';
import type { DetailHistogram, HistogramRequest } from '../../report/detail';
import type { CodeArray } from '../analysedArray';
import type { SignalFormat } from '../signalSums';
import type { SignalBlock } from './signalBlock';

/** What was seen on either path, for windows with open ends. */
export interface SeenRange {
  readonly min: number;
  readonly max: number;
}

/** Where bins lie: position = real * perReal + offset, bin = floor((position - first) / perBin). */
interface Bins {
  readonly perReal: number;
  readonly offset: number;
  readonly first: number;
  readonly perBin: number;
  readonly count: number;
  readonly isCodes: boolean;
}

/** Counts of a window of reals, filled block by block. */
export class WindowHistogram {
  private readonly bins: Bins;
  private readonly float: Float64Array;
  private readonly quantized: Float64Array;
  private readonly matching: Float64Array | null;
  private hasQuantized = false;
  private readonly rails: { readonly codes: readonly [low: number, high: number]; low: number; high: number } | null;
  /** Float and quantized values below and above the window. */
  private readonly outside = { floatBelow: 0, floatAbove: 0, below: 0, above: 0 };

  constructor(request: HistogramRequest, format: SignalFormat, seen: SeenRange, masked: boolean) {
    const from = request.from ?? seen.min;
    const to = request.to ?? seen.max;
    this.bins = binsOf(Math.min(from, to), Math.max(from, to), request.mostBins, format);
    this.float = new Float64Array(this.bins.count);
    this.quantized = new Float64Array(this.bins.count);
    const rails = format.quantization === null ? undefined : INTEGER_RAILS[format.dtype];
    this.rails = rails === undefined ? null : { codes: rails, low: 0, high: 0 };
    this.matching = masked ? new Float64Array(this.bins.count) : null;
  }

  add({ float, quantized, codes }: Pick<SignalBlock, 'float' | 'quantized' | 'codes'>, mask: Uint8Array | null): void {
    const { outside } = this;
    if (float !== null) {
      const beyond = this.count(float, this.float, null, null);
      outside.floatBelow += beyond.below;
      outside.floatAbove += beyond.above;
    }
    if (quantized === null) return;
    if (codes !== null) this.countRails(codes);
    this.hasQuantized = true;
    const beyond = this.count(quantized, this.quantized, mask, this.matching);
    outside.below += beyond.below;
    outside.above += beyond.above;
  }

  finish(): DetailHistogram {
    const { bins } = this;
    const edge = (bin: number) => (bins.first + bin * bins.perBin - bins.offset) / bins.perReal;
    return {
      edges: Float64Array.from({ length: bins.count + 1 }, (_, bin) => edge(bin)),
      float: this.float,
      quantized: this.hasQuantized ? this.quantized : null,
      matching: this.matching,
      codes: bins.isCodes ? { first: bins.first, end: bins.first + bins.count * bins.perBin, perBin: bins.perBin } : null,
      rails: this.rails === null || !this.hasQuantized ? null : { low: this.rails.low, high: this.rails.high },
      ...this.outside,
    };
  }

  private countRails(codes: CodeArray): void {
    const { rails } = this;
    if (rails === null) return;
    const [lowest, highest] = rails.codes;
    for (let i = 0; i < codes.length; i++) {
      if (codes[i] === lowest) rails.low++;
      else if (codes[i] === highest) rails.high++;
    }
  }

  /** Values that are NaN are counted nowhere. */
  private count(values: Float32Array, counts: Float64Array, mask: Uint8Array | null, matching: Float64Array | null) {
    const { perReal, offset, first, perBin, count } = this.bins;
    let below = 0;
    let above = 0;
    for (let i = 0; i < values.length; i++) {
      const bin = Math.floor((values[i]! * perReal + offset - first) / perBin);
      if (bin >= 0 && bin < count) {
        counts[bin]!++;
        if (mask !== null && matching !== null && mask[i] === 1) matching[bin]!++;
      } else if (bin < 0) {
        below++;
      } else if (bin >= count) {
        above++;
      }
    }
    return { below, above };
  }
}

function binsOf(from: number, to: number, most: number, { quantization, dtype }: SignalFormat): Bins {
  const scale = quantization?.scales[0];
  if (!Number.isFinite(from) || !Number.isFinite(to)) {
    return { perReal: 1, offset: 0, first: 0, perBin: 1, count: 0, isCodes: false };
  }
  if (scale === undefined || !(scale > 0)) {
    // A window without width still shows its value, in the middle of one bin.
    const width = to > from ? (to - from) / most : 1;
    // The highest value belongs to the last bin and not to one of its own.
    const perBin = width * (1 + 2 ** -40);
    return { perReal: 1, offset: 0, first: to > from ? from : from - 0.5, perBin, count: to > from ? most : 1, isCodes: false };
  }
  // Shifted by half, floor gives the code itself, so that edges lie half-way between codes.
  const offset = (quantization?.zeroPoints[0] ?? 0) + 0.5;
  const [low, high] = [from, to].map((real) => Math.floor(real / scale + offset)) as [number, number];
  const lowest = INTEGER_RAILS[dtype]?.[0] ?? 0;
  let perBin = Math.max(1, Math.ceil((high - low + 1) / most));
  const firstBin = () => Math.floor((low - lowest) / perBin);
  const binCount = () => Math.floor((high - lowest) / perBin) - firstBin() + 1;
  // Aligned to the lowest code, so that a rail is the first or last code of a bin, the ends may need one bin more.
  while (binCount() > most) perBin++;
  return { perReal: 1 / scale, offset, first: lowest + firstBin() * perBin, perBin, count: binCount(), isCodes: true };
}
