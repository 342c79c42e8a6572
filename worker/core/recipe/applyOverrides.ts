import type { CalibratedRange, LstmRanges } from '../calibration/calibratedRanges';
import type { Gate } from '../lstm/signals';
import { LSTM_INTERMEDIATES, LSTM_OPERANDS, lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT } from '../model/model';
import { isConstant } from './activations';
import type { Draft, DraftOperator } from './draft';
import type { NoteBook } from './notes';
import type { Overrides } from './overrides';
import type { LstmOverride, TensorOverride } from './recipe';

/** Puts a recipe's ranges in place of the calibrated ones; what cannot be done is noted. */
export function applyOverrides(draft: Draft, overrides: Overrides, notes: NoteBook): void {
  for (const [index, range] of overrides.ranges) {
    const tensor = draft.tensor(index);
    if (isConstant(tensor)) tensor.range = { min: [range.min], max: [range.max] };
    else tensor.calibrated = range;
    const text = `Range ${range.min} to ${range.max}, as the recipe says.`;
    notes.add({ kind: 'override', op: null, tensor: index, name: tensor.name, text });
  }
  for (const operator of draft.operators) {
    if (lstmOperatorOf(operator) === null) continue;
    const override = overrides.lstms.get(operator.stands ?? -1) ?? {};
    refuse(draft, operator, override, notes);
    operator.cells = operator.cells.map((cell) => withLstmOverride(withTensorRanges(cell, operator, overrides), override));
  }
}

/** Ranges given for an LSTM's tensors by their names: states, output, intermediates. */
function withTensorRanges(cell: LstmRanges, operator: DraftOperator, { ranges }: Overrides): LstmRanges {
  if (lstmOperatorOf(operator) === 'bidirectional') return cell;
  const at = (index: number | undefined) => ranges.get(index ?? ABSENT);
  const gate = (name: Gate): CalibratedRange | null =>
    at(operator.intermediates[LSTM_INTERMEDIATES.gate[name]]) ?? cell.gates[name];
  return {
    gates: { input: gate('input'), forget: gate('forget'), cell: gate('cell'), output: gate('output') },
    hidden: at(operator.intermediates[LSTM_INTERMEDIATES.hidden]) ?? cell.hidden,
    cell: at(operator.inputs[LSTM_OPERANDS.cellState]) ?? cell.cell,
    output: at(operator.outputs[0]) ?? at(operator.inputs[LSTM_OPERANDS.outputState]) ?? cell.output,
  };
}

function withLstmOverride(cell: LstmRanges, { gates, hidden }: LstmOverride): LstmRanges {
  const gate = (name: Gate) => (cell.gates[name] === null ? null : rangeOf(gates?.[name], cell.gates[name]));
  return {
    ...cell,
    gates: { input: gate('input'), forget: gate('forget'), cell: gate('cell'), output: gate('output') },
    hidden: rangeOf(hidden, cell.hidden),
  };
}

function rangeOf<T extends CalibratedRange | null>(override: TensorOverride | undefined, calibrated: T): T | CalibratedRange {
  return override?.range === undefined ? calibrated : { min: override.range[0], max: override.range[1] };
}

function refuse(draft: Draft, operator: DraftOperator, { gates = {}, hidden }: LstmOverride, notes: NoteBook): void {
  const name = draft.tensors[operator.outputs[0] ?? ABSENT]?.name ?? '';
  const note = (kind: 'refused' | 'override', text: string) => notes.add({ kind, op: operator.stands, tensor: null, name, text });
  const hasLayerNorm = (operator.inputs[LSTM_OPERANDS.layerNormCoefficients.forget] ?? ABSENT) !== ABSENT;
  const isBidirectional = lstmOperatorOf(operator) === 'bidirectional';
  for (const [gate, override] of Object.entries(gates)) {
    if (override.range === undefined) continue;
    if (isBidirectional || !hasLayerNorm)
      note('refused', `The ${gate} gate's result is Q3.12: without layer norm its format is fixed.`);
    else note('override', `The ${gate} gate's range is ${override.range.join(' to ')}, as the recipe says.`);
  }
  if (hidden?.range !== undefined)
    note('override', `The hidden value's range is ${hidden.range.join(' to ')}, as the recipe says.`);
  if (hidden?.bits === 16)
    note('refused', 'The hidden value is int8 in every integer kernel; 16 bits are for the whole LSTM, by its output.');
}
