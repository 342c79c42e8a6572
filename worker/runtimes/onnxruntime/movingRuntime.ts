import type { Graph, Model, Operator } from '../../core/model/model';
import type { GraphOptions } from '../../core/run/graphRunner';
import type { OperatorRuntime } from '../../core/run/operatorRuntime';
import type { PreparedOp } from '../../core/run/preparedOp';
import { convertedHere } from './converted';
import { movedHere } from './moves';

/** A runtime that is asked only for what computes: operators that move values about, or into codes and back, are done here. */
export class MovingRuntime implements OperatorRuntime {
  private readonly inRun = new WeakMap<Graph, ReadonlySet<number>>();

  constructor(private readonly inner: OperatorRuntime) {}

  prepare(model: Model, graph: Graph, operator: Operator, options: GraphOptions): PreparedOp {
    const known = this.inRun.get(graph) ?? computedInRun(graph);
    this.inRun.set(graph, known);
    // What depends on constants alone the runtime computes once, and takes for a constant from then on.
    const isComputed = known.has(operator.inputs[0] ?? -1);
    const here = isComputed ? (movedHere(graph, operator) ?? convertedHere(graph, operator, options.path)) : null;
    return here ?? this.inner.prepare(model, graph, operator, options);
  }
}

/** Tensors that depend on the graph's inputs. */
function computedInRun({ inputs, operators }: Graph): ReadonlySet<number> {
  const known = new Set(inputs);
  for (const { inputs: taken, outputs } of operators) {
    if (taken.some((index) => known.has(index))) for (const index of outputs) known.add(index);
  }
  return known;
}
