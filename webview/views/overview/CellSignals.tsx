import type { CellReport } from '../../../worker/core/report/report';
import { CELL_HEAD, cellRows, worstOperator } from '../../figures/cellRows';
import { Link } from '../../ui/Link';
import { useInspector } from '../InspectorContext';

/** What the small operators of a cell say of its signals, after a run of the file as it is. */
export function CellSignals({ cell }: { readonly cell: CellReport }) {
  const inspector = useInspector();
  const rows = cellRows(cell);
  return (
    <div class="cell-signals-scroller">
      <table class="rows-table cell-signals" aria-label={`Signals of ${cell.name}`} data-testid="cell-signals">
        <thead>
          <tr>
            {CELL_HEAD.map((name, column) => (
              <th key={name} scope="col" class={column === 0 ? '' : 'numeric'}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cell.signals.map((signal, at) => {
            const [label = '', ...figures] = rows[at] ?? [];
            const op = worstOperator(signal);
            return (
              <tr key={signal.signal}>
                <th scope="row">
                  {op === null ? (
                    label
                  ) : (
                    <Link
                      label={`${label}: show op ${op}, where the error is largest`}
                      onClick={() => {
                        inspector.openLayer({ subgraph: cell.subgraph, index: op });
                      }}
                    >
                      {label}
                    </Link>
                  )}
                </th>
                {figures.map((figure, column) => (
                  <td
                    key={CELL_HEAD[column + 1]}
                    class={`numeric figure ${column === 4 && signal.lostAtRails > 0 ? 'lost' : ''}`}
                  >
                    {figure}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
