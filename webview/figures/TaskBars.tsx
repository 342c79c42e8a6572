import { Bars } from '../charts/Bars';
import type { TaskReport } from '../../worker/core/report/report';

export interface TaskBarsProps {
  readonly task: TaskReport;
  readonly quantizedPath: 'int8' | 'hybrid' | null;
  readonly width: number;
}

/** Error rate of both paths on the user's own task. */
export function TaskBars({ width }: TaskBarsProps) {
  return <Bars width={width} title="Error rate" summary="" rows={[]} />;
}
