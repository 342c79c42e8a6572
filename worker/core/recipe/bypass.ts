import { ABSENT } from '../model/model';
import type { Draft, DraftOperator } from './draft';

/**
 * Lets everybody read an operator's first input in place of its output, or write the output where the graph gives it.
 * @returns the tensor that is left; null where the operator stands between a graph's input and output and has to stay
 */
export function bypass(draft: Draft, operator: DraftOperator): number | null {
  const from = draft.operand(operator, 0);
  const to = operator.outputs[0] ?? ABSENT;
  const [keep, drop] = draft.outputs.includes(to) ? [to, from] : [from, to];
  if (keep === to && (draft.inputs.includes(from) || draft.outputs.includes(from))) return null;
  const replaced = (index: number) => (index === drop ? keep : index);
  for (const other of draft.operators) {
    if (other === operator) continue;
    other.inputs = other.inputs.map(replaced);
    other.outputs = other.outputs.map(replaced);
  }
  return keep;
}
