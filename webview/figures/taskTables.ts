import type { TaskReport } from '../../worker/core/report/report';
import { count, percent } from '../charts/format';
import type { TextRows } from './textRows';

/** Errors of both paths on the user's own task. */
export function taskErrorsTable(task: TaskReport, path: 'int8' | 'hybrid' | null): TextRows {
  const row = (name: string, errors: number) => [
    name,
    count(errors),
    count(task.total),
    percent(errors / Math.max(1, task.total)),
  ];
  return {
    title: `Errors in ${task.unit}`,
    rows: [
      ['path', 'errors', 'of', 'share'],
      row('float', task.floatErrors),
      ...(path !== null && task.quantizedErrors !== null ? [row(path, task.quantizedErrors)] : []),
    ],
  };
}
