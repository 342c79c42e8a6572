import { reverseSteps } from './layout';
import type { LstmLosses, LstmRunner, LstmState } from './lstmRunner';
import type { SignalArray, SignalName, SignalTrace } from './signals';

/** How a sequence is walked. */
export interface Walk {
  /** From each row's last step to its first. */
  readonly reverse: boolean;
  /** Steps of each batch row; null: all of them. */
  readonly lengths: ArrayLike<number> | null;
}

/** A sequence as runners take it. */
interface Sequence {
  /** [steps, batch, input] */
  readonly x: SignalArray;
  readonly steps: number;
  readonly batch: number;
}

/**
 * Runs a sequence forward or in reverse, whole or to each row's own length. Outputs and signals are in the order of the input's steps;
 * past a row's length they are the codes of real 0, the cell's own 0 elsewhere. A row keeps the state of its last step; without steps
 * its state is 0, as in ONNX Runtime.
 * @returns as `LstmRunner.run`
 */
export function walkSequence(
  runner: LstmRunner,
  sequence: Sequence,
  { reverse, lengths }: Walk,
  state: LstmState,
  trace?: SignalTrace,
  losses?: LstmLosses,
): SignalArray {
  const { x, steps, batch } = sequence;
  runner.coverInput?.(x);
  if (lengths !== null && Array.from(lengths).some((length) => length !== steps)) {
    return walkRagged(runner, sequence, { reverse, lengths }, state, trace, losses);
  }
  if (!reverse) return runner.run(x, steps, batch, state, trace, losses);
  const y = runner.run(reverseSteps(x, steps), steps, batch, state, trace, losses);
  for (const signal of Object.values(trace ?? {})) signal.set(reverseSteps(signal, steps));
  return reverseSteps(y, steps);
}

/** Rows of equal length are run together. */
function walkRagged(
  runner: LstmRunner,
  { x, steps, batch }: Sequence,
  { reverse, lengths }: Walk & { readonly lengths: ArrayLike<number> },
  state: LstmState,
  trace: SignalTrace | undefined,
  losses: LstmLosses | undefined,
): SignalArray {
  const zero = runner.initialState(1);
  const y = like(x, steps * batch * runner.outputSize).fill(zero.output[0] ?? 0);
  for (const signal of Object.values(trace ?? {})) signal.fill(0);
  trace?.h?.set(y);
  for (const length of new Set(Array.from(lengths))) {
    const rows = Array.from(lengths).flatMap((own, row) => (own === length ? [row] : []));
    const own = {
      output: takeRows(state.output, 1, rows, batch),
      cell: takeRows(state.cell, 1, rows, batch),
    };
    if (length === 0) {
      own.output.fill(zero.output[0] ?? 0);
      own.cell.fill(0);
    } else {
      const ownTrace: SignalTrace = {};
      for (const [name, signal] of Object.entries(trace ?? {})) {
        ownTrace[name as SignalName] = like(signal, (signal.length / (steps * batch)) * length * rows.length);
      }
      const sequence = { x: takeRows(x, steps, rows, batch).subarray(0, length * rows.length * runner.inputSize) };
      const shape = { steps: length, batch: rows.length };
      const values = walkSequence(runner, { ...sequence, ...shape }, { reverse, lengths: null }, own, ownTrace, losses);
      putRows(y, values, length, rows, batch);
      for (const [name, signal] of Object.entries(ownTrace)) {
        const whole = trace?.[name as SignalName];
        if (whole !== undefined) putRows(whole, signal, length, rows, batch);
      }
    }
    putRows(state.output, own.output, 1, rows, batch);
    putRows(state.cell, own.cell, 1, rows, batch);
  }
  return y;
}

/** Some batch rows of [steps, batch, size]: [steps, rows, size]. */
function takeRows<T extends SignalArray>(data: T, steps: number, rows: readonly number[], batch: number): T {
  const size = data.length / Math.max(1, steps * batch);
  const taken = like(data, steps * rows.length * size);
  for (let step = 0; step < steps; step++) {
    rows.forEach((row, place) => {
      const from = (step * batch + row) * size;
      taken.set(data.subarray(from, from + size), (step * rows.length + place) * size);
    });
  }
  return taken;
}

/** The reverse of `takeRows`, for the first `steps` steps. */
function putRows(into: SignalArray, data: SignalArray, steps: number, rows: readonly number[], batch: number): void {
  const size = data.length / Math.max(1, steps * rows.length);
  for (let step = 0; step < steps; step++) {
    rows.forEach((row, place) => {
      const from = (step * rows.length + place) * size;
      into.set(data.subarray(from, from + size), (step * batch + row) * size);
    });
  }
}

function like<T extends SignalArray>(array: T, length: number): T {
  return new (array.constructor as new (length: number) => T)(length);
}
