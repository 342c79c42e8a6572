import type { LstmFormula } from '../../worker/core/lstm/integer/integerFormula';
import type { SignalReport } from '../../worker/core/report/report';
import type { CellSelection } from './CellFigure';
import { FORMULA_SIGNS, formulaRows, type FormulaRow } from './formulaRows';

export interface FormulaListProps {
  readonly formula: LstmFormula;
  readonly selection: CellSelection | SignalReport['signal'];
}

/** The arithmetic of one signal in the file's own numbers, line by line; nothing where none is done. */
export function FormulaList({ formula, selection }: FormulaListProps) {
  const rows = formulaRows(formula, selection);
  if (rows.length === 0) return null;
  return (
    <div class="formula" data-testid="formula">
      <FormulaRows label="Integer arithmetic" rows={rows} />
      <p class="caption">{`${FORMULA_SIGNS} ${formula.source}.`}</p>
    </div>
  );
}

/** Symbol, how it comes about, and the integers it became. */
export function FormulaRows({ label, rows }: { readonly label: string; readonly rows: readonly FormulaRow[] }) {
  return (
    <table class="formula-rows" aria-label={label}>
      <tbody>
        {rows.map(({ symbol, text, note }, at) => (
          <tr key={at}>
            <th scope="row">
              <Subscripted text={symbol} />
            </th>
            <td>
              <Subscripted text={text} />
            </td>
            <td>{note}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `_x` as a subscript. */
function Subscripted({ text }: { readonly text: string }) {
  return <>{text.split(/_(\p{L}+)/u).map((part, at) => (at % 2 === 0 ? part : <sub key={at}>{part}</sub>))}</>;
}
