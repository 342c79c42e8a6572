import type { GruGate } from '../lstm/signals';

/**
 * Operands of GRU, an operator of this engine's own: no .tflite file has it. ONNX's GRU and the GRUs that Keras writes in small operators
 * become it. One direction; a gate's matrices stand apart, as an LSTM's do. Options:
 * `linear_before_reset` (boolean: r multiplies the candidate's recurrent product, not h before it), `time_major`, `reverse` (walks time
 * backwards), `direction_axis` (the outputs have ONNX's axis of one direction), `directions` and `direction` (which of the initial states
 * is this direction's), `clip` (of what is activated; 0 = off), `gate_activation` (`LOGISTIC` or `HARD_SIGMOID`, the latter
 * max(0, min(1, `hard_alpha` x + `hard_beta`))), `fused_activation_function` (the candidate's: `TANH`, `RELU`, `NONE`).
 */
export const GRU_OPERANDS = {
  /** [time, batch, input] when time-major, else [batch, time, input]. */
  input: 0,
  /** [hidden, input]. */
  inputToGate: { update: 1, reset: 2, candidate: 3 },
  /** [hidden, hidden]. */
  recurrentToGate: { update: 4, reset: 5, candidate: 6 },
  /** [hidden], optional. Added to the input product. */
  gateBias: { update: 7, reset: 8, candidate: 9 },
  /** [hidden], optional: added to the candidate's recurrent product before r multiplies it. With linear_before_reset only. */
  recurrentCandidateBias: 10,
  /** Values of [directions, batch, hidden] when time-major, else [batch, directions, hidden]; absent: h starts at 0 in every run. Variable: h is kept from run to run. */
  initialHidden: 11,
  /** int32 [batch], optional: a row's steps. Beyond them outputs are 0, and h stays. */
  sequenceLengths: 12,
} as const satisfies Record<string, number | Record<GruGate, number>>;

/**
 * Operands of VANILLA_RNN, an operator of this engine's own: h = f(W x + R h + b). Options as GRU's, where they apply;
 * `fused_activation_function` is f.
 */
export const RNN_OPERANDS = {
  input: 0,
  /** [hidden, input]. */
  inputWeights: 1,
  /** [hidden, hidden]. */
  recurrentWeights: 2,
  /** [hidden], optional. */
  bias: 3,
  initialHidden: 4,
  sequenceLengths: 5,
} as const;

/** Outputs of both: h of all steps, and h after the last one. The second may be left out. */
export const HIDDEN_OUTPUTS = { sequence: 0, last: 1 } as const;
