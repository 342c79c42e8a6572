import { matchFloat, type GraphMatch } from '../analysis/matchFloat';
import type { Graph } from '../model/model';

/** How operators of graph A found their counterparts in B. */
export interface GraphPairing {
  readonly by: 'same' | GraphMatch['by'];
  /** Per operator of A: position in B; null where there is none. */
  readonly partners: readonly (number | null)[];
  /** Per input of B: position of A's input that feeds it. */
  readonly inputs: readonly number[];
}

/** One to one where both have the same operators in the same order, else by names and by order. */
export function matchGraphs(a: Graph, b: Graph): GraphPairing {
  const isSame =
    a.operators.length === b.operators.length &&
    a.operators.every(({ name, customCode }, position) => {
      const other = b.operators[position];
      return other?.name === name && other.customCode === customCode;
    });
  if (!isSame) return matchFloat(a, b);
  return { by: 'same', partners: a.operators.map((_, position) => position), inputs: matchFloat(a, b).inputs };
}
