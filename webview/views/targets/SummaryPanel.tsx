import { count } from '../../charts/format';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { summaryOf, summaryTable, type TargetColumn } from './placements';

/** How far each target gets with this model; a line chooses its target. */
export function SummaryPanel({
  columns,
  focused,
}: {
  readonly columns: readonly TargetColumn[];
  readonly focused: string | null;
}) {
  const inspector = useInspector();
  const total = columns[0]?.marks.length ?? 0;
  return (
    <Panel
      title="Per target"
      detail={`ops native, of ${count(total)}`}
      testId="panel-per-target"
      copies={() => [{ title: 'Per target', rows: summaryTable(columns) }]}
    >
      <ul class="target-summary">
        {columns.map((column) => {
          const { name, placement } = column;
          const summary = summaryOf(column);
          return (
            <li key={name}>
              <button
                type="button"
                aria-pressed={name === focused}
                data-testid={`target-${name}`}
                data-tip={`${placement.version}. ${placement.source}`}
                onClick={() => {
                  inspector.view({ target: name, placement: null });
                }}
              >
                <span>{placement.label}</span>
                <span class="meter" aria-hidden="true">
                  <i style={{ width: `${summary.total > 0 ? (summary.native / summary.total) * 100 : 0}%` }} />
                </span>
                <span class={summary.rejected ? 'lost' : 'dim'}>{summary.text}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
