import type { Gate, SignalArray, SignalSpec, SignalTrace } from './signals';

/** State of one LSTM between steps; the arrays are owned by the caller and updated in place. */
export interface LstmState {
  /** [batch, output] */
  readonly output: SignalArray;
  /** [batch, cell] */
  readonly cell: SignalArray;
}

/** Losses that the signals' own values do not show; the runner adds to these counts. */
export interface LstmLosses {
  /** Cell values changed by the model's cell clip. */
  cellClipped: number;
  /** Outputs changed by the model's projection clip. */
  projectionClipped: number;
  /** int32 overflows of r * coefficient + bias inside integer layer norm. */
  layerNormOverflow: Record<Gate, number>;
}

/**
 * One LSTM, prepared once (weights packed, multipliers computed) and run many times: float, hybrid or integer behind one interface.
 * GRUs and simple recurrent layers are run by the same interface; their state is h alone.
 */
export interface LstmRunner {
  readonly path: 'float' | 'hybrid' | 'int8';
  readonly inputSize: number;
  /** 0 for layers without a cell: GRUs and simple recurrent ones. */
  readonly cellSize: number;
  readonly outputSize: number;
  /** Multiply-accumulates of one step of one row, without a projection's. */
  readonly macsPerStep: number;
  /** What a trace of this LSTM holds, in the order in which a step computes it; without `x`, which the caller has. */
  readonly signals: readonly SignalSpec[];
  /**
   * Says that the next runs take their inputs from x, [any number, input]. Runners that quantize all inputs of a call alike have the
   * scale from it.
   */
  coverInput?(x: SignalArray): void;
  /** State at real zero: the output's zero point, cell 0. */
  initialState(batch: number): LstmState;
  /**
   * Runs `steps` steps and carries `state` along.
   * @param x [steps, batch, input], int8 (int16 for 16x8) on the integer path, float32 on the others
   * @param trace filled in where given: for each signal present, an array of at least [steps, batch, size]
   * @returns the outputs h, [steps, batch, output]
   */
  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace, losses?: LstmLosses): SignalArray;
}
