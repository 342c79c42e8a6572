import { count, real, signedReal } from '../../charts/format';
import type { LayerMetric } from '../../layersState';
import type { LayerRow } from './layerRows';

interface MetricLook {
  /** Head of its column. */
  readonly label: string;
  /** Null: not measured, or not of such a row. */
  readonly value: (row: LayerRow) => number | null;
  readonly text: (value: number) => string;
  /** How much it stands out, larger is more; on a logarithm where values are orders of magnitude apart. */
  readonly weight: (value: number) => number;
  /** The ends of a legend, from what stands out least. */
  readonly ends: readonly [least: string, most: string];
  /** What several rows have together; null: it cannot be added. */
  readonly adds: boolean;
  /** A run measures it. */
  readonly isMeasured: boolean;
}

const log = (value: number): number => Math.log10(Math.max(1e-12, Math.abs(value)));
const errorOf = ({ layer }: LayerRow) => layer?.accumulated ?? null;
const ERROR = { adds: false, isMeasured: true } as const;
const SIZE = { adds: true, isMeasured: false, weight: (value: number): number => Math.log10(1 + value), text: count } as const;

/** Figures of a layer beside its SQNR: columns that can be shown, and colours of the graph. Errors are accumulated ones. */
export const METRICS: Readonly<Record<LayerMetric, MetricLook>> = {
  rmse: { ...ERROR, label: 'RMS error', value: (row) => errorOf(row)?.rmse ?? null, text: real, weight: log, ends: ['least', 'most error'] },
  largest: { ...ERROR, label: 'largest error', value: (row) => errorOf(row)?.maxAbs ?? null, text: real, weight: log, ends: ['least', 'largest error'] },
  cosine: { ...ERROR, label: 'cosine', value: (row) => errorOf(row)?.cosine ?? null, text: (value) => value.toFixed(5), weight: (value) => log(1 - value), ends: ['along float', 'away from it'] },
  mean: { ...ERROR, label: 'mean error', value: (row) => errorOf(row)?.meanError ?? null, text: signedReal, weight: log, ends: ['none', 'most shifted'] },
  bits: { ...ERROR, label: 'bits in use', value: ({ signal }) => signal?.effectiveBits?.used ?? null, text: (value) => value.toFixed(1), weight: (value) => -value, ends: ['most bits', 'fewest in use'] },
  macs: { ...SIZE, label: 'MACs', value: ({ operator }) => operator?.macs ?? null, ends: ['fewest', 'most MACs'] },
  params: { ...SIZE, label: 'parameters', value: ({ operator }) => operator?.params ?? null, ends: ['fewest', 'most parameters'] },
}; // prettier-ignore

/** Weight of every row among all of them, 0..1; null: not measured. */
export function metricShares(rows: readonly LayerRow[], metric: LayerMetric): (value: number) => number {
  const { value: valueOf, weight } = METRICS[metric];
  let [low, high] = [Infinity, -Infinity];
  for (const row of rows) {
    const value = valueOf(row);
    if (value === null || value === 0) continue;
    low = Math.min(low, weight(value));
    high = Math.max(high, weight(value));
  }
  return (value) => {
    // Of nothing there is nothing to show: no error, no multiplication.
    if (value === 0) return 0;
    return high > low ? 0.06 + 0.94 * Math.max(0, (weight(value) - low) / (high - low)) : 0.5;
  };
}
