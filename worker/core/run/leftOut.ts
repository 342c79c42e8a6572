import type { Graph, Operator } from '../model/model';
import { UnsupportedOperatorError, type PreparedOp } from './preparedOp';

/** Operators of a graph that are not computed, and the tensors that therefore have no value. */
export class LeftOut {
  private readonly causes = new Map<number, Operator>();

  constructor(private readonly graph: Graph) {}

  /** Why an operator cannot run: the first operand without value. Null where it can. */
  reasonOf(operator: Operator): string | null {
    for (const index of operator.inputs) {
      const cause = this.causes.get(index);
      if (cause !== undefined) return `needs ${this.graph.tensors[index]?.name ?? ''}, which ${labelOf(cause)} would compute`;
    }
    return null;
  }

  /** The operator in its place, without values. */
  add(operator: Operator, reason: string): PreparedOp {
    for (const index of operator.outputs) this.causes.set(index, operator);
    return { operator, cells: [], notComputed: reason, run: () => [], resetState: () => undefined };
  }
}

/** Says which output cannot be given, and why. */
export function outputLeftOut(operators: readonly PreparedOp[], tensor: number): UnsupportedOperatorError | null {
  const prepared = operators.find(({ operator, notComputed }) => notComputed !== undefined && operator.outputs.includes(tensor));
  if (prepared === undefined) return null;
  const { operator, notComputed = '' } = prepared;
  return new UnsupportedOperatorError(
    operator.index,
    operator.customCode ?? operator.name,
    `${labelOf(operator)}: ${notComputed}`,
  );
}

function labelOf({ index, name, customCode }: Operator): string {
  return `op ${index} ${customCode ?? name}`;
}
