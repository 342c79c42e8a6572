import type { Gate } from '../lstm/signals';

/** Smallest and largest value of a tensor over all steps of all calibration samples, in real units, as float32 computed them. */
export interface CalibratedRange {
  readonly min: number;
  readonly max: number;
}

/** Ranges of one graph: of its tensors, and of the values inside its LSTMs that no tensor of the file holds. */
export interface CalibratedRanges {
  /** By tensor index; null where the tensor was not seen (constants, tensors that are not float). */
  readonly tensors: readonly (CalibratedRange | null)[];
  /** By operator index, for the LSTM operators; a bidirectional operator has two cells, forward first. */
  readonly lstms: ReadonlyMap<number, readonly LstmRanges[]>;
}

export interface LstmRanges {
  /** Results of a gate's matrix products (with peephole) before layer normalization; null where the gate is absent (CIFG). */
  readonly gates: Readonly<Record<Gate, CalibratedRange | null>>;
  /** o . tanh(c), before the projection. */
  readonly hidden: CalibratedRange;
  /**
   * The cell state after each step, its initial value included. TensorFlow Lite's calibrator, and calibration `as-tflite`, see it
   * before and after each sample only, so that values in between can lie outside.
   */
  readonly cell: CalibratedRange;
  /** The output h after each step, the initial value of the state included. */
  readonly output: CalibratedRange;
}
