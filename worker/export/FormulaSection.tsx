import { FormulaRows } from '../../webview/figures/FormulaList';
import { FORMULA_SIGNS, formulaRows } from '../../webview/figures/formulaRows';
import { GATE_LETTERS } from '../core/lstm/signals';
import type { LstmFormula } from '../core/lstm/integer/integerFormula';

/** The integer arithmetic of one LSTM in its own numbers: every gate to its activation, then states and output. */
export function FormulaSection({ formula }: { readonly formula: LstmFormula }) {
  const gates = formula.gates.flatMap(({ gate, peephole, layerNorm }) => {
    const letter = GATE_LETTERS[gate];
    const stages = ['xh', ...(peephole ? ['in'] : []), ...(layerNorm ? ['ln'] : [])] as const;
    return [{ name: `gate ${letter}`, rows: stages.flatMap((stage) => formulaRows(formula, `${letter}_${stage as 'xh'}`)) }];
  });
  const states = formula.projection ? (['c', 'm', 'h'] as const) : (['c', 'h'] as const);
  const groups = [...gates, { name: 'states and output', rows: states.flatMap((signal) => formulaRows(formula, signal)) }];
  return (
    <>
      <h3 style={{ marginTop: '14px' }}>
        Integer arithmetic <span class="note">{`${FORMULA_SIGNS} ${formula.source}.`}</span>
      </h3>
      <div class="formulas">
        {groups.map(({ name, rows }) => (
          <figure>
            <figcaption>
              <b>{name}</b>
            </figcaption>
            <FormulaRows label={`Integer arithmetic, ${name}`} rows={rows} />
          </figure>
        ))}
      </div>
    </>
  );
}
