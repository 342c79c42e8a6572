import { ABSENT } from '../../../../model/model';
import type { Dataflow } from '../../../../recognise/dataflow';
import type { InitialState, RecognisedLstm } from '../../../../recognise/recognised';
import type { RecurrentDraft } from '../recurrentDraft';
import { asRead, inputSequence, type Join, joinsOf, rowsOf } from './cellValues';

const NAME_LIMIT = 200;

/** One cell as an operator to be. */
export interface CellPlan {
  readonly lstm: RecognisedLstm;
  /** A name for people. */
  readonly label: string;
  /** One tensor with all steps, or one for each step, which are to be put together along axis 0. */
  readonly x:
    { readonly kind: 'whole'; readonly tensor: number } | { readonly kind: 'steps'; readonly tensors: readonly number[] };
  /** Of x and of y. */
  readonly timeAxis: 0 | 1;
  /** From the last step of x to its first. */
  readonly isReversed: boolean;
  /** Hidden values in the order of x's steps. */
  readonly hidden: readonly number[];
  /** All hidden values in one tensor. */
  readonly y: number;
  /** Concats that y stands for, and those that have it on the other axis. */
  readonly joins: readonly Join[];
  /** As far as the file says: -1 where open. */
  readonly rows: number;
  readonly initialH: number;
  readonly initialC: number;
}

/** @param cells those whose results others take as a whole are to come before them */
export function planCells(draft: RecurrentDraft, flow: Dataflow, cells: readonly RecognisedLstm[]): readonly CellPlan[] {
  const plans: CellPlan[] = [];
  for (const lstm of cells) plans.push(planCell(draft, flow, lstm, plans));
  return plans;
}

function planCell(draft: RecurrentDraft, flow: Dataflow, lstm: RecognisedLstm, before: readonly CellPlan[]): CellPlan {
  const label = lstm.name.slice(0, NAME_LIMIT);
  const input = inputOf(flow, lstm, before);
  const { timeAxis, isReversed } = input;
  const hidden = isReversed ? [...lstm.hidden].reverse() : lstm.hidden;
  const rows = rowsOf(flow, hidden[0] ?? ABSENT) ?? -1;
  const joins = joinsOf(flow, hidden, lstm.sizes.cell);
  const own = joins.find((join) => join.timeAxis === timeAxis);
  const shape = timeAxis === 0 ? [lstm.steps, rows, lstm.sizes.cell] : [rows, lstm.steps, lstm.sizes.cell];
  const state = (given: InitialState) => (given.kind === 'zero' ? ABSENT : asRead(flow, lstm, given.tensor, lstm.sizes.cell));
  return {
    ...{ lstm, label, ...input, hidden, joins, rows },
    y: own?.output ?? draft.add(`${label}/Y`, 'float32', shape),
    initialH: state(lstm.initialHidden),
    initialC: state(lstm.initialCell),
  };
}

function inputOf(
  flow: Dataflow,
  lstm: RecognisedLstm,
  before: readonly CellPlan[],
): Pick<CellPlan, 'x' | 'timeAxis' | 'isReversed'> {
  const { input, direction } = lstm;
  const single = input.kind === 'sequence' ? [input.tensor] : input.tensors;
  const tensors = single.map((tensor) => flow.origin(tensor));
  const isSame = (hidden: readonly number[]) =>
    hidden.length === lstm.steps && tensors.length === hidden.length && hidden.every((one, step) => one === tensors[step]);
  for (const { y, timeAxis, hidden } of before) {
    const isReversed = !isSame(hidden);
    if (!isReversed || isSame([...hidden].reverse())) return { x: { kind: 'whole', tensor: y }, timeAxis, isReversed };
  }
  const whole = inputSequence(flow, lstm);
  if (whole !== null) {
    return { x: { kind: 'whole', tensor: whole.tensor }, timeAxis: whole.timeAxis, isReversed: direction === 'backward' };
  }
  return { x: { kind: 'steps', tensors: single }, timeAxis: 0, isReversed: false };
}
