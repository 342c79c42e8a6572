import type { CalibratedRange, LstmRanges } from '../calibration/calibratedRanges';
import { BIDIRECTIONAL_OPERANDS, type CellOperands, LSTM_OPERANDS, lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT } from '../model/model';
import { newOperator } from './activations';
import type { Draft, DraftOperator } from './draft';
import { union } from './lstmRecipe';
import type { NoteBook } from './notes';

/** [batch, time, size], or [time, batch, size] when time-major. */
const LAST_AXIS = 2;

/**
 * Takes BIDIRECTIONAL_SEQUENCE_LSTM apart into what integer kernels exist for: two UNIDIRECTIONAL_SEQUENCE_LSTM, the second
 * between two REVERSE_V2, and a CONCATENATION where the outputs are merged. Those that `stays` names are left as they are, and
 * those with weights for an auxiliary input, which no other LSTM has.
 */
export function lowerBidirectional(draft: Draft, stays: ReadonlySet<number>, notes: NoteBook): void {
  draft.operators = draft.operators.flatMap((operator) => {
    if (lstmOperatorOf(operator) !== 'bidirectional' || stays.has(operator.stands ?? -1)) return [operator];
    if (draft.operand(operator, BIDIRECTIONAL_OPERANDS.forward.auxInputToGate.forget) !== ABSENT) return [operator];
    const name = draft.tensor(operator.outputs[0] ?? ABSENT).name;
    const text =
      'TensorFlow Lite has no integer BIDIRECTIONAL_SEQUENCE_LSTM: it became two UNIDIRECTIONAL_SEQUENCE_LSTM with REVERSE_V2' +
      (operator.options.merge_outputs === true ? ' and CONCATENATION.' : '.');
    notes.add({ kind: 'rewritten', op: operator.stands, tensor: null, name, text });
    return lowered(draft, operator, name);
  });
}

function lowered(draft: Draft, operator: DraftOperator, name: string): DraftOperator[] {
  const isMerged = operator.options.merge_outputs === true;
  const axis = operator.options.time_major === true ? 0 : 1;
  const [forwardRanges, backwardRanges] = operator.cells;
  const merged = operator.outputs[0] ?? ABSENT;
  const input = draft.operand(operator, BIDIRECTIONAL_OPERANDS.input);
  const auxInput = draft.operand(operator, BIDIRECTIONAL_OPERANDS.auxInput);
  const backwardInput = auxInput === ABSENT ? input : auxInput;
  const likeOutput = (of: number, size: number, calibrated: CalibratedRange | null) => {
    const { shape, shapeSignature } = draft.tensor(of);
    return {
      dtype: 'float32',
      shape: [...shape.slice(0, -1), size],
      shapeSignature: [...shapeSignature.slice(0, -1), size],
      calibrated,
    } as const;
  };
  const outputSize = (cell: CellOperands) => draft.tensors[draft.operand(operator, cell.outputState)]?.shape.at(-1) ?? 0;
  const halves = (cell: CellOperands, ranges: LstmRanges | undefined) =>
    likeOutput(merged, outputSize(cell), ranges?.output ?? null);
  const forwardOutput = isMerged ? draft.add(`${name}/forward`, halves(BIDIRECTIONAL_OPERANDS.forward, forwardRanges)) : merged;
  const backwardLike = isMerged
    ? halves(BIDIRECTIONAL_OPERANDS.backward, backwardRanges)
    : likeOutput(operator.outputs[1] ?? ABSENT, outputSize(BIDIRECTIONAL_OPERANDS.backward), backwardRanges?.output ?? null);
  const reversed = draft.add(`${name}/reversed_input`, { ...draft.tensor(backwardInput), data: null, isVariable: false });
  const backward = draft.add(`${name}/backward`, backwardLike);
  const inTime = isMerged ? draft.add(`${name}/backward_in_time`, backwardLike) : (operator.outputs[1] ?? ABSENT);
  const axisTensor = draft.add(`${name}/axis`, { dtype: 'int32', shape: [1], data: Uint8Array.of(axis, 0, 0, 0) });
  const { stands } = operator;
  const reverse = (from: number, to: number) => newOperator('REVERSE_V2', 1, [from, axisTensor], [to], { stands });
  const operators = [
    cellOperator(operator, BIDIRECTIONAL_OPERANDS.forward, input, forwardOutput, forwardRanges),
    reverse(backwardInput, reversed),
    cellOperator(operator, BIDIRECTIONAL_OPERANDS.backward, reversed, backward, backwardRanges),
    reverse(backward, inTime),
  ];
  if (!isMerged) return operators;
  const options = { axis: LAST_AXIS, fused_activation_function: 'NONE' };
  return [...operators, newOperator('CONCATENATION', 1, [forwardOutput, inTime], [merged], { stands, options })];
}

