import { partsOfSample, type SamplePart } from '../analysis/callsAtOnce';
import { GraphLane } from '../analysis/graphLane';
import type { StepResult } from '../analysis/probedRun';
import type { Calls } from '../data/sample';
import { timeAxis } from '../data/timeAxis';
import type { SignalArray, SignalName } from '../lstm/signals';
import { GATE_LETTERS, GATES } from '../lstm/signals';
import type { LstmRunner } from '../lstm/lstmRunner';
import { BASIC_LSTM_OPERANDS, BIDIRECTIONAL_OPERANDS, keepsStates, LSTM_OPERANDS, lstmOperatorOf } from '../model/lstmOperands';
import type { Operator } from '../model/model';
import type { GraphRunner } from '../run/graphRunner';
import type { LstmProbe, PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import type { CalibrationState } from '../recipe/recipe';
import type { Calibration, CellStatistics } from './calibration';
import { firstNotFinite, NotFiniteError } from './notFiniteError';
import { addingValues, addValues, emptyStatistics, type ValueStatistics } from './valueStatistics';

/** Tensors that hold a cell's states. */
interface StateOperands {
  readonly output: number;
  readonly cell: number;
}

/** What a cell's states were when the sample before ended; null at real zero. */
interface CarriedState {
  output: Float32Array | null;
  cell: Float32Array | null;
}

/**
 * A graph on its float path under calibration: runs samples one after the other and counts every float value. A state counts with
 * its initial value; with `as-tflite` the tensors of the states, and with them the cell's range, are seen before and after each
 * sample only, as TensorFlow Lite's calibrator logs them (calibrator.cc, LoggingEval), not after every step.
 */
export class CalibratedGraph {
  readonly #lane: GraphLane;
  /** By operator position, one for each cell. */
  readonly #carried: readonly (readonly CarriedState[])[];
  #shapes: string | null = null;

  constructor(
    private readonly runner: GraphRunner,
    private readonly state: CalibrationState,
  ) {
    this.#lane = new GraphLane(runner);
    this.#carried = runner.operators.map(({ cells }) => cells.map(() => ({ output: null, cell: null })));
  }

  /** The LSTM cells inside, by operator index. */
  static cellsOf({ operators }: GraphRunner): ReadonlyMap<number, readonly { readonly cifg: boolean }[]> {
    const entries = operators.flatMap(({ operator, cells }): [number, { cifg: boolean }[]][] =>
      lstmOperatorOf(operator) === null ? [] : [[operator.index, cells.map(({ runner }) => ({ cifg: isCifg(runner) }))]],
    );
    return new Map(entries);
  }

  /**
   * Runs one sample and counts its values, with pauses.
   * @throws NotFiniteError where the data or a result is NaN or infinite; InputShapeError
   */
  *run(inputs: readonly Value[], into: Calibration, calls?: Calls): Generator<void> {
    this.#restart(inputs);
    const sample = calls === undefined ? { inputs } : { inputs, calls };
    for (const part of partsOfSample(this.runner.graph, sample)) yield* this.#runPart(part, into);
  }

  *#runPart({ inputs, calls, continues }: SamplePart, into: Calibration): Generator<void> {
    const { graph, operators } = this.runner;
    this.#lane.begin(inputs, calls, continues);
    // What states were at each call is known once all have been made.
    if (calls !== null && operators.length > 0) yield* this.#lane.step(0);
    for (const [position, index] of graph.inputs.entries()) yield* this.#countInput(index, position, into);
    for (const [position, prepared] of operators.entries()) {
      const result = yield* this.#lane.step(position);
      yield* this.#countOutputs(prepared.operator, result.outputs, into);
      const cells = into.lstms.get(prepared.operator.index) ?? [];
      for (const [index, cell] of cells.entries()) {
        yield* this.#countCell(position, index, cell, result, into);
      }
    }
  }

  #restart(inputs: readonly Value[]): void {
    const shapes = inputs.map(({ shape }) => shape.join('x')).join(' ');
    const restarts = this.state === 'reset' || (this.state === 'as-tflite' && shapes !== this.#shapes);
    this.#shapes = shapes;
    if (!restarts) return;
    this.#lane.resetState();
    for (const cell of this.#carried.flat()) Object.assign(cell, { output: null, cell: null } satisfies CarriedState);
  }

  *#countInput(index: number, position: number, into: Calibration): Generator<void> {
    const { graph } = this.runner;
    const value = this.#lane.value(index);
    if (!(value?.data instanceof Float32Array)) return;
    if ((yield* addingValues(this.#tensor(index, into), value.data)) === 0) return;
    const where = firstNotFinite(value.data, value.shape, timeAxis(graph, position)) ?? '';
    throw new NotFiniteError(`input ${graph.tensors[index]?.name ?? position} holds ${where}`, null);
  }

  *#countOutputs(operator: Operator, outputs: readonly Value[], into: Calibration): Generator<void> {
    const { tensors } = this.runner.graph;
    for (const [output, index] of operator.outputs.entries()) {
      const value = outputs[output];
      const tensor = tensors[index];
      // Constants that are only dequantized are constants still.
      if (!(value?.data instanceof Float32Array) || tensor === undefined || tensor.data !== null) continue;
      if ((yield* addingValues(this.#tensor(index, into), value.data)) === 0) continue;
      const where = firstNotFinite(value.data, value.shape, null) ?? '';
      throw new NotFiniteError(`op ${operator.index} ${operator.name}: output ${tensor.name} is ${where}`, operator.index);
    }
  }

  *#countCell(position: number, index: number, cell: CellStatistics, { probes }: StepResult, into: Calibration): Generator<void> {
    const prepared = this.runner.operators[position];
    const probe = probes[index];
    if (prepared === undefined || probe === undefined) return;
    const { operator } = prepared;
    for (const gate of GATES) {
      const statistics = cell.gates[gate];
      if (statistics !== null) yield* countSignal(statistics, `${GATE_LETTERS[gate]}_in`, probe, operator);
    }
    yield* countSignal(cell.hidden, 'm', probe, operator);
    yield* countSignal(cell.output, 'h', probe, operator);
    if (this.state !== 'as-tflite') yield* countSignal(cell.cell, 'c', probe, operator);
    yield* this.#countStates(prepared, position, index, cell, probe, into);
  }

  /** The initial values of the states, and their last ones, which the next sample may begin with. */
  *#countStates(
    prepared: PreparedOp,
    position: number,
    index: number,
    cell: CellStatistics,
    probe: LstmProbe,
    into: Calibration,
  ): Generator<void> {
    const carried = this.#carried[position]?.[index];
    const operands = stateOperandsOf(prepared.operator, index);
    if (carried === undefined || operands === null) return;
    const isBackward = prepared.cells[index]?.direction === 'backward';
    for (const state of ['output', 'cell'] as const) {
      const trace = floats(probe.trace[state === 'output' ? 'h' : 'c']);
      const last = probe.steps === 0 ? trace : lastStep(trace, probe.steps, isBackward);
      const tensor = operands[state];
      const startsAnew = !keepsStates(prepared.operator);
      const isKept = !startsAnew && this.runner.graph.tensors[tensor]?.isVariable === true;
      const given = startsAnew ? probe.before?.[state] : isKept ? null : this.#lane.value(tensor)?.data;
      const initial = given instanceof Float32Array ? given : (carried[state] ?? new Float32Array(last.length));
      addValues(cell[state], initial);
      if (isKept) {
        const statistics = this.#tensor(tensor, into);
        addValues(statistics, initial);
        yield* addingValues(statistics, this.state === 'as-tflite' ? last : trace);
        if (last.length > 0) carried[state] = last.slice();
      }
      if (state === 'cell' && this.state === 'as-tflite') addValues(cell.cell, last);
    }
  }

  #tensor(index: number, into: Calibration): ValueStatistics {
    const known = into.tensors[index] ?? null;
    if (known !== null) return known.values;
    const values = emptyStatistics();
    into.tensors[index] = { name: this.runner.graph.tensors[index]?.name ?? '', values };
    return values;
  }
}

function isCifg({ signals }: LstmRunner): boolean {
  return !signals.some(({ name }) => name === 'i_in');
}

function* countSignal(
  statistics: ValueStatistics,
  name: SignalName,
  probe: LstmProbe,
  { index, name: op }: Operator,
): Generator<void> {
  const values = floats(probe.trace[name]);
  const nonFinite = yield* addingValues(statistics, values);
  yield;
  if (nonFinite === 0) return;
  const { steps, batch } = probe;
  const size = values.length / Math.max(1, steps * batch);
  const where = firstNotFinite(values, [steps, batch, size], 0) ?? '';
  throw new NotFiniteError(`op ${index} ${op}: ${name} is ${where}`, index);
}

function floats(signal: SignalArray | undefined): Float32Array {
  return signal instanceof Float32Array ? signal : new Float32Array(0);
}

/** Rows of the step that was computed last: traces are in the order of the input's steps, in which a backward cell ends first. */
function lastStep(trace: Float32Array, steps: number, isBackward: boolean): Float32Array {
  const size = trace.length / steps;
  return isBackward ? trace.subarray(0, size) : trace.subarray(trace.length - size);
}

function stateOperandsOf(operator: Operator, cell: number): StateOperands | null {
  const at = (output: number, state: number): StateOperands => ({
    output: operator.inputs[output] ?? -1,
    cell: operator.inputs[state] ?? -1,
  });
  switch (lstmOperatorOf(operator)) {
    case 'sequence':
    case 'step':
      return at(LSTM_OPERANDS.outputState, LSTM_OPERANDS.cellState);
    case 'basic':
      return at(BASIC_LSTM_OPERANDS.previousOutput, BASIC_LSTM_OPERANDS.previousState);
    case 'bidirectional': {
      const positions = cell === 0 ? BIDIRECTIONAL_OPERANDS.forward : BIDIRECTIONAL_OPERANDS.backward;
      return at(positions.outputState, positions.cellState);
    }
    case null:
      return null;
  }
}
