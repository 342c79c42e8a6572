import { DotPlot, dotPlotHeight } from '../charts/DotPlot';
import type { Report } from '../../worker/core/report/report';

export interface ErrorAlongGraphProps {
  readonly report: Report;
  readonly width: number;
  /** At most this many rows: the inputs, then the layers that lose most. Default: 8. */
  readonly most?: number;
}

/** Accumulated and local error of the inputs and of the layers that matter, in graph order. */
export function ErrorAlongGraph({ width }: ErrorAlongGraphProps) {
  return <DotPlot width={width} height={dotPlotHeight(0)} title="Error along the graph" summary="" rows={[]} />;
}
