import type { RecurrentFormula } from '../../../../worker/core/formula/recurrentFormula';
import type { PersonaName } from '../../../../worker/core/lstm/persona';
import { HeadroomBar } from '../../../charts/HeadroomBar';
import { PERSONA_LABELS } from '../../../derived';
import { FormulaRows } from '../../../figures/FormulaList';
import { FORMULA_SIGNS } from '../../../figures/formulaRows';
import { affineText, headroomText, operandRows, operatorFormulaRows } from '../../../figures/operatorFormulaRows';
import { recurrentRows } from '../../../figures/recurrentRows';
import { headroomTable } from '../../../figures/tensorTables';
import { Sized } from '../../../ui/Sized';
import { useCharted } from '../../charted';
import { useDetail } from '../../useDetail';
import type { LayerRow } from '../layerRows';

interface Props {
  readonly row: LayerRow;
  readonly persona: PersonaName;
  readonly channel: number;
}

/** How the operator computes, in its own numbers, and how far its sums can go. */
export function ArithmeticPart({ row, persona, channel }: Props) {
  const request = row.operator === null ? null : { subgraph: row.subgraph, op: row.index, persona };
  const { detail, waiting, problem } = useDetail('operatorDetail', `${row.id} ${persona}`, request);
  useCharted(() => (detail?.headroom ? [headroomTable(detail.headroom)] : []));
  if (problem !== null) return <p class="dim">{problem}</p>;
  if (!detail) return <p class="dim">{waiting ? 'Reading the operator…' : 'Nothing is computed here.'}</p>;
  const { formula, headroom, recurrent } = detail;
  const rows = formula ? operatorFormulaRows(formula, channel) : [];
  const told = headroom && headroomText(headroom);
  return (
    <div data-testid="arithmetic">
      {recurrent ? <Recurrent formula={recurrent} /> : null}
      {formula ? (
        <div class="formula" data-testid="operator-formula">
          <FormulaRows label="Integer arithmetic" rows={rows} />
          <FormulaRows label="Scales" rows={operandRows(formula)} />
          <p class="caption">{`${rows.some(({ text }) => text.includes('⊗')) ? `${FORMULA_SIGNS} ` : ''}${formula.source}, as ${PERSONA_LABELS[persona]} computes it.`}</p>
        </div>
      ) : recurrent ? null : (
        <p class="dim">
          {row.isLstm
            ? 'An LSTM’s arithmetic is told of gate by gate: open the microscope.'
            : 'No integer arithmetic: this op computes with reals, or is not one that is told of.'}
        </p>
      )}
      {headroom && told ? (
        <>
          <h3>Room in the accumulator</h3>
          <Sized class="headroom">
            {({ width }) => (
              <HeadroomBar
                width={width}
                height={32}
                title="Bits of the accumulator in use"
                summary={told.finding}
                bits={headroom.accumulator === 'int32' ? 31 : 63}
                used={Math.log2(Math.max(1, headroom.bound))}
              />
            )}
          </Sized>
          <p class="reading" data-testid="headroom">
            {told.finding}
          </p>
          <p class="caption">{told.parts} Bound from the constants and the type of the input, whatever the data.</p>
        </>
      ) : null}
    </div>
  );
}

/** A step, in this engine's own arithmetic. */
function Recurrent({ formula }: { readonly formula: RecurrentFormula }) {
  const { integer, source } = formula;
  const scales = integer === null ? [] : (['x', 'h'] as const).map((symbol) => ({ symbol, text: affineText(integer[symbol]), note: 'int8' })); // prettier-ignore
  return (
    <div class="formula" data-testid="recurrent-formula">
      <FormulaRows label="A step" rows={recurrentRows(formula)} />
      {scales.length === 0 ? null : <FormulaRows label="Scales" rows={scales} />}
      <p class="caption">{`${integer === null ? '' : `${FORMULA_SIGNS} `}${source}.`}</p>
    </div>
  );
}
