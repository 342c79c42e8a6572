import { plainRun } from '../analysis/probedRun';
import type { Sample, SampleSource } from '../data/sample';
import { bindInput } from '../run/bindInput';
import { runningCalls } from '../run/calls';
import type { GraphRunner } from '../run/graphRunner';
import type { Value } from '../run/value';

/** Outputs that are kept at most, in bytes; of what does not fit the float path is run again. */
const MOST_KEPT_BYTES = 64 * 1024 ** 2;

/**
 * What the float path answers at one of the graph's outputs, kept so that many quantized models can be measured against it.
 * Memory is bounded; samples may be asked for in any order, whatever becomes of the states.
 */
export class FloatReference {
  private readonly kept = new Map<number, Value>();
  private bytes = 0;
  /** With carried states: the sample that the runner's states are ready for. */
  private next = 0;

  /** @param output position among the graph's outputs */
  constructor(
    private readonly runner: GraphRunner,
    private readonly samples: Pick<SampleSource, 'get'>,
    private readonly state: 'reset' | 'carry',
    private readonly output: number,
    private readonly mostBytes = MOST_KEPT_BYTES,
  ) {
    runner.resetState();
  }

  /** With pauses. Null where the float path does not compute the output. */
  *answer(index: number, sample: Sample): Generator<void, Value | null> {
    const known = this.kept.get(index);
    if (known !== undefined) return known;
    if (this.state === 'reset' || index < this.next) {
      this.runner.resetState();
      this.next = this.state === 'reset' ? index : 0;
    }
    while (this.next < index) yield* this.run(this.next, this.samples.get(this.next));
    return yield* this.run(index, sample);
  }

  private *run(index: number, sample: Sample): Generator<void, Value | null> {
    // A run that is stopped in the middle leaves states behind that are ready for nothing.
    this.next = Infinity;
    const value = yield* runToOutput(this.runner, sample, this.output);
    this.next = index + 1;
    if (value === null || this.kept.has(index)) return value;
    const { byteLength } = value.data as Float32Array;
    if (this.bytes + byteLength > this.mostBytes) return value;
    this.bytes += byteLength;
    // A view may hold a larger buffer.
    const own = { ...value, data: value.data.slice() } as Value;
    this.kept.set(index, own);
    return own;
  }
}

/** Runs a graph on one sample, with pauses, without its signals. @returns the output at a position; null where nothing computes it */
export function* runToOutput(
  runner: GraphRunner,
  { inputs, calls }: Pick<Sample, 'inputs' | 'calls'>,
  output: number,
): Generator<void, Value | null> {
  if (calls !== undefined) return (yield* runningCalls(runner, inputs, calls))[output] ?? null;
  const { graph, options, operators } = runner;
  const values = new Map(
    graph.inputs.map((index, position) => [index, bindInput(graph, position, inputs[position], options.path)]),
  );
  for (const prepared of operators) {
    const operands = prepared.operator.inputs.map((index) => values.get(index) ?? null);
    const outputs = yield* plainRun(prepared, graph, operands);
    prepared.operator.outputs.forEach((index, position) => {
      const value = outputs[position];
      if (value !== undefined) values.set(index, value);
    });
    yield;
  }
  return values.get(graph.outputs[output] ?? -1) ?? null;
}
