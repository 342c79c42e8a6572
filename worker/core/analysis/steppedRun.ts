import type { Calls } from '../data/sample';
import type { SignalName, SignalTrace } from '../lstm/signals';
import { bindInput } from '../run/bindInput';
import { CallInputs, callOf, CallStack } from '../run/calls';
import type { GraphRunner } from '../run/graphRunner';
import type { LstmProbe, PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { addLosses, emptyLosses, type StepResult } from './probedRun';

/**
 * A graph called many times, with states carried from call to call. Everything that it computes is kept as [calls, ...shape of one], and
 * what LSTMs tell as if the calls' steps had been one sequence.
 */
export class SteppedRun {
  /** By tensor: inputs and outputs of operators. */
  private readonly stacks = new Map<number, CallStack>();
  private readonly probes: readonly JoinedProbes[];
  private readonly feeding: CallInputs;
  private readonly calls: Calls;

  /** @param before the run that ended with the call before; null: states are those given */
  constructor(
    private readonly runner: GraphRunner,
    inputs: readonly Value[],
    calls: Calls,
    before: SteppedRun | null,
  ) {
    this.calls = calls;
    this.feeding = new CallInputs(runner.graph, inputs, calls, before?.feeding.states ?? null);
    this.probes = runner.operators.map(({ cells }) => new JoinedProbes(cells.length, calls.count));
  }

  /** Makes all calls, with a pause after each. */
  *run(): Generator<void, void> {
    const { graph, operators, options } = this.runner;
    for (let call = 0; call < this.calls.count; call++) {
      const values = new Map<number, Value>();
      this.feeding.of(call).forEach((value, position) => {
        const index = graph.inputs[position] ?? -1;
        const bound = bindInput(graph, position, value, options.path);
        values.set(index, bound);
        this.put(index, call, bound);
      });
      operators.forEach((prepared, position) => {
        const operands = prepared.operator.inputs.map((index) => values.get(index) ?? null);
        const { outputs, probes } = runProbed(prepared, operands);
        prepared.operator.outputs.forEach((index, output) => {
          const value = outputs[output];
          if (value === undefined) return;
          values.set(index, value);
          this.put(index, call, value);
        });
        this.probes[position]?.put(call, probes);
      });
      this.feeding.answered(graph.outputs.map((index) => values.get(index) ?? null));
      yield;
    }
  }

  value(tensor: number): Value | undefined {
    return this.stacks.get(tensor)?.all ?? undefined;
  }

  result(position: number): StepResult {
    const { outputs } = this.runner.operators[position]?.operator ?? { outputs: [] };
    return {
      outputs: outputs.flatMap((index) => this.value(index) ?? []),
      calls: this.calls.count,
      probes: this.probes[position]?.all ?? [],
    };
  }

  private put(tensor: number, call: number, value: Value): void {
    let stack = this.stacks.get(tensor);
    if (stack === undefined) this.stacks.set(tensor, (stack = new CallStack(this.calls.count)));
    stack.put(call, value);
  }
}

/** One operator on operands of many calls, each [calls, ...]; its own state runs on from call to call. */
export function* runCallsOn(
  prepared: PreparedOp,
  operands: readonly (Value | null)[],
  calls: number,
): Generator<void, StepResult> {
  const stacks: CallStack[] = [];
  const probes = new JoinedProbes(prepared.cells.length, calls);
  for (let call = 0; call < calls; call++) {
    const result = runProbed(
      prepared,
      operands.map((value) => (value === null ? null : callOf(value, call))),
    );
    result.outputs.forEach((value, output) => (stacks[output] ??= new CallStack(calls)).put(call, value));
    probes.put(call, result.probes);
    if (call % PAUSE_AFTER === PAUSE_AFTER - 1) yield;
  }
  return { outputs: stacks.flatMap(({ all }) => all ?? []), calls, probes: probes.all };
}

const PAUSE_AFTER = 64;

function runProbed(prepared: PreparedOp, operands: readonly (Value | null)[]): StepResult {
  if (prepared.cells.length === 0) return { outputs: prepared.run(operands), probes: [] };
  const probes = prepared.cells.map((): LstmProbe => ({ steps: 0, batch: 0, trace: {}, losses: emptyLosses() }));
  return { outputs: prepared.run(operands, probes), probes };
}

/** What the cells of one operator tell at all calls, one after the other. */
class JoinedProbes {
  private readonly joined: (LstmProbe | null)[];
  /** Every call of a cell began with the states that the one before left. */
  private readonly isOneSequence: boolean[];

  constructor(
    cells: number,
    private readonly calls: number,
  ) {
    this.joined = new Array<null>(cells).fill(null);
    this.isOneSequence = new Array<boolean>(cells).fill(true);
  }

  put(call: number, probes: readonly LstmProbe[]): void {
    probes.forEach((probe, cell) => {
      const joined = (this.joined[cell] ??= emptyLike(probe, this.calls));
      if (call > 0 && !continues(probe, joined)) this.isOneSequence[cell] = false;
      for (const name of Object.keys(probe.trace) as SignalName[]) {
        const values = probe.trace[name];
        const into = joined.trace[name];
        if (values !== undefined && into !== undefined) into.set(values, call * values.length);
      }
      joined.steps += probe.steps;
      addLosses(joined.losses, probe.losses);
    });
  }

  /** Without the states before the first step where they do not run through: single steps cannot be told then. */
  get all(): LstmProbe[] {
    return this.joined.flatMap((probe, cell) => {
      if (probe === null) return [];
      const { before, ...rest } = probe;
      return [before !== undefined && this.isOneSequence[cell] === true ? { ...rest, before } : rest];
    });
  }
}

function emptyLike({ batch, trace, before }: LstmProbe, calls: number): LstmProbe {
  const names = Object.keys(trace) as SignalName[];
  const arrays = names.flatMap((name) => {
    const values = trace[name];
    if (values === undefined) return [];
    return [[name, new (values.constructor as new (length: number) => typeof values)(values.length * calls)] as const];
  });
  const joined: SignalTrace = Object.fromEntries(arrays);
  return { steps: 0, batch, trace: joined, losses: emptyLosses(), ...(before === undefined ? {} : { before }) };
}

/** Whether a call began where the calls before it ended. */
function continues({ before }: LstmProbe, { trace, steps, batch }: LstmProbe): boolean {
  if (before === undefined) return false;
  return (['h', 'c'] as const).every((name) => {
    const given = name === 'h' ? before.output : before.cell;
    const row = given.length;
    const end = row === 0 || batch === 0 ? 0 : steps * row;
    const last = trace[name]?.subarray(end - row, end);
    return last?.length === row && given.every((value, index) => value === last[index]);
  });
}
