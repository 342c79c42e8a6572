import type { Graph, Operator, Tensor } from '../model/model';
import { alignOperators } from './alignOperators';
import { matchConsumers } from './matchConsumers';
import { likeness, mainWeights, SAME_FROM, UNRELATED_BELOW } from './weightLikeness';

/** How operators of a quantized graph found their counterparts in a float one. */
export interface GraphMatch {
  /** What found most of them. */
  readonly by: 'name' | 'order' | 'weights';
  /** Per operator of the quantized graph: position of its counterpart; null where there is none. */
  readonly partners: readonly (number | null)[];
  /** Per input of the float graph: position of the quantized graph's input that feeds it. */
  readonly inputs: readonly number[];
  /** Positions of paired operators whose weights are unlike their counterpart's: of another training. */
  readonly unrelated: readonly number[];
}

/** Operators that change how values are stored and not what they are; they have no counterpart and need none. */
export function isConversion(operator: Operator): boolean {
  return CONVERSIONS.has(operator.name);
}

const CONVERSIONS: ReadonlySet<string> = new Set(['QUANTIZE', 'DEQUANTIZE', 'QuantizeLinear', 'DequantizeLinear']);

/** Where no name is shared, so many of the larger graph's operators must have a place in the other: else it is another network. */
const LEAST_SHARE_BY_ORDER = 0.5;
/** Weights of so many pairs are compared at most where neither names nor places pair them. */
const MOST_WEIGHTS_COMPARED = 20_000;

/**
 * Pairs the operators of two graphs of the same network: by the name of the (first) output tensor; what is left by its place, which is
 * what it takes its data from and the order between two pairs; and what is then left by weights that are the same but for rounding.
 * Nothing is paired whose operator or shape differs, nor by its place where the weights say no.
 */
export function matchFloat(graph: Graph, floatGraph: Graph): GraphMatch {
  const named = matchByName(graph, floatGraph);
  const inputs = matchInputs(graph, floatGraph);
  const agreeAt = (position: number, partner: number) => {
    if (!agree(graph, graph.operators[position]!, floatGraph, floatGraph.operators[partner]!)) return false;
    return (likenessOf(graph, position, floatGraph, partner) ?? 1) >= UNRELATED_BELOW;
  };
  const fed = matchConsumers(graph, floatGraph, named, inputs, { isConversion, agree: agreeAt });
  const ordered = matchBetween(graph, floatGraph, fed);
  const partners = matchByWeights(graph, floatGraph, ordered);
  const [byName, byOrder, all] = [named, ordered, partners].map((found) => found.filter((partner) => partner !== null).length);
  const counts = { name: byName!, order: byOrder! - byName!, weights: all! - byOrder! };
  const by = (['name', 'order', 'weights'] as const).reduce((most, way) => (counts[way] > counts[most] ? way : most));
  const unrelated = partners.flatMap((partner, position) => {
    const like = partner === null ? null : likenessOf(graph, position, floatGraph, partner);
    return like !== null && like < UNRELATED_BELOW ? [position] : [];
  });
  return { by, partners, inputs, unrelated };
}

function matchByName(graph: Graph, floatGraph: Graph): (number | null)[] {
  const positions = new Map<string, number>();
  floatGraph.operators.forEach((operator, position) => {
    const name = firstOutput(floatGraph, operator)?.name ?? '';
    if (name !== '' && !isConversion(operator)) positions.set(name, position);
  });
  return graph.operators.map((operator) => {
    const position = positions.get(firstOutput(graph, operator)?.name ?? '');
    const partner = floatGraph.operators[position ?? -1];
    if (position === undefined || partner === undefined || isConversion(operator)) return null;
    return agree(graph, operator, floatGraph, partner) ? position : null;
  });
}

