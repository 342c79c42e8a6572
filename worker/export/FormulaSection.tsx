import type { FormulaRow } from '../../webview/figures/formulaRows';
import { PART_NAME } from '../../webview/figures/signalNames';
import { arithmeticName, FormulaRows, rowsOf, signsOf, type AnyLstmFormula } from '../../webview/figures/FormulaList';
import type { RecurrentFormula } from '../core/formula/recurrentFormula';
import { GATE_LETTERS } from '../core/lstm/signals';

/** The arithmetic of one recurrent layer in its own numbers: every gate to its activation, then states and output. */
export function FormulaSection(props: {
  readonly formula: AnyLstmFormula;
  /** Of two in a bidirectional LSTM. */
  readonly cell?: 'forward' | 'backward' | null;
}) {
  const { formula, cell = null } = props;
  const groups = 'kind' in formula ? hiddenGroups(formula) : lstmGroups(formula);
  return (
    <>
      <h3 style={{ marginTop: '14px' }}>
        {arithmeticName(formula)}
        {cell === null ? '' : `, ${cell} cell`} <span class="note">{`${signsOf(formula)} ${formula.source}.`}</span>
      </h3>
      <div class="formulas">
        {groups.map(({ name, rows }) => (
          <figure>
            <figcaption>
              <b>{name}</b>
            </figcaption>
            <FormulaRows label={`${arithmeticName(formula)}, ${name}`} rows={rows} />
          </figure>
        ))}
      </div>
    </>
  );
}

interface Group {
  readonly name: string;
  readonly rows: readonly FormulaRow[];
}

function lstmGroups(formula: Exclude<AnyLstmFormula, RecurrentFormula>): readonly Group[] {
  const gates = formula.gates.flatMap(({ gate, peephole, layerNorm }) => {
    const letter = GATE_LETTERS[gate];
    const stages = ['xh', ...(peephole ? ['in'] : []), ...(layerNorm ? ['ln'] : [])] as const;
    return [{ name: `gate ${letter}`, rows: stages.flatMap((stage) => rowsOf(formula, `${letter}_${stage as 'xh'}`)) }];
  });
  const states = formula.projection ? (['c', 'm', 'h'] as const) : (['c', 'h'] as const);
  return [...gates, { name: 'states and output', rows: states.flatMap((signal) => rowsOf(formula, signal)) }];
}

function hiddenGroups(formula: RecurrentFormula): readonly Group[] {
  const letters = formula.kind === 'gru' ? (['z', 'r', 'n'] as const) : (['a'] as const);
  const acted = formula.reset === 'before' ? rowsOf(formula, 'rh') : [];
  const gates = letters.map((letter) => ({
    name: PART_NAME[letter],
    rows: [
      ...(letter === 'n' ? acted : []),
      ...rowsOf(formula, `${letter}_xh`),
      ...(letter === 'a' ? [] : rowsOf(formula, letter)),
    ],
  }));
  return [...gates, { name: 'output h', rows: rowsOf(formula, 'h') }];
}
