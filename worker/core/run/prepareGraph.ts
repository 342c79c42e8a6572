import { ModelFormatError } from '../formats/modelFormatError';
import { ABSENT, type Graph, type Model, type Operator } from '../model/model';
import { constantOf } from '../ops/operatorContext';
import { LSTM_OPERATORS } from '../ops/prepareOperator';
import { atOnce } from './atOnce';
import { bindInput } from './bindInput';
import { foldConstants } from './foldConstants';
import type { GraphOptions, GraphRunner, OperatorObserver } from './graphRunner';
import { LeftOut, outputLeftOut, reasonIn } from './leftOut';
import { type LstmProbe, type PreparedOp, UnsupportedOperatorError } from './preparedOp';
import { preparingAnywhere } from './preparingAnywhere';
import type { Value } from './value';

/**
 * Prepares every operator of a graph for one path and persona.
 * The runner takes inputs as they come from data: reals for an integer input are quantized with its parameters, codes are
 * dequantized on the float path (see bindInput). Axes may differ from the file's where the operators allow it.
 * @throws UnsupportedOperatorError, ModelFormatError: see prepareOperator
 */
export function prepareGraph(model: Model, graphIndex: number, options: GraphOptions): GraphRunner {
  return atOnce(preparingGraph(model, graphIndex, options));
}

/** The same, waiting for the runtime of the options where it has to be loaded. */
export async function prepareGraphAnywhere(model: Model, graphIndex: number, options: GraphOptions): Promise<GraphRunner> {
  const work = preparingGraph(model, graphIndex, options);
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
    await turn.value;
  }
}

/**
 * The same with a pause after every operator, and after every matrix of an LSTM. Yields a promise where the runtime of the options
 * has to be loaded before it can go on.
 */
export function* preparingGraph(
  model: Model,
  graphIndex: number,
  options: GraphOptions,
): Generator<void | Promise<unknown>, GraphRunner> {
  const stored = model.graphs[graphIndex];
  if (stored === undefined) {
    throw new ModelFormatError('NO_GRAPH', `The model has no graph ${graphIndex}`, null, `0..${model.graphs.length - 1}`);
  }
  checkOrder(stored);
  const graph = foldConstants(stored);
  const operators: PreparedOp[] = [];
  const leftOut = new LeftOut(graph, mayBeLeftOut);
  for (const operator of graph.operators) {
    operators.push(yield* preparingOrLeavingOut(model, graph, operator, options, leftOut));
    yield;
  }
  const lastUse = lastUses(graph);

  const runWhatCan = (inputs: readonly Value[], observe?: OperatorObserver, probe = false): (Value | null)[] => {
    const values = new Map<number, Value>();
    graph.inputs.forEach((index, position) =>
      values.set(index, bindInput(graph, position, inputs[position], options.path, options.inputRounding)),
    );
    operators.forEach((prepared, position) => {
      const { operator } = prepared;
      const probes = probe ? prepared.cells.map(newProbe) : [];
      const operands = operator.inputs.map((index) => values.get(index) ?? null);
      const outputs = probes.length > 0 ? prepared.run(operands, probes) : prepared.run(operands);
      operator.outputs.forEach((index, output) => {
        const value = outputs[output];
        if (value !== undefined) values.set(index, value);
      });
      observe?.(operator, outputs, probes);
      for (const index of lastUse[position] ?? []) values.delete(index);
    });
    return graph.outputs.map((index) => {
      const tensor = graph.tensors[index];
      return values.get(index) ?? (tensor === undefined ? null : constantOf(tensor, options));
    });
  };
  const run = (...given: Parameters<typeof runWhatCan>): Value[] =>
    runWhatCan(...given).map((value, position) => {
      if (value !== null) return value;
      const index = graph.outputs[position] ?? ABSENT;
      const reason = outputLeftOut(operators, index);
      throw reason ?? new ModelFormatError('OUTPUT_NEVER_COMPUTED', `No operator computes output tensor ${index}`);
    });
  const resetState = () => operators.forEach((prepared) => prepared.resetState());
  return { graph, options, operators, run, runWhatCan, resetState };
}

function* preparingOrLeavingOut(
  model: Model,
  graph: Graph,
  operator: Operator,
  options: GraphOptions,
  leftOut: LeftOut,
): Generator<void | Promise<unknown>, PreparedOp> {
  const reason = leftOut.reasonOf(operator);
  if (reason !== null) return leftOut.add(operator, reason);
  if (options.whenRefused !== 'leave-out') return yield* preparingAnywhere(model, graph, operator, options);
  try {
    return leftOut.guard(yield* preparingAnywhere(model, graph, operator, options));
  } catch (error) {
    if (!mayBeLeftOut(operator, error)) throw error;
    return leftOut.add(operator, reasonIn(error));
  }
}

/** What the persona's runtime refuses it does not run in part, and LSTMs are what this is about. */
function mayBeLeftOut(operator: Operator, error: unknown): error is UnsupportedOperatorError {
  return error instanceof UnsupportedOperatorError && !error.isPersonas && !LSTM_OPERATORS.has(operator.name);
}

/** A probe for one cell, to be filled in by the operator while it runs. */
function newProbe(): LstmProbe {
  return {
    steps: 0,
    batch: 0,
    trace: {},
    losses: { cellClipped: 0, projectionClipped: 0, layerNormOverflow: { input: 0, forget: 0, cell: 0, output: 0 } },
  };
}

/** Every operand must be a constant, a graph input, a variable or the output of an operator before. */
function checkOrder(graph: Graph): void {
  const known = new Set(graph.inputs);
  for (const operator of graph.operators) {
    // A custom operator's scratch memory may be among its operands.
    for (const index of operator.customCode === null ? operator.inputs : []) {
      const tensor = graph.tensors[index];
      if (tensor === undefined || known.has(index) || tensor.data !== null || tensor.isVariable) continue;
      if (isEmpty(tensor.shape)) continue;
      const message = `op ${operator.index} ${operator.name} uses tensor ${index} (${tensor.name}), which nothing before it computes`;
      throw new ModelFormatError('OPERAND_NEVER_COMPUTED', message, null, 'operators in the order of their data');
    }
    for (const index of operator.outputs) known.add(index);
  }
}

function isEmpty(shape: readonly number[]): boolean {
  return shape.some((size) => size === 0);
}

/** Per operator: tensors whose value nobody needs after it. */
function lastUses(graph: Graph): readonly (readonly number[])[] {
  const kept = new Set(graph.outputs);
  const last = new Map<number, number>();
  graph.operators.forEach(({ inputs, outputs }, position) => {
    for (const index of [...outputs, ...inputs]) {
      if (index !== ABSENT && !kept.has(index)) last.set(index, position);
    }
  });
  const perOperator: number[][] = graph.operators.map(() => []);
  for (const [index, position] of last) perOperator[position]?.push(index);
  return perOperator;
}
