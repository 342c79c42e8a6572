import { macsOf } from '../../model/macs';
import type { Graph, Model } from '../../model/model';
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
    macs: split(model, onTarget, 'macs'),
    weightBytes: split(model, touched, 'constants'),
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
      const tensors = new Set<number>();
      for (const { inputs, outputs } of operators) {
        for (const index of inputs) tensors.add(index);
        for (const index of outputs) tensors.add(index);
      }
      return [graph.index, tensors];
    }),
  );
}

interface Sizes {
  /** By operator index. */
  readonly macs: ReadonlyMap<number, number>;
  /** Bytes of constants that operators read, by tensor index. */
  readonly constants: ReadonlyMap<number, number>;
}

/** The same for every target. */
const known = new WeakMap<Graph, Sizes>();

function sizesOf(graph: Graph): Sizes {
  const found = known.get(graph);
  if (found !== undefined) return found;
  const constants = new Map<number, number>();
  for (const { inputs } of graph.operators) {
    for (const index of inputs) {
      const tensor = tensorAt(graph, index);
      if (tensor === null || tensor.isVariable || !isConstant(tensor)) continue;
      constants.set(index, tensor.data?.byteLength ?? 0);
    }
  }
  const sizes = { macs: new Map(graph.operators.map((operator) => [operator.index, macsOf(graph, operator)])), constants };
  known.set(graph, sizes);
  return sizes;
}

/** @param of what is added up, by the index that `onTarget` holds */
function split(model: Model, onTarget: BySubgraph, of: keyof Sizes): Split {
  const sum = { onTarget: 0, elsewhere: 0 };
  for (const graph of model.graphs) {
    const own = onTarget.get(graph.index);
    for (const [index, size] of sizesOf(graph)[of]) sum[own?.has(index) === true ? 'onTarget' : 'elsewhere'] += size;
  }
  return sum;
}
