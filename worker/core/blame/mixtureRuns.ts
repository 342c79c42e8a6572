import type { Calls, Sample } from '../data/sample';
import { CallInputs, CallStack, partOfCalls, realInputs } from '../run/calls';
import type { Value } from '../run/value';
import type { FedBack, MixedGraph, Values } from './mixedGraph';
import type { Mixture } from './mixture';

/** What one tensor is on the float path, and in each mixture as soon as it is asked for. */
export interface MixtureRuns {
  readonly reference: Value | undefined;
  /** One per mixture, in order. */
  readonly values: Generator<void, Value | null>[];
}

export interface MixturesOn {
  readonly graph: MixedGraph;
  readonly mixtures: readonly Mixture[];
  /** Of each mixture. */
  readonly keys: readonly string[];
  readonly tensor: number;
}

/** A sample that is one call. */
export function* runOnce({ graph, mixtures, keys, tensor }: MixturesOn, inputs: readonly Value[]): Generator<void, MixtureRuns> {
  graph.beginSample(false);
  const grounds = yield* graph.begin(inputs);
  const valueOf = function* (mixture: Mixture, position: number): Generator<void, Value | null> {
    return (yield* graph.values(mixture, keys[position]!)).get(tensor) ?? null;
  };
  return { reference: grounds.float.get(tensor), values: mixtures.map(valueOf) };
}

/**
 * A sample of many calls. All mixtures go from call to call side by side, each with the states that it has left itself; values are
 * [calls, ...shape of one].
 * @param onCall told after each call how many have been made
 */
export function* runCallByCall(
  { graph, mixtures, keys, tensor }: MixturesOn,
  sample: Pick<Sample, 'inputs'> & { readonly calls: Calls },
  onCall: (made: number) => void,
): Generator<void, MixtureRuns> {
  const { inputs, calls } = sample;
  graph.beginSample(true);
  const own = new CallInputs(graph.graph, inputs, calls);
  const float = new CallInputs(graph.graph, realInputs(graph.graph, inputs, calls), calls);
  const lanes = mixtures.map(() => ({ feeding: new CallInputs(graph.graph, inputs, calls), stack: new CallStack(calls.count) }));
  const reference = new CallStack(calls.count);
  for (let call = 0; call < calls.count; call++) {
    const grounds = yield* graph.begin(own.of(call), float.of(call));
    own.answered(outputsOf(graph, grounds.own));
    float.answered(outputsOf(graph, grounds.float));
    putValue(reference, call, grounds.float.get(tensor));
    for (const [position, { feeding, stack }] of lanes.entries()) {
      const values = yield* graph.values(mixtures[position]!, keys[position]!, fedBack(feeding.of(call), calls));
      feeding.answered(outputsOf(graph, values));
      putValue(stack, call, values.get(tensor));
    }
    onCall(call + 1);
  }
  return {
    reference: reference.all ?? undefined,
    values: lanes.map(({ stack }) => ready(stack.all)),
  };
}

function* ready(value: Value | null): Generator<void, Value | null> {
  yield;
  return value;
}

/** The first calls of a sample that has more. */
export function cutCalls<S extends Sample>(sample: S, most: number): S & { readonly isCut: boolean } {
  const { calls, inputs, steps } = sample;
  if (calls === undefined || calls.count <= most) return { ...sample, isCut: false };
  const part = partOfCalls(inputs, calls, 0, most);
  return { ...sample, ...part, steps: Math.round((steps * most) / calls.count), isCut: true };
}

const outputsOf = ({ graph }: MixedGraph, values: Pick<Values, 'get'>): (Value | null)[] =>
  graph.outputs.map((index) => values.get(index) ?? null);

function fedBack(inputs: readonly Value[], { feeds }: Calls): FedBack {
  return new Map(inputs.flatMap((value, position) => (typeof feeds[position] === 'number' ? [[position, value] as const] : [])));
}

function putValue(stack: CallStack, call: number, value: Value | undefined): void {
  if (value !== undefined) stack.put(call, value);
}
