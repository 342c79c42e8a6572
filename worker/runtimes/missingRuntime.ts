import type { Graph, Model, Operator } from '../core/model/model';
import type { OperatorRuntime } from '../core/run/operatorRuntime';
import { type PreparedOp, UnsupportedOperatorError } from '../core/run/preparedOp';

/** Stands for a runtime that could not be loaded. */
export class MissingRuntime implements OperatorRuntime {
  constructor(private readonly reason: string) {}

  prepare(_model: Model, _graph: Graph, { index, name, customCode }: Operator): PreparedOp {
    const label = customCode ?? name;
    throw new UnsupportedOperatorError(index, label, `op ${index} ${label}: ${this.reason}`);
  }
}
