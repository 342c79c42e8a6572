import type { TaskReport } from '../../worker/core/report/report';
import { Bars, type BarRow } from '../charts/Bars';
import * as format from '../charts/format';

export interface TaskBarsProps {
  readonly task: TaskReport;
  readonly quantizedPath: 'int8' | 'hybrid' | null;
  readonly width: number;
}

/** Error rate of both paths on the user's own task, with the counts. */
export function TaskBars({ task, quantizedPath, width }: TaskBarsProps) {
  const row = (tone: 'float' | 'int8' | 'hybrid', errors: number): BarRow => ({
    label: tone,
    value: errors / Math.max(1, task.total),
    text: `${format.percent(errors / Math.max(1, task.total))}, ${format.count(errors)} of ${format.count(task.total)}`,
    tone,
  });
  const rows = [row('float', task.floatErrors)];
  if (quantizedPath && task.quantizedErrors !== null) rows.push(row(quantizedPath, task.quantizedErrors));
  return (
    <Bars
      width={width}
      title={`Error rate in ${task.unit}`}
      summary={rows.map(({ label, text }) => `${label} ${text}`).join('; ')}
      rows={rows}
      labelWidth={56}
      textWidth={130}
    />
  );
}
