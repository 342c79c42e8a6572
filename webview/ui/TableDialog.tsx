import { useEffect, useRef } from 'preact/hooks';
import type { TextRows } from '../figures/textRows';
import { Button } from './Button';

/** A chart's figures as a table, over the page until it is closed. */
export function TableDialog({ table, onClose }: { readonly table: TextRows; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const [heading = [], ...rows] = table.rows;
  return (
    <dialog
      class="keys table-dialog"
      ref={dialog}
      aria-label={table.title}
      data-testid="chart-table"
      onClose={onClose}
      onKeyDown={(event) => {
        // Keys of the page below it do nothing meanwhile.
        event.stopPropagation();
      }}
    >
      <header>
        <h2>{table.title}</h2>
        <Button quiet icon="close" label="Close" onClick={() => dialog.current?.close()} />
      </header>
      <div class="table-scroller" tabIndex={0} role="group" aria-label={`Rows of ${table.title}`}>
        <table class="rows-table" aria-label={table.title}>
          <thead>
            <tr>
              {heading.map((name) => (
                <th key={name} scope="col" class="numeric">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, at) => (
              <tr key={at}>
                {cells.map((cell, column) => (
                  <td key={column} class="figure small numeric">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </dialog>
  );
}
