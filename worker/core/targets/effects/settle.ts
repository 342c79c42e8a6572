import { producerOf } from '../dataflow';
import { FIX } from '../fix';
import type { Graph, Model, Operator } from '../../model/model';
import type { Execution } from '../target';
import type { OperatorPlacement, Reason } from '../verdict';
import { subsetsOf } from './subsets';
import { nameInFile } from '../../model/operatorName';

export interface Settled {
  /** Operators by partition, in the order in which partitions start. */
  readonly partitions: readonly { readonly subgraph: number; readonly ops: readonly number[] }[];
  readonly ops: readonly OperatorPlacement[];
}

/** Groups what the target takes into partitions, and sends back what its limits on partitions leave out. */
export function settle(model: Model, execution: Execution, ops: readonly OperatorPlacement[]): Settled {
  if (execution.kind === 'interpreter') return { partitions: [], ops };
  const bySubgraph = groupBySubgraph(ops);
  const partitions: { readonly subgraph: number; readonly ops: readonly number[] }[] = [];
  const left = new Map<string, Reason>();
  for (const graph of model.graphs) {
    const taken = new Set((bySubgraph.get(graph.index) ?? []).filter(isOnTarget).map((op) => op.index));
    const leave = (index: number, reason: Reason): void => void left.set(`${graph.index}/${index}`, reason);
    const kept = execution.kind === 'single' ? single(graph, taken, execution, leave) : limited(graph, taken, execution, leave);
    partitions.push(...kept.map((own) => ({ subgraph: graph.index, ops: own })));
  }
  const settled = ops.map((op): OperatorPlacement => {
    const reason = left.get(`${op.subgraph}/${op.index}`);
    return reason === undefined ? op : { ...op, verdict: 'fallback', reasons: [reason] };
  });
  return { partitions, ops: settled };
}

export function isOnTarget({ verdict }: Pick<OperatorPlacement, 'verdict'>): boolean {
  return verdict === 'native' || verdict === 'conditional';
}

type Leave = (index: number, reason: Reason) => void;
type Limited = Extract<Execution, { kind: 'partitions' }>;
type Single = Extract<Execution, { kind: 'single' }>;

function limited(
  graph: Graph,
  taken: ReadonlySet<number>,
  { most, least, source }: Limited,
  leave: Leave,
): (readonly number[])[] {
  const found = subsetsOf(graph, ({ index }) => taken.has(index)).flatMap(({ onTarget, ops }) => (onTarget ? [ops] : []));
  const byLength = [...found].sort((a, b) => b.length - a.length);
  const kept = new Set(byLength.filter((own, rank) => own.length >= least && (most === null || rank < most)));
  for (const own of found) {
    if (kept.has(own)) continue;
    const short = own.length < least;
    const rule = short ? `a partition has at least ${least} operators` : `at most ${most ?? 0} partitions, the largest first`;
    const message = 'The operator stays on the CPU, by default settings.';
    const seen = short ? `${own.length} in this one` : `${found.length} partitions; this one has ${own.length} operators`;
    for (const index of own) leave(index, { rule, seen, message, source, fix: FIX.delegateOption });
  }
  return found.filter((own) => kept.has(own));
}

/** What depends on nothing that runs elsewhere. A QUANTIZE of the graph's own input may run before the partition. */
function single(graph: Graph, taken: ReadonlySet<number>, { source }: Single, leave: Leave): (readonly number[])[] {
  const inside = new Set<Operator>();
  const culprits = new Map<Operator, Operator>();
  const entry = new Set<Operator>();
  for (const operator of graph.operators) {
    const producers = operator.inputs.flatMap((input) => producerOf(graph, input) ?? []).filter((own) => own !== operator);
    const before = producers.find((own) => !inside.has(own) && !entry.has(own));
    if (!taken.has(operator.index)) {
      if (operator.name === 'QUANTIZE' && producers.length === 0) entry.add(operator);
      else culprits.set(operator, operator);
      continue;
    }
    if (before === undefined) {
      inside.add(operator);
      continue;
    }
    const culprit = culprits.get(before) ?? before;
    culprits.set(operator, culprit);
    leave(operator.index, {
      rule: 'one partition: nothing after the first operator that runs on the CPU',
      seen: `depends on ${nameInFile(culprit)} ${culprit.index}`,
      message: 'More than one subgraph is not supported: the operator stays on the CPU.',
      source,
    });
  }
  return inside.size === 0 ? [] : [[...inside].map(({ index }) => index).sort((a, b) => a - b)];
}

function groupBySubgraph(ops: readonly OperatorPlacement[]): ReadonlyMap<number, readonly OperatorPlacement[]> {
  const groups = new Map<number, OperatorPlacement[]>();
  for (const op of ops) {
    const group = groups.get(op.subgraph);
    if (group === undefined) groups.set(op.subgraph, [op]);
    else group.push(op);
  }
  return groups;
}
