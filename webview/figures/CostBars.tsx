import { Bars } from '../charts/Bars';
import type { LstmReport } from '../../worker/core/report/report';

export interface CostBarsProps {
  readonly lstm: LstmReport;
  readonly width: number;
}

/** What each part costs, most first; null where costs were not measured. */
export function CostBars({ lstm, width }: CostBarsProps) {
  return lstm.costs && <Bars width={width} title={lstm.name} summary="" rows={[]} />;
}