function cellOperator(
  operator: DraftOperator,
  cell: CellOperands,
  input: number,
  output: number,
  ranges: LstmRanges | undefined,
): DraftOperator {
  const inputs = new Array<number>(24).fill(ABSENT);
  const move = (to: number, from: number) => {
    inputs[to] = operator.inputs[from] ?? ABSENT;
  };
  inputs[LSTM_OPERANDS.input] = input;
  for (const group of ['inputToGate', 'recurrentToGate', 'gateBias'] as const)
    for (const gate of ['input', 'forget', 'cell', 'output'] as const) move(LSTM_OPERANDS[group][gate], cell[group][gate]);
  for (const gate of ['input', 'forget', 'output'] as const) move(LSTM_OPERANDS.cellToGate[gate], cell.cellToGate[gate]);
  for (const part of ['projectionWeights', 'projectionBias', 'outputState', 'cellState'] as const)
    move(LSTM_OPERANDS[part], cell[part]);
  return newOperator('UNIDIRECTIONAL_SEQUENCE_LSTM', 1, inputs, [output], {
    stands: operator.stands,
    options: { ...sharedOptions(operator), diagonal_recurrent_tensors: false },
    cells: ranges === undefined ? [] : [ranges],
  });
}

/** Options that both operators have; all but `merge_outputs`. */
function sharedOptions({ options }: DraftOperator): DraftOperator['options'] {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'merge_outputs'));
}

/**
 * Gives the cells whose outputs meet in a CONCATENATION, one of them through REVERSE_V2, the range of both: no QUANTIZE is
 * needed before it then.
 */
export function shareBidirectionalOutputs(draft: Draft, notes: NoteBook): void {
  const producers = new Map(draft.operators.flatMap((operator) => operator.outputs.map((output) => [output, operator] as const)));
  for (const operator of draft.operators) {
    if (operator.name !== 'CONCATENATION') continue;
    const direct = operator.inputs.map((input) => producers.get(input));
    const sources = direct.map((producer) =>
      producer?.name === 'REVERSE_V2' ? producers.get(draft.operand(producer, 0)) : producer,
    );
    const cells = sources.filter((source) => source?.name === 'UNIDIRECTIONAL_SEQUENCE_LSTM' && source.cells.length === 1);
    const isBidirectional = direct.some((producer) => producer?.name === 'REVERSE_V2');
    const output = draft.tensor(operator.outputs[0] ?? ABSENT);
    if (!isBidirectional || cells.length !== operator.inputs.length || output.calibrated === null) continue;
    const shared = cells.reduce((range, cell) => union(range, cell?.cells[0]?.output ?? range), output.calibrated);
    for (const cell of cells) if (cell !== undefined) cell.cells = cell.cells.map((ranges) => ({ ...ranges, output: shared }));
    output.calibrated = shared;
    const text =
      'Both directions share one set of output parameters, as the recipe says: no QUANTIZE goes before the CONCATENATION.';
    notes.add({ kind: 'override', op: operator.stands, tensor: output.origin, name: output.name, text });
  }
}
