import type { Graph, Operator } from '../model/model';
import { UnsupportedOperatorError, type PreparedOp } from './preparedOp';
import { nameInFile } from '../model/operatorName';

/** Operators of a graph that are not computed, and the tensors that therefore have no value. */
export class LeftOut {
  private readonly causes = new Map<number, Operator>();

  /** @param isLeftOut whether an operator that failed with this error is left out; else it is thrown on */
  constructor(
    private readonly graph: Graph,
    private readonly isLeftOut: (operator: Operator, error: unknown) => error is UnsupportedOperatorError,
  ) {}

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

  /** The operator, which is left out from the first run on that fails, or lacks a value that another one no longer gives. */
  guard(prepared: PreparedOp): PreparedOp {
    const { operator } = prepared;
    let notComputed: string | undefined;
    const leaveOut = (reason: string): [] => {
      notComputed = reason;
      for (const index of operator.outputs) this.causes.set(index, operator);
      return [];
    };
    return {
      ...prepared,
      get notComputed() {
        return notComputed;
      },
      run: (...given) => {
        if (notComputed !== undefined) return [];
        const missing = this.reasonOf(operator);
        if (missing !== null) return leaveOut(missing);
        try {
          return prepared.run(...given);
        } catch (error) {
          if (!this.isLeftOut(operator, error)) throw error;
          return leaveOut(reasonIn(error));
        }
      },
    };
  }
}

/** An error's message without the operator, which is said beside it. */
export function reasonIn({ message }: UnsupportedOperatorError): string {
  return message.replace(/^op \d+ \S+: /, '');
}

/** Says which output cannot be given, and why. */
export function outputLeftOut(operators: readonly PreparedOp[], tensor: number): UnsupportedOperatorError | null {
  const prepared = operators.find(({ operator, notComputed }) => notComputed !== undefined && operator.outputs.includes(tensor));
  if (prepared === undefined) return null;
  const { operator, notComputed = '' } = prepared;
  return new UnsupportedOperatorError(operator.index, nameInFile(operator), `${labelOf(operator)}: ${notComputed}`);
}

function labelOf(operator: Operator): string {
  return `op ${operator.index} ${nameInFile(operator)}`;
}