/** Pairs by their place what stands between two pairs. Names that are in another order in the other graph leave no such places. */
function matchBetween(graph: Graph, floatGraph: Graph, named: readonly (number | null)[]): (number | null)[] {
  const partners = [...named];
  const [own, other] = [placesOf(graph), placesOf(floatGraph)];
  const anchors = own.filter((position) => named[position] !== null);
  if (anchors.some((position, k) => k > 0 && named[position]! <= named[anchors[k - 1]!]!)) return partners;
  const ends = [-1, ...anchors, graph.operators.length];
  for (let k = 1; k < ends.length; k++) {
    const [first, end] = [ends[k - 1]!, ends[k]!];
    const from = first < 0 ? -1 : named[first]!;
    const to = end < graph.operators.length ? named[end]! : floatGraph.operators.length;
    const [a, b] = [own.filter((at) => at > first && at < end), other.filter((at) => at > from && at < to)];
    const paired = alignOperators([a.length, b.length], (x, y) =>
      agree(graph, graph.operators[a[x]!]!, floatGraph, floatGraph.operators[b[y]!]!),
    );
    const found = paired.filter((partner) => partner !== null).length;
    if (anchors.length === 0 && found < LEAST_SHARE_BY_ORDER * Math.max(a.length, b.length)) continue;
    paired.forEach((partner, x) => {
      if (partner === null) return;
      const like = likenessOf(graph, a[x]!, floatGraph, b[partner]!);
      if (like === null || like >= UNRELATED_BELOW) partners[a[x]!] = b[partner]!;
    });
  }
  return partners;
}

function placesOf(graph: Graph): number[] {
  return graph.operators.flatMap((operator, position) => (isConversion(operator) ? [] : [position]));
}

function matchByWeights(graph: Graph, floatGraph: Graph, known: readonly (number | null)[]): (number | null)[] {
  const partners = [...known];
  const taken = new Set(known);
  const left = placesOf(graph).filter((position) => partners[position] === null);
  const free = placesOf(floatGraph).filter((position) => !taken.has(position));
  if (left.length * free.length > MOST_WEIGHTS_COMPARED) return partners;
  for (const position of left) {
    let best = SAME_FROM;
    for (const candidate of free) {
      if (taken.has(candidate) || graph.operators[position]!.name !== floatGraph.operators[candidate]!.name) continue;
      const like = likenessOf(graph, position, floatGraph, candidate) ?? 0;
      if (like < best || !agree(graph, graph.operators[position]!, floatGraph, floatGraph.operators[candidate]!)) continue;
      best = like;
      partners[position] = candidate;
    }
    taken.add(partners[position] ?? null);
  }
  return partners;
}

function likenessOf(graph: Graph, position: number, floatGraph: Graph, partner: number): number | null {
  const weights = mainWeights(graph, graph.operators[position]!);
  const counterpart = mainWeights(floatGraph, floatGraph.operators[partner]!);
  return weights === null || counterpart === null ? null : likeness(weights, counterpart);
}

function matchInputs(graph: Graph, floatGraph: Graph): number[] {
  const names = graph.inputs.map((index) => graph.tensors[index]?.name);
  const byName = floatGraph.inputs.map((index) => names.indexOf(floatGraph.tensors[index]?.name));
  return byName.includes(-1) ? floatGraph.inputs.map((_, position) => position) : byName;
}

function agree(graph: Graph, operator: Operator, floatGraph: Graph, partner: Operator): boolean {
  if (kindOf(operator) !== kindOf(partner) || operator.customCode !== partner.customCode) return false;
  const output = firstOutput(graph, operator);
  const counterpart = firstOutput(floatGraph, partner);
  return output !== undefined && counterpart !== undefined && sameShape(output, counterpart);
}

/** Operators that only give the same values another shape are one kind. */
function kindOf({ name }: Operator): string {
  return name === 'SQUEEZE' || name === 'EXPAND_DIMS' ? 'RESHAPE' : name;
}

/** Same rank and same size on every axis that is fixed in both. */
function sameShape(a: Tensor, b: Tensor): boolean {
  if (!a.hasRank || !b.hasRank) return true;
  if (a.shapeSignature.length !== b.shapeSignature.length) return false;
  return a.shapeSignature.every((size, axis) => size === -1 || b.shapeSignature[axis] === -1 || size === b.shapeSignature[axis]);
}

function firstOutput(graph: Graph, operator: Operator): Tensor | undefined {
  return graph.tensors[operator.outputs[0] ?? -1];
}
