import { constantValues, realConstant } from '../model/constants';
import type { Tensor } from '../model/model';
import type { GraphOptions } from '../run/graphRunner';
import { InputShapeError } from '../run/inputShapeError';
import type { LstmProbe } from '../run/preparedOp';
import type { Value } from '../run/value';
import { signalArray } from './layout';
import type { LstmRunner, LstmState } from './lstmRunner';
import type { OperandReader } from './operandReader';
import type { SignalArray, SignalSpec, SignalTrace } from './signals';

/** Where a cell's states come from: operand positions and their tensors. */
export interface StateOperands {
  readonly output: { readonly position: number; readonly tensor: Tensor };
  readonly cell: { readonly position: number; readonly tensor: Tensor };
}

/**
 * A runner with its states in a graph. Variable tensors keep their values from run to run; states that the graph computes or
 * holds as constants are taken anew for every run.
 */
export class CellInstance {
  #kept: LstmState | null = null;
  #keptBatch = 0;

  constructor(
    readonly runner: LstmRunner,
    private readonly operands: StateOperands,
    private readonly reader: OperandReader,
    private readonly options: GraphOptions,
  ) {}

  resetState(): void {
    this.#kept = null;
  }

  /** @returns h of every step, [steps, batch, output], and the states after the last one */
  run(
    x: SignalArray,
    steps: number,
    batch: number,
    inputs: readonly (Value | null)[],
    probe: LstmProbe | undefined,
  ): { readonly y: SignalArray; readonly state: LstmState } {
    const state = this.#stateFor(batch, inputs);
    if (probe === undefined) return { y: this.runner.run(x, steps, batch, state), state };
    const trace = allocateTrace(this.runner.signals, steps * batch);
    probe.before = { output: state.output.slice(), cell: state.cell.slice() };
    const y = this.runner.run(x, steps, batch, state, trace, probe.losses);
    probe.steps = steps;
    probe.batch = batch;
    probe.trace = { x, ...trace };
    return { y, state };
  }

  #stateFor(batch: number, inputs: readonly (Value | null)[]): LstmState {
    if (this.#kept === null || this.#keptBatch !== batch) {
      this.#kept = this.runner.initialState(batch);
      this.#keptBatch = batch;
    }
    const { output, cell } = this.operands;
    this.#takeGiven(this.#kept.output, output, inputs);
    this.#takeGiven(this.#kept.cell, cell, inputs);
    return this.#kept;
  }

  /** Overwrites a kept state with what the graph gives for it, if anything. */
  #takeGiven(kept: SignalArray, { position, tensor }: StateOperands['cell'], inputs: readonly (Value | null)[]): void {
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
