import { errorFigures } from '../analysis/errorSums';
import type { SignalSums } from '../analysis/signalSums';
import { BITS_PER_ELEMENT, INTEGER_RAILS } from '../model/dtype';
import { reportHistogram } from './histogramBins';
import { locatedFields } from './locatedError';
import { lostAtRails } from './lostAtRails';
import type { QuantizationInfo } from './overview';
import type { RailCounts, SignalReport } from './report';

/** What identifies a signal in its layer. */
export type SignalIdentity = Pick<SignalReport, 'signal' | 'gate' | 'direction'>;

export function signalReport(identity: SignalIdentity, sums: SignalSums): SignalReport {
  const { format, range, flat, floatRange, floatHistogram, histogram } = sums;
  const values = (range ?? floatRange).values;
  const rails = railsOf(sums);
  const nonFinite = floatRange.nonFinite + (range?.nonFinite ?? 0);
  return {
    ...identity,
    dtype: format.dtype,
    quantization: quantizationOf(sums),
    values,
    min: range === null || range.values === 0 ? null : realOf(sums, range.min),
    max: range === null || range.values === 0 ? null : realOf(sums, range.max),
    floatMin: floatRange.values === 0 ? 0 : plain(floatRange.min),
    floatMax: floatRange.values === 0 ? 0 : plain(floatRange.max),
    ...(nonFinite > 0 ? { nonFinite } : {}),
    rails,
    lostAtRails: lostAtRails(sums),
    ...(sums.rails === null ? {} : { beyond: { low: sums.rails.floatBeyondLow, high: sums.rails.floatBeyondHigh } }),
    share: rails === null || values === 0 ? 0 : (rails.low + rails.high) / values,
    flat: flat === null ? null : { low: flat.low, high: flat.high },
    effectiveBits: effectiveBitsOf(sums),
    local: errorFigures(sums.local),
    accumulated: errorFigures(sums.accumulated),
    histogram: reportHistogram(floatHistogram, histogram, values, sums.rails?.lowCode ?? null),
    ...locatedFields(sums, identity.signal === 'out'),
  };
}

/** JSON knows no -0. */
function plain(value: number): number {
  return value + 0;
}

/** Real that a value of the quantized path stands for. */
function realOf({ axis }: SignalSums, value: number): number {
  return plain(axis.codes ? Math.fround(axis.scale * (value - axis.zeroPoint)) : value);
}

function railsOf(sums: SignalSums): RailCounts | null {
  if (sums.rails === null) return null;
  const { lowCode, highCode, low, high } = sums.rails;
  return { lowCode, highCode, lowReal: realOf(sums, lowCode), highReal: realOf(sums, highCode), low, high };
}

/** Parameters of the stored values; null for reals. */
function quantizationOf(sums: SignalSums): QuantizationInfo | null {
  const { quantization, dtype } = sums.format;
  if (quantization === null) return null;
  const rails = INTEGER_RAILS[dtype];
  return {
    scales: [...quantization.scales],
    zeroPoints: Array.from(quantization.zeroPoints, plain),
    axis: 0,
    range: rails === undefined || quantization.scales.length !== 1 ? null : [realOf(sums, rails[0]), realOf(sums, rails[1])],
  };
}

function effectiveBitsOf({ axis, range, format }: SignalSums): SignalReport['effectiveBits'] {
  if (!axis.codes || range === null || range.values === 0) return null;
  return { used: Math.log2(range.max - range.min + 1), bits: BITS_PER_ELEMENT[format.dtype] };
}
