import type { GruGate } from '../lstm/signals';

/**
 * Operands of GRU, an operator of this engine's own: no .tflite file has it. ONNX's GRU and the GRUs that Keras writes in small operators
 * become it. One direction; a gate's matrices stand apart, as an LSTM's do. Options:
 * `linear_before_reset`: r multiplies the candidate's recurrent product, else h before it (Keras: reset_after). `time_major`.
 * `reverse`, `direction_axis`, `gate_clip`, `gate_activation`: as of an LSTM made from ONNX's (`ONNX_LSTM_OPTIONS`).
 * `fused_activation_function`: the candidate's. `asymmetric_quantize_inputs`: of int8 matrices with float values.
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
  /** [batch, hidden]. Absent: h starts at 0 with every run. Variable: h runs on from one run to the next. */
  initialHidden: 11,
  /** int32 [batch], optional: a row's steps. */
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
