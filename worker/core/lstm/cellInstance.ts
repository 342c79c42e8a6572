import { constantValues, realConstant } from '../model/constants';
import type { Tensor } from '../model/model';
import type { GraphOptions } from '../run/graphRunner';
import { InputShapeError } from '../run/inputShapeError';
import type { ExchangeState, LstmProbe } from '../run/preparedOp';
import type { Value } from '../run/value';
import { signalArray, signalDtype } from './layout';
import type { LstmRunner, LstmState } from './lstmRunner';
import type { OperandReader } from './operandReader';
import type { SignalArray, SignalSpec, SignalTrace } from './signals';
import { walkSequence, type Walk } from './walk';

/** Where a cell's states come from: operand positions and their tensors; null where nothing gives one, so that it starts at 0. */
export interface StateOperands {
  readonly output: { readonly position: number; readonly tensor: Tensor } | null;
  readonly cell: { readonly position: number; readonly tensor: Tensor } | null;
  /** States start at 0, or as given, with every run. Absent: variable ones run on. */
  readonly startsAnew?: boolean;
}

const FORWARD: Walk = { reverse: false, lengths: null };

/**
 * A runner with its states in a graph. Variable tensors keep their values from run to run; states that the graph computes or
 * holds as constants are taken anew for every run.
 */
export class CellInstance {
  #kept: { readonly batch: number; readonly state: LstmState } | null = null;

  constructor(
    readonly runner: LstmRunner,
    private readonly operands: StateOperands,
    private readonly reader: OperandReader,
    private readonly options: GraphOptions,
  ) {}

  resetState(): void {
    this.#kept = null;
  }

  /** See PreparedOp; of one or more instances. */
  static exchanging(instances: readonly CellInstance[]): ExchangeState {
    return (states) => {
      const before = instances.map((instance) => ({ kept: instance.#kept }));
      instances.forEach((instance, position) => {
        instance.#kept = (states as typeof before | null)?.[position]?.kept ?? null;
      });
      return before;
    };
  }

  /** @returns h of every step, [steps, batch, output], and the states after the last one */
  run(
    x: SignalArray,
    steps: number,
    batch: number,
    inputs: readonly (Value | null)[],
    probe: LstmProbe | undefined,
    walk: Walk = FORWARD,
  ): { readonly y: SignalArray; readonly state: LstmState } {
    const state = this.#stateFor(batch, inputs);
    if (probe === undefined) return { y: walkSequence(this.runner, { x, steps, batch }, walk, state), state };
    const trace = allocateTrace(this.runner.signals, steps * batch);
    probe.before = { output: state.output.slice(), cell: state.cell.slice() };
    const y = walkSequence(this.runner, { x, steps, batch }, walk, state, trace, probe.losses);
    probe.steps = steps;
    probe.batch = batch;
    probe.trace = { x, ...trace };
    return { y, state };
  }

  #stateFor(batch: number, inputs: readonly (Value | null)[]): LstmState {
    if (this.#kept?.batch !== batch || this.operands.startsAnew === true) {
      this.#kept = { batch, state: this.runner.initialState(batch) };
    }
    const { state } = this.#kept;
    const { output, cell } = this.operands;
    if (output !== null) this.#takeGiven(state.output, output, inputs);
    if (cell !== null) this.#takeGiven(state.cell, cell, inputs);
    return state;
  }

  /** Overwrites a kept state with what the graph gives for it, if anything. */
  #takeGiven(
    kept: SignalArray,
    { position, tensor }: NonNullable<StateOperands['cell']>,
    inputs: readonly (Value | null)[],
  ): void {
    const value = inputs[position] ?? null;
    const given = value === null ? this.#constantState(tensor) : signalArray(value, this.reader);
    if (given === null) return;
    if (given.length !== kept.length) {
      const { index, name } = this.reader.operator;
      throw new InputShapeError(
        `op ${index} ${name}: state ${tensor.name} has ${given.length} values; ${kept.length} are needed`,
        index,
      );
    }
    if (given.constructor !== kept.constructor) {
      throw this.reader.refusal(`state ${tensor.name} is ${signalDtype(given)}; this cell's is ${signalDtype(kept)}`);
    }
    kept.set(given);
  }

  #constantState(tensor: Tensor): SignalArray | null {
    if (tensor.isVariable || tensor.data === null) return null;
    const data = this.options.path === 'float' ? realConstant(tensor) : constantValues(tensor);
    return signalArray({ dtype: tensor.dtype, shape: tensor.shape, data }, this.reader);
  }
}

/** Arrays for every signal of `rows` rows, all of one type in one piece of memory: many small pieces take longer to get than to fill. */
export function allocateTrace(signals: readonly SignalSpec[], rows: number): SignalTrace {
  const ofType = (wanted: SignalSpec['dtype']) => signals.filter(({ dtype }) => dtype === wanted);
  return {
    ...split(ofType('int8'), rows, (length) => new Int8Array(length)),
    ...split(ofType('int16'), rows, (length) => new Int16Array(length)),
    ...split(ofType('float32'), rows, (length) => new Float32Array(length)),
  };
}

function split(signals: readonly SignalSpec[], rows: number, allocate: (length: number) => SignalArray): SignalTrace {
  const trace: SignalTrace = {};
  const total = signals.reduce((sum, { size }) => sum + size, 0);
  if (total === 0) return trace;
  const memory = allocate(total * rows);
  let offset = 0;
  for (const { name, size } of signals) trace[name] = memory.subarray(offset, (offset += size * rows));
  return trace;
}
