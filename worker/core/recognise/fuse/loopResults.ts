import { ABSENT, type Operator } from '../../model/model';
import { type Dataflow, elements } from '../dataflow';
import type { RecognisedLstm } from '../recognised';
import type { Emission } from './emission';
import { emitJoin, type FusedSequence } from './fuseSequence';

/** What of a loop's outputs is still needed. */
export interface NeededResults {
  /** Tensors that are to hold the last hidden value. */
  readonly last: readonly number[];
  /** The tensor that is to hold the hidden values of all steps, [steps, batch, cell]; null where nobody needs it. */
  readonly sequence: number | null;
  /** Operators that only took the single step out of such a tensor: what they give is written instead. */
  readonly replaced: readonly number[];
  /** An output other than the last hidden value that somebody reads; null where there is none. */
  readonly inner: { readonly tensor: number; readonly reader: Operator | null } | null;
}

/** As `neededOutputs`, for a loop. */
export function neededResults(
  flow: Dataflow,
  { loop }: RecognisedLstm,
  dead: ReadonlySet<number>,
  kept: ReadonlySet<number>,
): NeededResults {
  const living = (tensor: number) => flow.readers(tensor).filter((reader) => !dead.has(reader.index));
  const last: number[] = [];
  const replaced: number[] = [];
  for (const tensor of loop?.last ?? []) {
    const readers = living(tensor);
    const isTaken = !kept.has(tensor) && readers.every((reader) => takesAll(flow, reader));
    if (isTaken) {
      last.push(...readers.map(({ outputs }) => outputs[0] ?? ABSENT));
      replaced.push(...readers.map(({ index }) => index));
    } else last.push(tensor);
  }
  const inside = [...(loop?.others ?? []), loop?.cell ?? ABSENT];
  const inner = inside.find((tensor) => kept.has(tensor) || living(tensor).length > 0);
  const sequence = loop?.sequence ?? ABSENT;
  const isNeeded = kept.has(sequence) || living(sequence).length > 0;
  return {
    last,
    sequence: isNeeded ? sequence : null,
    replaced,
    inner: inner === undefined ? null : { tensor: inner, reader: living(inner)[0] ?? null },
  };
}

/** A slice or reshape that gives all of its input: its only step in another shape. */
function takesAll(flow: Dataflow, { name, inputs, outputs }: Operator): boolean {
  if (name !== 'STRIDED_SLICE' && name !== 'RESHAPE') return false;
  const [from, to] = [flow.shape(inputs[0] ?? ABSENT), flow.shape(outputs[0] ?? ABSENT)];
  const isForward = name === 'RESHAPE' || flow.integers(inputs[3] ?? ABSENT)?.every((stride) => stride === 1) === true;
  return elements(from) === elements(to) && from[0] === 1 && to.length === 2 && isForward;
}

export function emitResults(
  emission: Emission,
  lstm: RecognisedLstm,
  from: FusedSequence,
  { last, sequence }: NeededResults,
): void {
  const { draft } = emission;
  if (sequence !== null && sequence !== from.tensor) emitJoin(emission, lstm, from, { to: sequence, axis: 0, isReversed: false });
  for (const target of last) {
    const step = lstm.steps - 1;
    if (draft.tensor(target).shape.length === 2) {
      emission.takeStep(from.tensor, target, from.timeAxis, step, false);
      continue;
    }
    const taken = emission.value('last', [lstm.batch, lstm.sizes.cell]);
    emission.takeStep(from.tensor, taken, from.timeAxis, step, false);
    emission.reshape(taken, target);
  }
}
