import { bindInput } from '../run/bindInput';
import type { GraphRunner } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { probedRun, type StepResult } from './probedRun';

/**
 * One graph under way on one sample, operator by operator, so that several paths can run side by side and the caller can pause.
 * Values are kept until the next sample begins.
 */
export class GraphLane {
  private values = new Map<number, Value>();

  constructor(private readonly runner: GraphRunner) {}

  /** @throws InputShapeError */
  begin(inputs: readonly Value[]): void {
    const { graph, options } = this.runner;
    this.values = new Map(
      graph.inputs.map((index, position) => [index, bindInput(graph, position, inputs[position], options.path)]),
    );
  }

  /** Value of a tensor that is an input or has been computed for this sample. */
  value(tensor: number): Value | undefined {
    return this.values.get(tensor);
  }

  /** Runs the operator at `position`, with pauses; all before it must have run. */
  *step(position: number): Generator<void, StepResult> {
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

  /** Runs the operator at `position` on operands of the caller's; values of this lane are neither used nor changed. */
  *stepOn(position: number, operands: readonly (Value | null)[]): Generator<void, StepResult> {
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
