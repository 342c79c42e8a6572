import type { Comparison } from '../core/compare/comparison';
import { comparisonTables } from '../../webview/figures/comparisonTables';
import { textTable } from './textTable';

/** What people read on a terminal. */
export function comparisonText(comparison: Comparison): string {
  const { a, b, headline } = comparison;
  const tables = comparisonTables(comparison).flatMap(({ title, rows }) => [
    '',
    title,
    ...textTable(rows, ['left', 'left', ...(rows[0]?.length === 9 ? (['right', 'right', 'right', 'right', 'right', 'right', 'right'] as const) : [])]), // prettier-ignore
  ]);
  return `${[`A  ${a.label}`, `B  ${b.label}`, '', ...headline, ...tables].join('\n')}\n`;
}
