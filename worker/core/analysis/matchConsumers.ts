import type { Graph, Operator } from '../model/model';

/** What the computed operands of an operator come from: operators by position (0, 1, ...) and graph inputs (-1, -2, ...). */
type Sources = readonly number[];

/** How two graphs are read here; both functions are those of the matching as a whole. */
export interface ConsumerRules {
  readonly isConversion: (operator: Operator) => boolean;
  /** Whether the operators at these positions of the first and the second graph may be a pair. */
  readonly agree: (position: number, partner: number) => boolean;
}

/**
 * Pairs what takes the results of paired operators, in file order, until nothing follows any more: an operator is paired where all
 * that it takes comes from paired operators or inputs, and just one free operator of the other graph takes the same from theirs.
 * @param known partners so far; @param inputs per input of the second graph its place among the first's
 */
export function matchConsumers(
  graph: Graph,
  other: Graph,
  known: readonly (number | null)[],
  inputs: readonly number[],
  rules: ConsumerRules,
): (number | null)[] {
  const partners = [...known];
  const taken = new Set(known);
  const [own, theirs] = [sourcesOf(graph, rules), sourcesOf(other, rules)];
  const candidates = new Map<string, number[]>();
  theirs.forEach((sources, position) => {
    if (sources === null || sources.length === 0) return;
    const key = sources.join();
    candidates.set(key, [...(candidates.get(key) ?? []), position]);
  });
  own.forEach((sources, position) => {
    if (sources === null || sources.length === 0 || partners[position] !== null) return;
    const counterparts = sources.map((source) => (source >= 0 ? partners[source] : inputPlace(inputs, source)) ?? null);
    if (counterparts.includes(null)) return;
    const free = (candidates.get(counterparts.join()) ?? []).filter((at) => !taken.has(at) && rules.agree(position, at));
    const [only] = free;
    if (free.length !== 1 || only === undefined) return;
    partners[position] = only;
    taken.add(only);
  });
  return partners;
}

function inputPlace(inputs: readonly number[], source: number): number | null {
  const place = inputs.indexOf(-1 - source);
  return place < 0 ? null : -1 - place;
}

/** Per operator; null for conversions, through which is looked. */
function sourcesOf(graph: Graph, { isConversion }: ConsumerRules): (Sources | null)[] {
  const origin = new Map<number, number>(graph.inputs.map((tensor, place) => [tensor, -1 - place]));
  return graph.operators.map((operator, position) => {
    const sources = operator.inputs.flatMap((tensor) => origin.get(tensor) ?? []);
    const converts = isConversion(operator);
    const [first] = sources;
    for (const tensor of operator.outputs) {
      if (!converts) origin.set(tensor, position);
      else if (first !== undefined) origin.set(tensor, first);
    }
    return converts ? null : sources;
  });
}
