import { firstReaderOf, producerOf } from '../dataflow';
import type { Graph, Model, Operator } from '../../model/model';
import { tensorAt } from '../operands';
import type { Target } from '../target';
import type { OperatorPlacement } from '../verdict';
import type { Conversion, HandOver, Partition, TargetEffects, UnrolledLstm } from './effects';
import { countedBytes, isComputed } from './liveness';
import { isOnTarget, type Settled } from './settle';

export const NO_EFFECTS: TargetEffects = { partitions: [], handOvers: [], conversions: [], unrolled: [] };

/** Partitions with their traffic, hand-overs, conversions and unrolled LSTMs of a model that the target takes. */
export function describeEffects(model: Model, target: Target, settled: Settled): TargetEffects {
  const partitions: Partition[] = [];
  const handOvers: HandOver[] = [];
  const conversions: Conversion[] = [];
  for (const graph of model.graphs) {
    const own = settled.partitions.flatMap(({ subgraph, ops }, partition) =>
      subgraph === graph.index ? [{ partition, ops }] : [],
    );
    if (own.length === 0) continue;
    const partitionOf = new Map(own.flatMap(({ partition, ops }) => ops.map((index) => [index, partition] as const)));
    const crossings = crossingsOf(graph, partitionOf);
    const traffic = trafficOf(crossings);
    for (const { partition, ops } of own) {
      const { bytesIn, bytesOut } = traffic.get(partition) ?? { bytesIn: 0, bytesOut: 0 };
      partitions[partition] = { subgraph: graph.index, ops, bytesIn, bytesOut };
    }
    handOvers.push(...crossings.flatMap((crossing) => handOversOf(graph, crossing)));
    conversions.push(...crossings.flatMap((crossing) => conversionsOf(graph, crossing, target)));
  }
  return { partitions, handOvers, conversions, unrolled: unrolledOf(model, target, settled.ops) };
}

/** A value that leaves or enters a partition. */
interface Crossing {
  readonly tensor: number;
  readonly bytes: number;
  /** Null: something else than a partition, or the model's own input. */
  readonly from: number | null;
  readonly writer: Operator | null;
  /** Who reads it, other than the partition that wrote it; null: something else than a partition. */
  readonly to: readonly (number | null)[];
  readonly readers: readonly Operator[];
  /** Whether the value is an output of the graph. */
  readonly isOutput: boolean;
}

function crossingsOf(graph: Graph, partitionOf: ReadonlyMap<number, number>): readonly Crossing[] {
  const readers = new Map<number, Operator[]>();
  for (const operator of graph.operators) {
    for (const index of new Set(operator.inputs)) {
      const known = readers.get(index);
      if (known === undefined) readers.set(index, [operator]);
      else known.push(operator);
    }
  }
  const outputs = new Set(graph.outputs);
  return graph.tensors.flatMap((tensor): readonly Crossing[] => {
    const reading = readers.get(tensor.index) ?? [];
    const writer = producerOf(graph, tensor.index) ?? null;
    if (!isComputed(tensor) || tensor.isVariable || (writer === null && firstReaderOf(graph, tensor.index) === undefined))
      return [];
    const from = writer === null ? null : (partitionOf.get(writer.index) ?? null);
    const sides = new Set(reading.map(({ index }) => partitionOf.get(index) ?? null));
    const isOutput = outputs.has(tensor.index);
    const to = [...sides].filter((side) => side !== from);
    if (to.length === 0 && !(isOutput && from !== null)) return [];
    return [{ tensor: tensor.index, bytes: countedBytes(tensor), from, writer, to, readers: reading, isOutput }];
  });
}

/** Bytes by partition. */
function trafficOf(crossings: readonly Crossing[]): ReadonlyMap<number, { readonly bytesIn: number; readonly bytesOut: number }> {
  const traffic = new Map<number, { bytesIn: number; bytesOut: number }>();
  const at = (partition: number) => {
    const own = traffic.get(partition) ?? { bytesIn: 0, bytesOut: 0 };
    traffic.set(partition, own);
    return own;
  };
  for (const { from, to, bytes } of crossings) {
    if (from !== null) at(from).bytesOut += bytes;
    for (const side of to) if (side !== null) at(side).bytesIn += bytes;
  }
  return traffic;
}

function handOversOf(graph: Graph, { tensor, bytes, from, writer, to }: Crossing): readonly HandOver[] {
  if (writer === null) return [];
  const name = tensorAt(graph, tensor)?.name ?? '';
  return to.map((side) => ({ subgraph: graph.index, tensor, name, bytes, from, to: side }));
}

const CONVERTING: ReadonlySet<string> = new Set(['QUANTIZE', 'DEQUANTIZE', 'CAST']);

/** Conversions at one crossing: operators of the file just outside the partition, and what the target inserts. */
function conversionsOf(graph: Graph, crossing: Crossing, { boundary }: Target): readonly Conversion[] {
  const { tensor: index, bytes, from, writer, to, readers, isOutput } = crossing;
  const tensor = tensorAt(graph, index);
  if (tensor === null) return [];
  const found: Conversion[] = [];
  const add = (op: string, partition: number, operator: number | null): void =>
    void found.push({ op: op as Conversion['op'], subgraph: graph.index, tensor: index, bytes, index: operator, partition });
  for (const side of to) {
    if (side === null) continue;
    if (from === null && writer !== null && CONVERTING.has(writer.name)) add(writer.name, side, writer.index);
    const inserted = boundary?.(tensor, 'in') ?? null;
    if (inserted !== null) add(inserted.op, side, null);
  }
  if (from !== null) {
    if (to.includes(null)) for (const { name, index: at } of readers) if (CONVERTING.has(name)) add(name, from, at);
    const inserted = isOutput || to.length > 0 ? (boundary?.(tensor, 'out') ?? null) : null;
    if (inserted !== null) add(inserted.op, from, null);
  }
  return found;
}

function unrolledOf(model: Model, { unrolls }: Target, ops: readonly OperatorPlacement[]): readonly UnrolledLstm[] {
  if (unrolls === undefined) return [];
  const graphs = new Map(model.graphs.map((graph) => [graph.index, graph]));
  return ops.filter(isOnTarget).flatMap(({ subgraph, index }) => {
    const graph = graphs.get(subgraph);
    const operator = graph?.operators[index];
    const unrolling = graph === undefined || operator === undefined ? null : unrolls({ model, graph, operator });
    return unrolling === null ? [] : [{ subgraph, index, ...unrolling }];
  });
}
