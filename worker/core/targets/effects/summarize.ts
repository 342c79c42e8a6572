import { macsOf } from '../../model/macs';
import type { Model } from '../../model/model';
import { isConstant, tensorAt } from '../operands';
import type { OperatorPlacement, Verdict } from '../verdict';
import type { Split, TargetSummary } from './effects';
import { peakOf } from './liveness';
import { isOnTarget } from './settle';

/** One target in figures, from the final verdicts on every operator. */
export function summarize(
  model: Model,
  ops: readonly OperatorPlacement[],
  handOvers: readonly { readonly bytes: number }[],
): TargetSummary {
  const counts: Record<Verdict, number> = { native: 0, conditional: 0, fallback: 0, rejected: 0, unverified: 0 };
  const onTarget = new Map<number, Set<number>>();
  for (const op of ops) {
    counts[op.verdict] += 1;
    if (isOnTarget(op)) onTarget.set(op.subgraph, (onTarget.get(op.subgraph) ?? new Set()).add(op.index));
  }
  const touched = touchedTensors(model, onTarget);
  const empty: ReadonlySet<number> = new Set();
  return {
    ops: counts,
    macs: splitMacs(model, onTarget),
    weightBytes: splitWeights(model, touched),
    peakActivation: peakOf(model),
    peakOnTarget: peakOf(model, (subgraph) => ({
      ops: onTarget.get(subgraph) ?? empty,
      tensors: touched.get(subgraph) ?? empty,
    })),
    handOverBytes: handOvers.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

type BySubgraph = ReadonlyMap<number, ReadonlySet<number>>;

/** Tensors that operators on the target read or write, by subgraph. */
function touchedTensors(model: Model, onTarget: BySubgraph): BySubgraph {
  return new Map(
    model.graphs.map((graph) => {
      const own = onTarget.get(graph.index);
      const operators = graph.operators.filter(({ index }) => own?.has(index) === true);
      return [graph.index, new Set(operators.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]))];
    }),
  );
}

function splitMacs(model: Model, onTarget: BySubgraph): Split {
  const split = { onTarget: 0, elsewhere: 0 };
  for (const graph of model.graphs) {
    for (const operator of graph.operators) {
      const side = onTarget.get(graph.index)?.has(operator.index) === true ? 'onTarget' : 'elsewhere';
      split[side] += macsOf(graph, operator);
    }
  }
  return split;
}

function splitWeights(model: Model, touched: BySubgraph): Split {
  const split = { onTarget: 0, elsewhere: 0 };
  for (const graph of model.graphs) {
    for (const index of new Set(graph.operators.flatMap(({ inputs }) => inputs))) {
      const tensor = tensorAt(graph, index);
      if (tensor === null || tensor.isVariable || !isConstant(tensor)) continue;
      split[touched.get(graph.index)?.has(index) === true ? 'onTarget' : 'elsewhere'] += tensor.data?.byteLength ?? 0;
    }
  }
  return split;
}
