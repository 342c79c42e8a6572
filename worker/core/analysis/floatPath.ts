import type { Calls } from '../data/sample';
import type { Graph } from '../model/model';
import type { Value } from '../run/value';
import type { GraphLane } from './graphLane';
import { isConversion, type GraphMatch } from './matchFloat';
import type { StepResult } from './probedRun';

/** The float path beside a quantized graph, asked in that graph's own operators and tensors. */
export interface FloatPath {
  /**
   * @param calls how the graph is called with them; null: once
   * @param continues the calls follow those that were begun last
   */
  begin(inputs: readonly Value[], calls?: Calls | null, continues?: boolean): void;
  /** Float value of a tensor, once what computes it has run; undefined where there is no counterpart. */
  value(tensor: number): Value | undefined;
  /** Runs the counterpart of the operator at `position`, with pauses; null where there is none. Positions must ascend. */
  step(position: number): Generator<void, StepResult | null>;
  resetState(): void;
}

/** A float model of the same network as the float path of `graph`. */
export class PartnerPath implements FloatPath {
  private values = new Map<number, Value>();
  private results: StepResult[] = [];
  /** Which of the partner's inputs holds the state that an input of `graph` is. */
  private states: ReadonlyMap<number, number> = new Map();

  /** @param lane over the float model's graph */
  constructor(
    private readonly graph: Graph,
    private readonly lane: GraphLane,
    private readonly match: GraphMatch,
  ) {}

  /** @param inputs of `graph`, as reals */
  begin(inputs: readonly Value[], calls: Calls | null = null, continues = false): void {
    this.results = [];
    this.values = new Map();
    this.graph.inputs.forEach((tensor, position) => {
      const value = inputs[position];
      // The partner carries states of its own.
      const isState = typeof calls?.feeds[position] === 'number';
      if (value !== undefined && !isState) this.values.set(tensor, value);
    });
    this.states = new Map(
      this.match.inputs.flatMap((position, own) => {
        const tensor = this.graph.inputs[position];
        return tensor !== undefined && typeof calls?.feeds[position] === 'number' ? [[tensor, own] as const] : [];
      }),
    );
    // Outputs stand in the same order in both.
    const feeds = this.match.inputs.map((position) => calls?.feeds[position] ?? 'same');
    const own = this.match.inputs.flatMap((position) => inputs[position] ?? []);
    this.lane.begin(own, calls === null ? null : { count: calls.count, feeds }, continues);
  }

  value(tensor: number): Value | undefined {
    const state = this.states.get(tensor);
    return state === undefined ? this.values.get(tensor) : this.lane.inputValue(state);
  }

  *step(position: number): Generator<void, StepResult | null> {
    const operator = this.graph.operators[position];
    if (operator === undefined) return null;
    const result = isConversion(operator) ? this.passThrough(operator.inputs[0] ?? -1) : yield* this.partnerStep(position);
    operator.outputs.forEach((tensor, output) => {
      const value = result?.outputs[output];
      if (value !== undefined) this.values.set(tensor, value);
    });
    return result;
  }

  resetState(): void {
    this.lane.resetState();
  }

  private passThrough(tensor: number): StepResult | null {
    const value = this.values.get(tensor);
    return value === undefined ? null : { outputs: [value], probes: [] };
  }

  /** The float graph has its own order: everything up to the counterpart is run first. */
  private *partnerStep(position: number): Generator<void, StepResult | null> {
    const partner = this.match.partners[position] ?? null;
    if (partner === null) return null;
    while (this.results.length <= partner) this.results.push(yield* this.lane.step(this.results.length));
    return this.results[partner] ?? null;
  }
}
