import type { Graph, Model, Operator } from '../model/model';
import { LSTM_OPERATORS, preparingOperator } from '../ops/prepareOperator';
import type { GraphOptions } from './graphRunner';
import type { RuntimeSource } from './operatorRuntime';
import { type PreparedOp, UnsupportedOperatorError } from './preparedOp';

type Preparing = Generator<void | Promise<unknown>, PreparedOp>;

/**
 * Prepares one operator with this engine or, where that does not compute it, with the runtime of the options. Yields a promise where
 * the runtime has to be loaded first.
 * @throws UnsupportedOperatorError where neither computes it, with the runtime's reason; ModelFormatError
 */
export function* preparingAnywhere(model: Model, graph: Graph, operator: Operator, options: GraphOptions): Preparing {
  const { runtime, preferred = 'engine' } = options;
  if (runtime === undefined || LSTM_OPERATORS.has(operator.name)) return yield* preparingOperator(graph, operator, options);
  const byRuntime = () => preparingByRuntime(runtime, model, graph, operator, options);
  const byEngine = () => preparingOperator(graph, operator, options);
  const [first, second] = preferred === 'engine' ? [byEngine, byRuntime] : [byRuntime, byEngine];
  try {
    return yield* first();
  } catch (refusal) {
    if (!(refusal instanceof UnsupportedOperatorError) || refusal.isPersonas) throw refusal;
    return yield* preparingSecond(second, preferred === 'runtime' ? refusal : null);
  }
}

/** @param reason thrown instead of the second's refusal */
function* preparingSecond(second: () => Preparing, reason: UnsupportedOperatorError | null): Preparing {
  try {
    return yield* second();
  } catch (error) {
    throw error instanceof UnsupportedOperatorError ? (reason ?? error) : error;
  }
}

function* preparingByRuntime(
  runtime: RuntimeSource,
  model: Model,
  graph: Graph,
  operator: Operator,
  options: GraphOptions,
): Preparing {
  const source = runtime.of?.(model) ?? runtime;
  if (source.loaded === null) yield source.load();
  if (source.loaded === null)
    throw new Error(`${source.name} is not loaded: the graph must be prepared where that can be waited for.`);
  return source.loaded.prepare(model, graph, operator, options);
}
