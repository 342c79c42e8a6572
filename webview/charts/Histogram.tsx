import { Chart, type ChartFrame } from './chart';
import type { HistogramData, Rails } from './histogramData';

export interface HistogramProps extends ChartFrame {
  readonly data: HistogramData;
  /** Values on the quantized path: what shares are shares of. */
  readonly values: number;
  /** Null for float signals: then no rail is drawn. */
  readonly rails: Rails | null;
  /** real = scale * (code - zeroPoint), for the second axis; null: no code axis. */
  readonly codes: { readonly scale: number; readonly zeroPoint: number } | null;
  /** Extremes of the float path, for "float goes on to 17.5"; null: not said. */
  readonly floatRange: readonly [min: number, max: number] | null;
  /** Beyond ±flatBeyond the activation that follows is flat; marked under the columns. Default: none. */
  readonly flatBeyond?: number | null;
  /** Axis of the counts. Default: `log`. */
  readonly counts?: 'linear' | 'log';
  /** Bin under the pointer or the keyboard's focus; its column is outlined. */
  readonly hover?: number | null;
  /** Called with the bin (of `data`) that pointer or arrow keys reach, and with null when they leave. Makes the chart focusable. */
  readonly onHover?: (bin: number | null) => void;
}

/** The large histogram: float as outline over filled columns of the quantized path, rails, real axis and code axis. */
export function Histogram(props: HistogramProps) {
  return <Chart {...props}>{null}</Chart>;
}
