import { ABSENT, type Operator } from '../model/model';
import type { Dataflow } from './dataflow';

/** Where the inputs of the steps come from, in the order of the steps. */
export type SequenceInput =
  /** Slices of one tensor along `timeAxis`, all of them, `reversed`: the last one first. */
  | { readonly kind: 'sequence'; readonly tensor: number; readonly timeAxis: 0 | 1; readonly isReversed: boolean }
  /** One tensor [batch, size] for each step. */
  | { readonly kind: 'steps'; readonly tensors: readonly number[] };

/**
 * @param inputs for each step, the first tensor that has its values
 * @param reads for each step, the tensor that is read, [batch, size]
 */
export function sequenceInput(flow: Dataflow, inputs: readonly number[], reads: readonly number[]): SequenceInput {
  const slices = inputs.map((input) => sliceOf(flow, input));
  const [first] = slices;
  const steps = inputs.length;
  if (first !== undefined && first !== null && slices.every((slice) => slice?.from === first.from && slice.axis === first.axis)) {
    const places = slices.map((slice) => slice?.place);
    const isWhole = flow.shape(first.from)[first.axis] === steps;
    const isAscending = places.every((place, step) => place === step);
    const isDescending = places.every((place, step) => place === steps - 1 - step);
    if (isWhole && (isAscending || isDescending)) return wholeSequence(flow, first.from, first.axis, !isAscending);
  }
  const single = steps === 1 ? singleStep(flow, reads[0] ?? ABSENT) : null;
  return single === null ? { kind: 'steps', tensors: reads } : wholeSequence(flow, single, 1, false);
}

interface Slice {
  readonly from: number;
  readonly axis: 0 | 1;
  readonly place: number;
}

/** A tensor [batch, size] as one step of a tensor with time on the first or second axis. */
function sliceOf(flow: Dataflow, tensor: number): Slice | null {
  const operator = flow.producer(tensor);
  const from = operator?.inputs[0] ?? ABSENT;
  const rank = flow.shape(from).length;
  if (operator === null || rank !== 3) return null;
  const place = operator.name === 'UNPACK' ? operator.outputs.indexOf(tensor) : null;
  const axis = place === null ? null : timeAxis(Number(operator.options['axis']), rank);
  if (place !== null) return axis === null ? null : { from, axis, place };
  return stridedStep(flow, operator, from);
}

function timeAxis(axis: number, rank: number): 0 | 1 | null {
  const positive = axis < 0 ? axis + rank : axis;
  return positive === 0 || positive === 1 ? positive : null;
}

/** x[:, t, :] or x[t, :, :]. */
function stridedStep(flow: Dataflow, { name, inputs, options }: Operator, from: number): Slice | null {
  const mask = (field: string) => Number(options[field] ?? 0);
  const axis = mask('shrink_axis_mask') === 1 ? 0 : mask('shrink_axis_mask') === 2 ? 1 : null;
  if (name !== 'STRIDED_SLICE' || axis === null || mask('ellipsis_mask') !== 0 || mask('new_axis_mask') !== 0) return null;
  const [begin, end, strides] = [1, 2, 3].map((operand) => flow.integers(inputs[operand] ?? ABSENT) ?? undefined);
  if (begin === undefined || end === undefined || strides === undefined || strides.some((stride) => stride !== 1)) return null;
  const shape = flow.shape(from);
  const others = [0, 1, 2].filter((other) => other !== axis);
  const isWhole = others.every((other) => {
    const starts = ((mask('begin_mask') >> other) & 1) === 1 || begin[other] === 0;
    const ends = ((mask('end_mask') >> other) & 1) === 1 || (end[other] ?? 0) >= (shape[other] ?? 0);
    return starts && ends;
  });
  const stored = ((mask('begin_mask') >> axis) & 1) === 1 ? 0 : (begin[axis] ?? 0);
  return isWhole ? { from, axis, place: stored < 0 ? stored + (shape[axis] ?? 0) : stored } : null;
}

/** A tensor [1, 1, size] with the values of one that is read as [1, size]. */
function singleStep(flow: Dataflow, read: number): number | null {
  const isSingle = (index: number) => {
    const shape = flow.shape(index);
    return shape.length === 3 && shape[0] === 1 && shape[1] === 1 && flow.tensor(index)?.dtype === flow.tensor(read)?.dtype;
  };
  return flow.aliases(read).find(isSingle) ?? null;
}

/** Goes back over what only moves the time axis or turns the time, to a tensor with the batch first where there is one. */
export function wholeSequence(flow: Dataflow, tensor: number, axis: 0 | 1, isReversed: boolean): SequenceInput {
  let found: SequenceInput = { kind: 'sequence', tensor, timeAxis: axis, isReversed };
  let [index, time, reversed] = [tensor, axis, isReversed];
  for (let hops = 0; hops < 8; hops++) {
    const operator = flow.producer(index);
    const from = operator?.inputs[0] ?? ABSENT;
    const [before, after] = [flow.shape(from), flow.shape(index)];
    if (operator === null || before.length !== 3) break;
    const isTurned = operator.name === 'TRANSPOSE' && flow.integers(operator.inputs[1] ?? ABSENT)?.join() === '1,0,2';
    // With a single row, [steps, 1, size] and [1, steps, size] are the same values.
    const isMoved = operator.name === 'RESHAPE' && before[0] === after[1] && before[1] === after[0] && after[1 - time] === 1;
    const isReverse = operator.name === 'REVERSE_V2' && flow.integers(operator.inputs[1] ?? ABSENT)?.join() === String(time);
    if (isTurned || isMoved) time = time === 0 ? 1 : 0;
    else if (isReverse) reversed = !reversed;
    else break;
    index = from;
    if (time === 1 || found.kind !== 'sequence' || found.timeAxis === 0)
      found = { kind: 'sequence', tensor: index, timeAxis: time, isReversed: reversed };
  }
  return found;
}
