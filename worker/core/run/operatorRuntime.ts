import type { Graph, Model, Operator } from '../model/model';
import type { GraphOptions } from './graphRunner';
import type { PreparedOp } from './preparedOp';

/** Somebody else's implementation of operators, for those that this engine does not compute. */
export interface OperatorRuntime {
  /**
   * @param graph the one that the operator is in, with folded constants; `model` holds the graphs that it may call
   * @throws UnsupportedOperatorError when the runtime does not compute it, or not with its types
   */
  prepare(model: Model, graph: Graph, operator: Operator, options: GraphOptions): PreparedOp;
}

/** A runtime that is loaded when the first operator needs it. */
export interface RuntimeSource {
  /** For people, such as `LiteRT`. */
  readonly name: string;
  /** What `load` gave; null before, and when it has to be loaded anew. */
  readonly loaded: OperatorRuntime | null;
  /** Never rejects: a runtime that cannot be loaded refuses every operator with the reason. */
  load(): Promise<OperatorRuntime>;
  /** The one that a model's operators are left to; absent: this one, whatever the model. */
  of?(model: Pick<Model, 'format'>): RuntimeSource;
}
