import type { RecurrentFormula } from '../../worker/core/formula/recurrentFormula';
import type { RealLstmFormula } from '../../worker/core/lstm/float/realFormula';
import type { LstmFormula } from '../../worker/core/lstm/integer/integerFormula';
import type { LstmReport, SignalReport } from '../../worker/core/report/report';
import type { CellSelection } from './CellFigure';
import { FORMULA_SIGNS, formulaRows, type FormulaRow } from './formulaRows';
import { realFormulaRows, realFormulaSigns } from './realFormulaRows';
import { recurrentSignalRows } from './recurrentSignalRows';

export interface FormulaListProps {
  readonly formula: AnyLstmFormula;
  readonly selection: CellSelection | SignalReport['signal'];
}

/** The arithmetic of one signal in the file's own numbers, line by line; nothing where none is done. */
export function FormulaList({ formula, selection }: FormulaListProps) {
  const rows = rowsOf(formula, selection);
  if (rows.length === 0) return null;
  return (
    <div class="formula" data-testid="formula">
      <FormulaRows label={arithmeticName(formula)} rows={rows} />
      <p class="caption formula-source" data-tip={`${signsOf(formula)} ${formula.source}.`} tabIndex={0}>
        {`${formula.source}. ${signsOf(formula)}`}
      </p>
    </div>
  );
}

export type AnyLstmFormula = LstmFormula | RealLstmFormula | RecurrentFormula;

/** Of the cell that is shown: its integer arithmetic, else how it computes in reals. Of GRUs and simple layers there is one. */
export function formulaOf(lstm: LstmReport | null, direction: 'forward' | 'backward'): AnyLstmFormula | null {
  return lstm?.formula ?? lstm?.realFormulas?.[direction === 'backward' ? 1 : 0] ?? lstm?.recurrentFormula ?? null;
}

export function rowsOf(formula: AnyLstmFormula, selection: FormulaListProps['selection']): readonly FormulaRow[] {
  if ('kind' in formula) return recurrentSignalRows(formula, selection);
  return 'arithmetic' in formula ? realFormulaRows(formula, selection) : formulaRows(formula, selection);
}

/** What the signs in the rows stand for. */
export function signsOf(formula: AnyLstmFormula): string {
  if ('kind' in formula && formula.integer === null) return 'b, c: biases; ·: products, unit by unit where both are vectors.';
  return 'arithmetic' in formula ? realFormulaSigns(formula) : FORMULA_SIGNS;
}

const ARITHMETIC = { float: 'Float', hybrid: 'Hybrid', dynamic: 'Dynamic' } as const;

export function arithmeticName(formula: AnyLstmFormula): string {
  if ('arithmetic' in formula) return `${ARITHMETIC[formula.arithmetic]} arithmetic`;
  if (!('kind' in formula) || formula.integer !== null) return 'Integer arithmetic';
  return `${formula.rounds === null ? ARITHMETIC.float : ARITHMETIC.hybrid} arithmetic`;
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
