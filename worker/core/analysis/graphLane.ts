import { bindInput } from '../run/bindInput';
import type { GraphRunner } from '../run/graphRunner';
import type { LstmProbe, PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';

export interface StepResult {
  readonly outputs: readonly Value[];
  /** One per LSTM cell of the operator. */
  readonly probes: readonly LstmProbe[];
}

/**
 * One graph under way on one sample, operator by operator, so that several paths can run side by side and the caller can pause
 * between operators. Values are kept until the next sample begins.
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

  /** Runs the operator at `position`; all before it must have run. */
  step(position: number): StepResult {
    const prepared = this.operator(position);
    const result = probeOperator(
      prepared,
      prepared.operator.inputs.map((index) => this.values.get(index) ?? null),
    );
    prepared.operator.outputs.forEach((index, output) => {
      const value = result.outputs[output];
      if (value !== undefined) this.values.set(index, value);
    });
    return result;
  }

  /** Runs the operator at `position` on operands of the caller's; values of this lane are neither used nor changed. */
  stepOn(position: number, operands: readonly (Value | null)[]): StepResult {
    return probeOperator(this.operator(position), operands);
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

function probeOperator(prepared: PreparedOp, operands: readonly (Value | null)[]): StepResult {
  const probes = prepared.cells.map((): LstmProbe => ({
    steps: 0,
    batch: 0,
    trace: {},
    losses: { cellClipped: 0, projectionClipped: 0, layerNormOverflow: { input: 0, forget: 0, cell: 0, output: 0 } },
  }));
  return { outputs: probes.length > 0 ? prepared.run(operands, probes) : prepared.run(operands), probes };
}
