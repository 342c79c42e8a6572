import type { Calls } from '../data/sample';
import type { Graph } from '../model/model';
import { elementCount } from './arrays';
import { atOnce } from './atOnce';
import { bindInput, bindValue, toReals } from './bindInput';
import type { GraphRunner, OperatorObserver } from './graphRunner';
import type { NumericArray, Value } from './value';

/** Inputs of a graph that is called many times, call by call; see `Calls`. */
export class CallInputs {
  /** Outputs of the call before; null before the first. */
  private last: readonly (Value | null)[] | null = null;

  constructor(
    private readonly graph: Graph,
    private readonly inputs: readonly Value[],
    private readonly calls: Calls,
    /** States of a part that came before. */
    before: readonly (Value | null)[] | null = null,
  ) {
    this.last = before;
  }

  /** The inputs of one call; calls must be asked for in order, with `answered` in between. */
  of(call: number): Value[] {
    return this.inputs.map((value, position) => {
      const feed = this.calls.feeds[position] ?? 'same';
      if (feed === 'same') return value;
      if (feed === 'each') return callOf(value, call);
      const state = this.last?.[feed] ?? null;
      return state === null ? value : this.fedBack(position, feed, state);
    });
  }

  answered(outputs: readonly (Value | null)[]): void {
    this.last = outputs;
  }

  /** What a part that follows begins with. */
  get states(): readonly (Value | null)[] | null {
    return this.last;
  }

  /** An output as an input: codes of other parameters become reals, which are then quantized anew. */
  private fedBack(position: number, output: number, value: Value): Value {
    const { tensors, inputs, outputs } = this.graph;
    const to = tensors[inputs[position] ?? -1];
    const from = tensors[outputs[output] ?? -1];
    const given = this.inputs[position]?.shape ?? value.shape;
    const shape = elementCount(given) === value.data.length ? given : value.shape;
    if (from === undefined || to === undefined || value.dtype === 'float32' || sameScale(from.quantization, to.quantization)) {
      return { ...value, shape };
    }
    return { dtype: 'float32', shape, data: toReals(from, value) };
  }
}

type Scale = { readonly scales: Float32Array; readonly zeroPoints: Float64Array } | null;

function sameScale(a: Scale, b: Scale): boolean {
  return a?.scales[0] === b?.scales[0] && a?.zeroPoints[0] === b?.zeroPoints[0];
}

/** Inputs of all calls as reals, for a float path; see `bindInput`. */
export function realInputs(graph: Graph, inputs: readonly Value[], calls: Calls | null): Value[] {
  return graph.inputs.map((index, position) => {
    const [tensor, value] = [graph.tensors[index], inputs[position]];
    if (calls?.feeds[position] !== 'each' || tensor === undefined || value === undefined)
      return bindInput(graph, position, value, 'float');
    bindInput(graph, position, callOf(value, 0), 'float');
    return bindValue(tensor, value, 'float');
  });
}

/** Calls `first` up to `end` of a sample. */
export function partOfCalls(
  inputs: readonly Value[],
  { feeds }: Calls,
  first: number,
  end: number,
): { inputs: Value[]; calls: Calls } {
  const part = inputs.map((value, position) => {
    if (feeds[position] !== 'each') return value;
    const size = elementCount(value.shape.slice(1));
    return { ...value, shape: [end - first, ...value.shape.slice(1)], data: value.data.subarray(first * size, end * size) };
  });
  return { inputs: part, calls: { count: end - first, feeds } };
}

/** One call's part of [calls, ...shape], a view. */
export function callOf({ dtype, shape, data }: Value, call: number): Value {
  const rest = shape.slice(1);
  const size = elementCount(rest);
  return { dtype, shape: rest, data: data.subarray(call * size, (call + 1) * size) };
}

/** Values of all calls, [calls, ...shape of one], filled call by call. */
export class CallStack {
  private value: Value | null = null;
  private size = 0;

  constructor(private readonly calls: number) {}

  /** @throws RangeError where it is of another size than the first */
  put(call: number, { dtype, shape, data }: Value): void {
    if (this.value === null) {
      this.size = data.length;
      const Constructor = data.constructor as new (length: number) => NumericArray;
      this.value = { dtype, shape: [this.calls, ...shape], data: new Constructor(data.length * this.calls) };
    }
    if (data.length !== this.size) throw new RangeError(`Call ${call} gives ${data.length} values, the first one ${this.size}.`);
    (this.value.data as Float32Array).set(data as Float32Array, call * this.size);
  }

  /** Null where no call gave one. */
  get all(): Value | null {
    return this.value;
  }
}

/**
 * Runs a sample of many calls; states go from call to call.
 * @param observe told of every operator at every call
 * @returns the graph's outputs, [calls, ...shape of one]; null for those that are not computed
 */
export function runCalls(
  runner: GraphRunner,
  inputs: readonly Value[],
  calls: Calls,
  observe?: (call: number, ...rest: Parameters<OperatorObserver>) => void,
  probe = false,
): (Value | null)[] {
  return atOnce(runningCalls(runner, inputs, calls, observe, probe));
}

/** The same with a pause after every call. */
export function* runningCalls(
  runner: GraphRunner,
  inputs: readonly Value[],
  calls: Calls,
  observe?: (call: number, ...rest: Parameters<OperatorObserver>) => void,
  probe = false,
): Generator<void, (Value | null)[]> {
  const feeding = new CallInputs(runner.graph, inputs, calls);
  const stacks = runner.graph.outputs.map(() => new CallStack(calls.count));
  for (let call = 0; call < calls.count; call++) {
    const outputs = runner.runWhatCan(
      feeding.of(call),
      observe === undefined ? undefined : (...args) => observe(call, ...args),
      probe,
    );
    feeding.answered(outputs);
    outputs.forEach((value, position) => {
      if (value !== null) stacks[position]?.put(call, value);
    });
    yield;
  }
  return stacks.map((stack) => stack.all);
}
