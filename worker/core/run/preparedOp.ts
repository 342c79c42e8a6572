import type { LstmLosses, LstmRunner, LstmState } from '../lstm/lstmRunner';
import type { SignalTrace } from '../lstm/signals';
import type { Operator } from '../model/model';
import type { Value } from './value';

/** One operator, checked and prepared once (weights packed, multipliers computed), run once per sample. */
export interface PreparedOp {
  readonly operator: Operator;
  /** The LSTM cells inside, for their signals and sizes: none, one, or forward and backward of a bidirectional operator. */
  readonly cells: readonly PreparedCell[];
  /** Who computes it where that is not this engine, such as `LiteRT`. */
  readonly runtime?: string;
  /** Why it is not computed: it gives no values. Known when it is prepared, or from the first run on that fails. */
  readonly notComputed?: string | undefined;
  /**
   * @param inputs values of the operator's inputs that are computed at run time; null for constants and absent operands
   * @param probes one per entry of `cells`: asks for every signal of this run
   */
  run(inputs: readonly (Value | null)[], probes?: readonly LstmProbe[]): Value[];
  /** Puts variable state (an LSTM's h and c) back to real zero. */
  resetState(): void;
  /** Puts another run's state in place of its own, so that one prepared operator can serve many. Absent: it keeps none. */
  exchangeState?: ExchangeState;
}

/** @param state what an earlier exchange gave; null: at real zero @returns the state that was in its place, no copy */
export type ExchangeState = (state: KeptState | null) => KeptState | null;

/** Opaque: for the operator that gave it. */
export type KeptState = readonly object[];

export interface PreparedCell {
  readonly direction: 'forward' | 'backward';
  readonly runner: LstmRunner;
}

/** Filled in by one LSTM cell while it runs. */
export interface LstmProbe {
  /** Number of steps and batch rows of this run. */
  steps: number;
  batch: number;
  /** Signals [steps, batch, size], time-major whatever the operator's own layout. */
  trace: SignalTrace;
  losses: LstmLosses;
  /** Copies of the states before the first step that was computed. */
  before?: LstmState;
}

/** An operator that this engine does not compute, or a model that a persona's runtime refuses: which op and why, in the runtime's terms. */
export class UnsupportedOperatorError extends Error {
  override readonly name = 'UnsupportedOperatorError';

  constructor(
    readonly operatorIndex: number,
    readonly operatorName: string,
    message: string,
    /** The persona's own runtime refuses it, so that nobody else may compute it in its place. */
    readonly isPersonas = false,
  ) {
    super(message);
  }
}
