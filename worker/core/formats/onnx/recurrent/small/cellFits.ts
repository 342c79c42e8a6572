import { ABSENT, type Operator, type Tensor } from '../../../../model/model';
import { elementCount } from '../../../../run/arrays';
import type { Dataflow } from '../../../../recognise/dataflow';
import type { RecognisedLstm } from '../../../../recognise/recognised';
import { inputSequence } from './cellValues';

/** Sums inside a sum of constants. */
const MOST_SUMS = 4;

/**
 * Whether a cell found by what its operators are called computes what one LSTM would for every shape that its values may have: the names
 * say nothing of values that are repeated along an axis, and of sizes that the file leaves open.
 */
export function cellFits(flow: Dataflow, lstm: RecognisedLstm): boolean {
  const { hidden, cells, input, sizes, numbers, sigmoid, reason, steps } = lstm;
  const isSimple = numbers === 'float' && sigmoid === 'logistic' && reason === null && steps === hidden.length;
  const [first] = hidden;
  const like = first === undefined ? null : flow.tensor(first);
  if (!isSimple || like === null || sizes.cell < 1 || sizes.input < 1) return false;
  if (input.kind === 'sequence' && inputSequence(flow, lstm) === null) return false;
  const reads = input.kind === 'steps' ? input.tensors : [];
  return (
    [...hidden, ...cells].every((tensor) => isRow(flow, tensor, sizes.cell) && sameElements(flow.tensor(tensor), like)) &&
    reads.every((tensor) => isRow(flow, tensor, sizes.input) && sameElements(flow.tensor(tensor), like, 1)) &&
    [lstm.initialHidden, lstm.initialCell].every(
      (state) => state.kind === 'zero' || sameElements(flow.tensor(state.tensor), like),
    ) &&
    lstm.operators.every((index) => isAligned(flow, flow.graph.operators[index]))
  );
}

/** Whether a tensor has rows of so many floats, with one axis open at most. */
function isRow(flow: Dataflow, tensor: number, size: number): boolean {
  const { dtype, hasRank, shapeSignature = [] } = flow.tensor(tensor) ?? {};
  const open = shapeSignature.filter((one) => one < 1);
  return dtype === 'float32' && hasRank === true && shapeSignature.at(-1) === size && open.length <= 1 && !open.includes(0);
}

/**
 * Whether two tensors have as many values in every run.
 * @param leftOut axes at the end that are not compared
 */
function sameElements(a: Tensor | null, b: Tensor | null, leftOut = 0): boolean {
  if (a === null || b === null || !a.hasRank || !b.hasRank) return false;
  const [left, right] = [a, b].map(({ shapeSignature }) => shapeSignature.slice(0, shapeSignature.length - leftOut));
  if (withoutOnes(left) === withoutOnes(right)) return true;
  const isOpen = left?.includes(-1) === true || right?.includes(-1) === true;
  return !isOpen && elementCount(left ?? []) === elementCount(right ?? []);
}

function withoutOnes(signature: readonly number[] | undefined): string {
  return signature?.filter((size) => size !== 1).join() ?? '';
}

/** Whether the two operands of a sum or a product lie element by element, or are a constant for every row. */
function isAligned(flow: Dataflow, operator: Operator | undefined): boolean {
  if (operator?.name === 'FULLY_CONNECTED') return isForRows(flow, operator.inputs[2] ?? ABSENT);
  if (operator?.name !== 'ADD' && operator?.name !== 'MUL') return true;
  const [a = ABSENT, b = ABSENT] = operator.inputs;
  const [left, right] = [a, b].map((index) => withoutLeadingOnes(flow.tensor(index)?.shapeSignature ?? []));
  if (left === right) return true;
  return [a, b].some((index) => isForRows(flow, index) && isOfConstants(flow, index));
}

/** Whether a value is constant: as a state of 0 in the file makes the first step's product with it. */
function isOfConstants(flow: Dataflow, index: number, depth = 0): boolean {
  if (index === ABSENT || flow.constant(index) !== null) return true;
  const { name = '', inputs = [] } = flow.producer(flow.origin(index)) ?? {};
  const isSum = name === 'FULLY_CONNECTED' || name === 'ADD';
  return isSum && depth < MOST_SUMS && inputs.every((input) => isOfConstants(flow, input, depth + 1));
}

function isForRows(flow: Dataflow, index: number): boolean {
  const { shapeSignature = [] } = flow.tensor(index) ?? {};
  return index === ABSENT || shapeSignature.at(-1) === elementCount(shapeSignature);
}

function withoutLeadingOnes(signature: readonly number[]): string {
  const start = signature.findIndex((size) => size !== 1);
  return start === -1 ? '' : signature.slice(start).join();
}
