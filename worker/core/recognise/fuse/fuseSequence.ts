import { ABSENT } from '../../model/model';
import type { RecognisedLstm } from '../recognised';
import type { Emission } from './emission';
import type { NeededOutputs } from './unrolledOutputs';

/** The fused operator's result: hidden values of all steps. */
export interface FusedSequence {
  readonly tensor: number;
  readonly timeAxis: 0 | 1;
}

/** Emits the operator that does a cell's whole work, from the inputs of all steps to all hidden values. */
export type CellEmitter = (emission: Emission, from: number, to: number, isTimeMajor: boolean) => void;

/**
 * Emits the fused operator with what it needs before it.
 * @param into a tensor to write all hidden values to, with its time axis, where there is a fitting one
 */
export function emitSequence(
  emission: Emission,
  lstm: RecognisedLstm,
  emitCell: CellEmitter,
  into: FusedSequence | null,
): FusedSequence {
  const source = inputSequence(emission, lstm);
  const { steps, batch } = lstm;
  const shape = source.timeAxis === 1 ? [batch, steps, lstm.sizes.cell] : [steps, batch, lstm.sizes.cell];
  const tensor = into?.timeAxis === source.timeAxis ? into.tensor : emission.value('sequence', shape);
  emitCell(emission, source.tensor, tensor, source.timeAxis === 0);
  return { tensor, timeAxis: source.timeAxis };
}

/** All inputs in one tensor, in the order of the steps. */
function inputSequence(emission: Emission, { input, batch, steps, sizes }: RecognisedLstm): FusedSequence {
  if (input.kind === 'steps') {
    const tensor = emission.value('steps', [batch, steps, sizes.input]);
    if (steps === 1) emission.reshape(input.tensors[0] ?? ABSENT, tensor);
    else emission.emit('PACK', [...input.tensors], [tensor], { values_count: steps, axis: 1 });
    return { tensor, timeAxis: 1 };
  }
  const { tensor, timeAxis, isReversed } = input;
  if (!isReversed) return { tensor, timeAxis };
  const reversed = emission.value('reversed', emission.draft.tensor(tensor).shape);
  emission.reverse(tensor, reversed, timeAxis);
  return { tensor: reversed, timeAxis };
}

/** The tensor of a PACK that the fused operator can write itself. */
export function directJoin({ input, steps, batch }: RecognisedLstm, { joins }: NeededOutputs): FusedSequence | null {
  const timeAxis = input.kind === 'steps' ? 1 : input.timeAxis;
  // One step of one row lies the same way along both axes.
  const isSingle = steps === 1 && batch === 1;
  const join = joins.find(({ axis, isReversed }) => isSingle || (axis === timeAxis && !isReversed));
  return join === undefined ? null : { tensor: join.operator.outputs[0] ?? ABSENT, timeAxis };
}

/** Gives every reader that stays its values out of the fused operator's result. */
export function emitOutputs(
  emission: Emission,
  lstm: RecognisedLstm,
  from: FusedSequence,
  { joins, single }: NeededOutputs,
): void {
  for (const { operator, axis, isReversed } of joins) {
    const to = operator.outputs[0] ?? ABSENT;
    if (to !== from.tensor) emitJoin(emission, lstm, from, { to, axis, isReversed });
  }
  const [only = 0] = single;
  const target = lstm.hidden[only] ?? ABSENT;
  if (single.length === 1 && lstm.steps === 1) emission.reshape(from.tensor, target);
  else if (single.length === 1) emission.takeStep(from.tensor, target, from.timeAxis, only, false);
  else if (single.length > 1) emitSteps(emission, lstm, from, new Set(single));
}

function emitSteps(emission: Emission, lstm: RecognisedLstm, from: FusedSequence, wanted: ReadonlySet<number>): void {
  const outputs = lstm.hidden.map((tensor, step) =>
    wanted.has(step) ? tensor : emission.value(`step_${step}`, [lstm.batch, lstm.sizes.cell]),
  );
  emission.emit('UNPACK', [from.tensor], outputs, { num: lstm.steps, axis: from.timeAxis });
}

/** All hidden values with time on another axis, or turned. */
export function emitJoin(
  emission: Emission,
  lstm: RecognisedLstm,
  from: FusedSequence,
  { to, axis, isReversed }: { readonly to: number; readonly axis: 0 | 1; readonly isReversed: boolean },
): void {
  if (axis === from.timeAxis) {
    // Without a reversal it is the first one's copy.
    if (isReversed) emission.reverse(from.tensor, to, axis);
    else emission.reshape(from.tensor, to);
    return;
  }
  const turned = isReversed ? emission.value('turned', emission.draft.tensor(to).shape) : to;
  if (lstm.batch === 1) emission.reshape(from.tensor, turned);
  else emission.emit('TRANSPOSE', [from.tensor, emission.integers('permutation', [1, 0, 2])], [turned]);
  if (isReversed) emission.reverse(turned, to, axis);
}
