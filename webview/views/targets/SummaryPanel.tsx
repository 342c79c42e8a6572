import { count } from '../../charts/format';
import { Panel } from '../../ui/Panel';
import { summaryOf, summaryTable, type TargetColumn } from './placements';

/** How far each target gets with this model. */
export function SummaryPanel({ columns }: { readonly columns: readonly TargetColumn[] }) {
  const total = columns[0]?.placement.ops.length ?? 0;
  return (
    <Panel
      title="Per target"
      detail={`ops native, of ${count(total)}`}
      testId="panel-per-target"
      copies={() => [{ title: 'Per target', rows: summaryTable(columns) }]}
    >
      <ul class="target-summary">
        {columns.map((column) => {
          const summary = summaryOf(column);
          return (
            <li key={column.name} data-testid={`target-${column.name}`}>
              <span>{column.placement.label}</span>
              <span class="meter" aria-hidden="true">
                <i style={{ width: `${summary.total > 0 ? (summary.native / summary.total) * 100 : 0}%` }} />
              </span>
              <span class={summary.rejected ? 'lost' : 'dim'}>{summary.text}</span>
              <span class="caption source">{column.placement.source}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
