import { Chart, type ChartFrame } from './chart';

export interface DotRow {
  readonly label: string;
  /** dB of the filled dot and of the ring; null: not measured. */
  readonly accumulated: number | null;
  readonly local: number | null;
  /** Written instead of a dot where no value differs. */
  readonly exact: boolean;
}

export interface DotPlotProps extends ChartFrame {
  readonly rows: readonly DotRow[];
}

/** Rows of two dots on one dB axis, worse on the left: accumulated filled, local as a ring. */
export function DotPlot(props: DotPlotProps) {
  return <Chart {...props}>{null}</Chart>;
}

/** Height that `rows` rows need. */
export function dotPlotHeight(rows: number): number {
  return rows * 32 + 36;
}
