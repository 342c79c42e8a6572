import type { LstmLosses } from '../lstm/lstmRunner';
import { GATES, type SignalArray, type SignalName, type SignalTrace } from '../lstm/signals';
import { keepsStates, LSTM_OPERANDS } from '../model/lstmOperands';
import type { Graph } from '../model/model';
import type { LstmProbe, PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';

export interface StepResult {
  readonly outputs: readonly Value[];
  /** Outputs are [calls, ...shape of one]; absent: of one call, without that axis. */
  readonly calls?: number;
  /** One per LSTM cell of the operator. */
  readonly probes: readonly LstmProbe[];
}

/** Multiply-accumulates of an LSTM that take some 50 ms at worst. */
const MACS_IN_ONE_GO = 5e7;

/**
 * Runs one operator with all its signals. A long sequence through a large LSTM is run piece by piece, with a pause after each:
 * the state that it keeps runs on from one piece to the next, so that the values are the same.
 * @param macsInOneGo about how much is computed between two pauses
 */
export function probedRun(
  prepared: PreparedOp,
  graph: Graph,
  operands: readonly (Value | null)[],
  macsInOneGo = MACS_IN_ONE_GO,
): Generator<void, StepResult> {
  return pausedRun(prepared, graph, operands, true, macsInOneGo);
}

/** The same without its signals, which takes half the time. */
export function* plainRun(
  prepared: PreparedOp,
  graph: Graph,
  operands: readonly (Value | null)[],
): Generator<void, readonly Value[]> {
  return (yield* pausedRun(prepared, graph, operands, false, MACS_IN_ONE_GO)).outputs;
}

function* pausedRun(
  prepared: PreparedOp,
  graph: Graph,
  operands: readonly (Value | null)[],
  probed: boolean,
  macsInOneGo: number,
): Generator<void, StepResult> {
  const [cell] = prepared.cells;
  const x = operands[LSTM_OPERANDS.input] ?? null;
  const time = cell === undefined || x === null ? null : slicedAxis(prepared, graph, x);
  const steps = time === null ? 0 : (x?.shape[time] ?? 0);
  const most = cell === undefined ? 0 : Math.max(1, Math.floor(macsInOneGo / cell.runner.macsPerStep));
  if (time === null || x === null || cell === undefined || steps <= most) return runWhole(prepared, operands, probed);

  const parts: StepResult[] = [];
  for (let start = 0; start < steps; start += most) {
    const slice = sliceTime(x, time, start, Math.min(steps, start + most));
    parts.push(runWhole(prepared, [slice, ...operands.slice(1)], probed));
    yield;
  }
  return yield* joinTime(parts, time, steps);
}

export function emptyLosses(): LstmLosses {
  return { cellClipped: 0, projectionClipped: 0, layerNormOverflow: { input: 0, forget: 0, cell: 0, output: 0 } };
}

export function addLosses(into: LstmLosses, from: LstmLosses): void {
  into.cellClipped += from.cellClipped;
  into.projectionClipped += from.projectionClipped;
  for (const gate of GATES) into.layerNormOverflow[gate] += from.layerNormOverflow[gate];
}

function runWhole(prepared: PreparedOp, operands: readonly (Value | null)[], probed: boolean): StepResult {
  const cells = probed ? prepared.cells : [];
  const probes = cells.map((): LstmProbe => ({ steps: 0, batch: 0, trace: {}, losses: emptyLosses() }));
  return { outputs: probes.length > 0 ? prepared.run(operands, probes) : prepared.run(operands), probes };
}

/** Time axis of x where pieces of it lie in one part of memory and the states are the operator's own; else null. */
function slicedAxis({ operator }: PreparedOp, graph: Graph, x: Value): 0 | 1 | null {
  if (operator.name !== 'UNIDIRECTIONAL_SEQUENCE_LSTM' || x.shape.length !== 3 || !keepsStates(operator)) return null;
  const states = [LSTM_OPERANDS.outputState, LSTM_OPERANDS.cellState].map(
    (operand) => graph.tensors[operator.inputs[operand] ?? -1],
  );
  if (!states.every((state) => state?.isVariable === true)) return null;
  if (operator.options.time_major === true) return 0;
  return x.shape[0] === 1 ? 1 : null;
}

function sliceTime(x: Value, time: 0 | 1, start: number, end: number): Value {
  const perStep = x.data.length / (x.shape[time] ?? 1);
  return {
    dtype: x.dtype,
    shape: x.shape.map((size, axis) => (axis === time ? end - start : size)),
    data: x.data.subarray(start * perStep, end * perStep),
  };
}

/** Pauses after every array: those of a large LSTM take a while to copy. */
function* joinTime(parts: readonly StepResult[], time: 0 | 1, steps: number): Generator<void, StepResult> {
  const [first] = parts;
  const outputs: Value[] = [];
  for (const [index, { dtype, shape }] of (first?.outputs ?? []).entries()) {
    const data = joined(parts.map((part) => part.outputs[index]?.data as SignalArray));
    outputs.push({ dtype, shape: shape.map((size, axis) => (axis === time ? steps : size)), data });
    yield;
  }
  const probes: LstmProbe[] = [];
  for (const [index, { batch, trace: names, before }] of (first?.probes ?? []).entries()) {
    const losses = emptyLosses();
    for (const part of parts) addLosses(losses, part.probes[index]?.losses ?? emptyLosses());
    const trace: SignalTrace = {};
    for (const name of Object.keys(names) as SignalName[]) {
      trace[name] = joined(parts.map((part) => part.probes[index]?.trace[name] as SignalArray));
      yield;
    }
    probes.push({ steps, batch, trace, losses, ...(before === undefined ? {} : { before }) });
  }
  return { outputs, probes };
}

function joined<T extends SignalArray>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new (parts[0]!.constructor as new (length: number) => T)(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
