import type { LstmLosses, LstmRunner } from '../lstm/lstmRunner';
import type { SignalTrace } from '../lstm/signals';
import type { Operator } from '../model/model';
import type { Value } from './value';

/** One operator, checked and prepared once (weights packed, multipliers computed), run once per sample. */
export interface PreparedOp {
  readonly operator: Operator;
  /** Present on LSTMs: what runs inside, for its signals and sizes. */
  readonly lstm: LstmRunner | null;
  /**
   * @param inputs values of the operator's inputs that are computed at run time; null for constants and absent operands
   * @param probe asks an LSTM for every signal of this run
   */
  run(inputs: readonly (Value | null)[], probe?: LstmProbe): Value[];
  /** Puts variable state (an LSTM's h and c) back to real zero. */
  resetState(): void;
}

/** Filled in by an LSTM while it runs. */
export interface LstmProbe {
  /** Number of steps and batch rows of this run. */
  steps: number;
  batch: number;
  /** Signals [steps, batch, size], time-major whatever the operator's own layout. */
  trace: SignalTrace;
  losses: LstmLosses;
}

/** An operator that this engine does not compute, or a model that a persona's runtime refuses: which op and why, in the runtime's terms. */
export class UnsupportedOperatorError extends Error {
  override readonly name = 'UnsupportedOperatorError';

  constructor(
    readonly operatorIndex: number,
    readonly operatorName: string,
    message: string,
  ) {
    super(message);
  }
}
