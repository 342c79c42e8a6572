import { allocateTrace } from '../lstm/cellInstance';
import type { LstmRunner, LstmState } from '../lstm/lstmRunner';
import type { SignalArray, SignalName, SignalSpec, SignalTrace } from '../lstm/signals';
import type { DType } from '../model/dtype';
import { ONNX_LSTM_OPTIONS } from '../model/lstmOperands';
import type { Graph, Operator, Quantization } from '../model/model';
import { quantizeAllRoundHalfAway, type IntegerArray } from '../quantization/affine';
import type { LstmProbe, PreparedCell, PreparedOp } from '../run/preparedOp';
import type { LayerPlan } from './layerPlan';
import { emptyLosses, type StepResult } from './probedRun';

/** Multiply-accumulates between two pauses, some 50 ms at worst. */
const MACS_IN_ONE_GO = 5e7;

/** Memory for the signals of cells, used again by the next sample of as many rows: what it holds is good until then. */
export class TraceMemory {
  private readonly traces = new Map<LstmRunner, { readonly rows: number; readonly trace: SignalTrace }>();

  of(runner: LstmRunner, wanted: readonly SignalSpec[], rows: number): SignalTrace {
    const kept = this.traces.get(runner);
    if (kept?.rows === rows) return kept.trace;
    const trace = allocateTrace(wanted, rows);
    this.traces.set(runner, { rows, trace });
    return trace;
  }
}

/**
 * Every cell of a quantized LSTM fed with the float path's inputs and states; see `localCell`.
 * @param prepared of the quantized path; its own states are neither used nor changed
 * @param memory null: the answer is kept
 * @returns signals without outputs; null where the float path has no counterpart of them
 */
export function* localCells(
  prepared: PreparedOp,
  graph: Graph,
  plan: LayerPlan,
  float: StepResult,
  quantized: StepResult,
  memory: TraceMemory | null,
): Generator<void, StepResult | null> {
  const probes: LstmProbe[] = [];
  for (const [index, cell] of prepared.cells.entries()) {
    const floats = float.probes[index];
    const format = plan.cells[index]?.signals.find(({ name }) => name === 'x')?.format;
    const x = floats?.trace.x;
    if (floats === undefined || format === undefined || !(x instanceof Float32Array)) return null;
    // An input has its codes from the data.
    const isInput = graph.inputs.includes(prepared.operator.inputs[0] ?? -1);
    const own = isInput ? quantized.probes[index]?.trace.x : inFormat(x, format);
    // Where signals are counted, one that is another's values is not.
    const same = new Set(plan.cells[index]?.signals.flatMap(({ name, sameAs }) => (sameAs === null ? [] : [name])));
    const wanted = memory === null ? cell.runner.signals : cell.runner.signals.filter(({ name }) => !same.has(name));
    const probe = own?.length === x.length ? yield* localCell(cell, prepared.operator, floats, own, wanted, memory) : null;
    if (probe === null) return null;
    probes.push(probe);
  }
  return { outputs: [], probes };
}

/**
 * One cell of a quantized LSTM fed with what the float path has before every step, h and c in the formats of the cell: the error that
 * single steps add, without that of the states before them. All steps are known, so that they are computed as rows of one batch.
 * @param float what the float path's cell had
 * @param x inputs in the format of the quantized cell, [steps, batch, input]
 * @param wanted signals to be told
 * @returns null where the float path has no such states
 */
function* localCell(
  { runner, direction }: PreparedCell,
  operator: Operator,
  float: LstmProbe,
  x: SignalArray,
  wanted: readonly SignalSpec[],
  memory: TraceMemory | null,
): Generator<void, LstmProbe | null> {
  const { steps, batch } = float;
  const rows = steps * batch;
  const before = rows === 0 ? null : statesBefore(float, direction, runner);
  if (before === null || before.output.length !== rows * runner.outputSize || before.cell.length !== rows * runner.cellSize) {
    return null;
  }
  const trace = memory?.of(runner, wanted, rows) ?? allocateTrace(wanted, rows);
  runner.coverInput?.(x);
  const losses = emptyLosses();
  const macs = runner.macsPerStep;
  const most = rowsMeet(operator, runner) ? batch : Math.max(1, Math.floor(MACS_IN_ONE_GO / macs));
  let sinceLast = 0;
  for (let first = 0; first < rows; first += most) {
    const end = Math.min(rows, first + most);
    const part = <T extends SignalArray>(values: T, size: number) => values.subarray(first * size, end * size) as T;
    const state = { output: part(before.output, runner.outputSize), cell: part(before.cell, runner.cellSize) };
    const target: SignalTrace = {};
    for (const { name, size } of wanted) target[name] = part(trace[name] as SignalArray, size);
    runner.run(part(x, runner.inputSize), 1, end - first, state, target, losses);
    sinceLast += macs * (end - first);
    if (sinceLast < MACS_IN_ONE_GO) continue;
    sinceLast = 0;
    yield;
  }
  return { steps, batch, trace: { x, ...trace }, losses };
}

/** How values are stored. */
interface StoredFormat {
  readonly dtype: DType;
  readonly quantization: Pick<Quantization, 'scales' | 'zeroPoints'> | null;
}

/** A signal of the float path in the format of the quantized one, rounded half away from zero and clamped; the array itself for reals. */
function inFormat(values: Float32Array, { dtype, quantization }: StoredFormat): SignalArray {
  const scale = quantization?.scales[0];
  if (dtype === 'float32' || scale === undefined) return values;
  const codes = dtype === 'int8' ? new Int8Array(values.length) : new Int16Array(values.length);
  const zeroPoint = quantization?.zeroPoints[0] ?? 0;
  quantizeAllRoundHalfAway(values, { scale, zeroPoint }, codes as IntegerArray);
  return codes;
}

/** h and c (empty where there is none) before every step, [steps, batch, size]: those after the step before, and the first ones as they were given. */
function statesBefore(float: LstmProbe, direction: 'forward' | 'backward', runner: LstmRunner): LstmState | null {
  const stateOf = (name: SignalName, given: SignalArray | undefined): SignalArray | null => {
    const after = float.trace[name];
    const spec = runner.signals.find((one) => one.name === name);
    if (!(after instanceof Float32Array) || !(given instanceof Float32Array) || spec === undefined) return null;
    const states = new Float32Array(after.length);
    const row = given.length;
    if (direction === 'forward') {
      states.set(given);
      states.set(after.subarray(0, after.length - row), row);
    } else {
      states.set(after.subarray(row));
      states.set(given, after.length - row);
    }
    return inFormat(states, spec);
  };
  const output = stateOf('h', float.before?.output);
  const cell = runner.cellSize === 0 ? runner.initialState(0).cell : stateOf('c', float.before?.cell);
  return output === null || cell === null ? null : { output, cell };
}

/**
 * Whether batch rows of one call may touch each other: with a peephole over a smaller output, TensorFlow Lite's kernel reads one row's
 * coefficients on into the next where it computes rows together (see `IntegerDecisions.peepholeWidth`); where they are quantized
 * together, they share a scale.
 */
function rowsMeet({ name, options }: Operator, { outputSize, cellSize }: PreparedCell['runner']): boolean {
  if (options[ONNX_LSTM_OPTIONS.dynamicQuantize] === true) return true;
  return outputSize < cellSize && (name === 'LSTM' || options.time_major === true);
}
