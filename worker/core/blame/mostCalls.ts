import { macsOf } from '../model/macs';
import type { Graph } from '../model/model';

/** Of a sample that is stepped call by call: each mixture makes every call anew. */
export const MOST_CALLS = 256;
/** In fewer, a recurrent network that starts at zero shows little. */
const LEAST_CALLS = 64;
/** Multiply-accumulates over all mixtures of one sample: a minute or two. */
const WORK = 1e11;
/** What running one operator takes beside its products, in multiply-accumulates. */
const PER_OPERATOR = 5_000;

/**
 * How many calls of a long sample are measured: its first ones. It follows from the model and from what is put back alone, so that it
 * does not depend on who measures which sample.
 * @param last operator that has to run
 */
export function mostCalls(graph: Graph, last: number, mixtures: number): number {
  const operators = graph.operators.slice(0, last + 1);
  const perCall = operators.reduce((sum, operator) => sum + macsOf(graph, operator) + PER_OPERATOR, 0);
  return Math.max(LEAST_CALLS, Math.min(MOST_CALLS, Math.floor(WORK / Math.max(1, mixtures * perCall))));
}
