import type { Calls } from '../data/sample';
import { bindInput } from '../run/bindInput';
import type { GraphRunner } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { probedRun, type StepResult } from './probedRun';
import { runCallsOn, SteppedRun } from './steppedRun';

/**
 * One graph under way on one sample, operator by operator, so that several paths can run side by side and the caller can pause.
 * Values are kept until the next sample begins. A sample of many calls is run as a whole when its first operator is asked for; its
 * values are [calls, ...shape of one].
 */
export class GraphLane {
  private values = new Map<number, Value>();
  private stepped: { readonly run: SteppedRun; hasRun: boolean } | null = null;

  constructor(private readonly runner: GraphRunner) {}

  /**
   * @param calls how the graph is called with them; null: once
   * @param continues the calls follow those that were begun last
   * @throws InputShapeError
   */
  begin(inputs: readonly Value[], calls: Calls | null = null, continues = false): void {
    const { graph, options } = this.runner;
    const before = continues ? (this.stepped?.run ?? null) : null;
    this.stepped = calls === null ? null : { run: new SteppedRun(this.runner, inputs, calls, before), hasRun: false };
    if (calls !== null) return;
    this.values = new Map(
      graph.inputs.map((index, position) => [index, bindInput(graph, position, inputs[position], options.path)]),
    );
  }

  /** Value of a tensor that is an input or has been computed for this sample. */
  value(tensor: number): Value | undefined {
    return this.stepped === null ? this.values.get(tensor) : this.stepped.run.value(tensor);
  }

  /** Of the input at a position. */
  inputValue(position: number): Value | undefined {
    return this.value(this.runner.graph.inputs[position] ?? -1);
  }

  /** Runs the operator at `position`, with pauses; all before it must have run. */
  *step(position: number): Generator<void, StepResult> {
    const { stepped } = this;
    if (stepped !== null) {
      if (!stepped.hasRun) yield* stepped.run.run();
      stepped.hasRun = true;
      return stepped.run.result(position);
    }
    const { operator } = this.operator(position);
    const result = yield* this.stepOn(
      position,
      operator.inputs.map((index) => this.values.get(index) ?? null),
    );
    operator.outputs.forEach((index, output) => {
      const value = result.outputs[output];
      if (value !== undefined) this.values.set(index, value);
    });
    return result;
  }

  /**
   * Runs the operator at `position` on operands of the caller's; values of this lane are neither used nor changed.
   * @param calls of how many calls the operands are; null: of one, and without an axis of calls
   */
  *stepOn(position: number, operands: readonly (Value | null)[], calls: number | null = null): Generator<void, StepResult> {
    if (calls !== null) return yield* runCallsOn(this.operator(position), operands, calls);
    const result = yield* probedRun(this.operator(position), this.runner.graph, operands);
    yield;
    return result;
  }

  resetState(): void {
    this.runner.resetState();
  }

  private operator(position: number): PreparedOp {
    const prepared = this.runner.operators[position];
    if (prepared === undefined) throw new RangeError(`No operator ${position}`);
    return prepared;
  }
}
