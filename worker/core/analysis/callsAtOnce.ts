import type { Calls, Sample } from '../data/sample';
import type { Graph } from '../model/model';
import { elementCount } from '../run/arrays';
import { partOfCalls } from '../run/calls';
import type { Value } from '../run/value';

/** For all values that all paths keep of calls that are run together. */
const BYTES_AT_ONCE = 96 * 2 ** 20;
const LANES = 3;
const LEAST_CALLS = 16;
const MOST_CALLS = 8_192;

/** How many calls of a graph are run before what they gave is counted; it follows from the graph alone. */
export function callsAtOnce({ tensors, operators }: Graph): number {
  const computed = new Set(operators.flatMap(({ outputs }) => outputs));
  let bytes = 0;
  for (const index of computed) bytes += Float32Array.BYTES_PER_ELEMENT * elementCount(tensors[index]?.shape ?? []);
  for (const { inputs, name } of operators) {
    // Signals of a cell: about three times what its gates compute.
    if (/LSTM|GRU|RNN/.test(name)) bytes += SIGNALS * Float32Array.BYTES_PER_ELEMENT * widestOf(tensors, inputs);
  }
  return Math.max(LEAST_CALLS, Math.min(MOST_CALLS, Math.floor(BYTES_AT_ONCE / (LANES * Math.max(1, bytes)))));
}

const SIGNALS = 20;

function widestOf(tensors: Graph['tensors'], inputs: readonly number[]): number {
  return Math.max(0, ...inputs.map((index) => (tensors[index]?.data === null ? 0 : (tensors[index]?.shape[0] ?? 0))));
}

/** A sample as it is given to a path: in one call, or in parts of so many calls. */
export interface SamplePart {
  readonly inputs: readonly Value[];
  readonly calls: Calls | null;
  /** Not the first part. */
  readonly continues: boolean;
}

export function partsOfSample(graph: Graph, { inputs, calls }: Pick<Sample, 'inputs' | 'calls'>): SamplePart[] {
  if (calls === undefined) return [{ inputs, calls: null, continues: false }];
  const most = callsAtOnce(graph);
  return Array.from({ length: Math.max(1, Math.ceil(calls.count / most)) }, (_, part) => ({
    ...partOfCalls(inputs, calls, part * most, Math.min(calls.count, (part + 1) * most)),
    continues: part > 0,
  }));
}

/** As much of a sample as is kept when its values are looked at. */
export function firstCalls(graph: Graph, sample: Pick<Sample, 'inputs' | 'calls'>): SamplePart {
  return partsOfSample(graph, sample)[0] ?? { inputs: sample.inputs, calls: null, continues: false };
}
