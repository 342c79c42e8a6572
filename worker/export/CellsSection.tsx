import { CELL_HEAD, cellRows } from '../../webview/figures/cellRows';
import type { Numbered } from './numbered';
import { plural } from './reportWords';

/** LSTMs in small operators, by what their operators say of each signal. */
export function CellsSection({ report: { cells = [] }, number }: Numbered) {
  return (
    <>
      {cells.map((cell) => (
        <section>
          <h2>
            {`${number()}. ${cell.name}`}
            <span class="note">{`an LSTM in small operators, ${plural(cell.steps, 'step')}: the figures of its operators, all steps together`}</span>
          </h2>
          <table class="data">
            <thead>
              <tr>
                {CELL_HEAD.map((name, column) => (
                  <th class={column === 0 ? '' : 'n'}>{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {cellRows(cell).map((row) => (
                <tr>
                  {row.map((text, column) => (
                    <td class={column === 0 ? 'name' : 'n'}>{text}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}
