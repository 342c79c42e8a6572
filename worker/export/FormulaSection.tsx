import { arithmeticName, FormulaRows, rowsOf, signsOf, type AnyLstmFormula } from '../../webview/figures/FormulaList';
import { GATE_LETTERS } from '../core/lstm/signals';

/** The arithmetic of one LSTM in its own numbers: every gate to its activation, then states and output. */
export function FormulaSection(props: {
  readonly formula: AnyLstmFormula;
  /** Of two in a bidirectional LSTM. */
  readonly cell?: 'forward' | 'backward' | null;
}) {
  const { formula, cell = null } = props;
  const gates = formula.gates.flatMap(({ gate, peephole, layerNorm }) => {
    const letter = GATE_LETTERS[gate];
    const stages = ['xh', ...(peephole ? ['in'] : []), ...(layerNorm ? ['ln'] : [])] as const;
    return [{ name: `gate ${letter}`, rows: stages.flatMap((stage) => rowsOf(formula, `${letter}_${stage as 'xh'}`)) }];
  });
  const states = formula.projection ? (['c', 'm', 'h'] as const) : (['c', 'h'] as const);
  const groups = [...gates, { name: 'states and output', rows: states.flatMap((signal) => rowsOf(formula, signal)) }];
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
