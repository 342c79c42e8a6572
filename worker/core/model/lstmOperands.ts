import type { Gate } from '../lstm/signals';
import type { Graph, Operator } from './model';

/**
 * Operand indices of UNIDIRECTIONAL_SEQUENCE_LSTM and of LSTM with the full kernel (schema.fbs and kernels/lstm_shared.h of
 * TensorFlow Lite). An index at or past the number of inputs, or one that holds ABSENT, is an operand that is not there:
 * 20 inputs have no layer norm, the four coefficients may also be ABSENT one by one.
 */
export const LSTM_OPERANDS = {
  /** [batch, time, input], or [time, batch, input] when time-major; LSTM: [batch, input]. */
  input: 0,
  /** [cell, input]; the input gate's is absent with CIFG. */
  inputToGate: { input: 1, forget: 2, cell: 3, output: 4 },
  /** [cell, output]. */
  recurrentToGate: { input: 5, forget: 6, cell: 7, output: 8 },
  /** Peephole vectors, [cell]; the cell gate has none. */
  cellToGate: { input: 9, forget: 10, output: 11 },
  /** [cell]. */
  gateBias: { input: 12, forget: 13, cell: 14, output: 15 },
  /** [output, cell]. */
  projectionWeights: 16,
  /** [output]. */
  projectionBias: 17,
  /** Variable, [batch, output]. */
  outputState: 18,
  /** Variable, [batch, cell]. */
  cellState: 19,
  /** [cell]. */
  layerNormCoefficients: { input: 20, forget: 21, cell: 22, output: 23 },
  /**
   * h and c before the first step, [batch, output] and [batch, cell], where they are given for every run. TensorFlow Lite has no such
   * operands, nor sequence lengths: they are those of ONNX's LSTM, whose states do not run on from call to call.
   */
  initialOutput: 24,
  initialCell: 25,
  /** Steps of each batch row: int32 [batch]. */
  sequenceLengths: 26,
} as const;

/** Outputs of UNIDIRECTIONAL_SEQUENCE_LSTM: h of every step; those made from ONNX's LSTM also give h and c after the last one. */
export const LSTM_OUTPUTS = { sequence: 0, lastOutput: 1, lastCell: 2 } as const;

/**
 * Options of UNIDIRECTIONAL_SEQUENCE_LSTM that ONNX's LSTM has and TensorFlow Lite's operator lacks.
 * `stateful` false: states start anew with every run, at 0 or as given. `reverse`: from each row's last step to its first.
 * `direction_axis`: outputs have an axis of size 1 for the direction, before the batch; batch-major the sequence has it before h.
 * `gate_clip`: gates' results are clamped to +-clip before their activation; 0 = off. `gate_activation` and `hidden_activation`: of i, f,
 * o and of c, beside `fused_activation_function` of g; names as in lstm/float/namedActivations.ts. `node_name`: what the file calls it.
 * `dynamic_quantize`: float inputs meet integer weights as ONNX Runtime's DynamicQuantizeLSTM has it, not as hybrid operators do.
 */
export const ONNX_LSTM_OPTIONS = {
  stateful: 'stateful',
  reverse: 'reverse',
  directionAxis: 'direction_axis',
  gateClip: 'gate_clip',
  gateActivation: 'gate_activation',
  hiddenActivation: 'hidden_activation',
  nodeName: 'node_name',
  dynamicQuantize: 'dynamic_quantize',
} as const;

/** Whether an LSTM's states run on from one run to the next, unless they are reset. */
export function keepsStates({ options }: Pick<Operator, 'options'>): boolean {
  return options[ONNX_LSTM_OPTIONS.stateful] !== false;
}

/** `intermediates` of the two operators: results of the gates' matmuls (before layer norm), and the hidden value m. */
export const LSTM_INTERMEDIATES = {
  gate: { input: 0, forget: 1, cell: 2, output: 3 },
  hidden: 4,
} as const satisfies { gate: Record<Gate, number>; hidden: number };

/** Whether a graph keeps states in variable tensors from one run to the next; an LSTM made from ONNX's has some that it does not keep. */
export function hasKeptStates({ tensors, operators }: Graph): boolean {
  const forgotten = new Set(operators.flatMap((operator) => (keepsStates(operator) ? [] : operator.inputs)));
  return tensors.some(({ index, isVariable }) => isVariable && !forgotten.has(index));
}

/** Operands of one direction's cell, without the input and the states. */
export interface CellOperands {
  readonly inputToGate: Readonly<Record<Gate, number>>;
  readonly recurrentToGate: Readonly<Record<Gate, number>>;
  readonly cellToGate: Readonly<Record<Exclude<Gate, 'cell'>, number>>;
  readonly gateBias: Readonly<Record<Gate, number>>;
  readonly projectionWeights: number;
  readonly projectionBias: number;
  readonly outputState: number;
  readonly cellState: number;
  /** Weights of the auxiliary input; bidirectional only. */
  readonly auxInputToGate: Readonly<Record<Gate, number>> | null;
}

/** Operand indices of BIDIRECTIONAL_SEQUENCE_LSTM, 39 or 48 of them; it has no layer norm (kernels/bidirectional_sequence_lstm.cc). */
export const BIDIRECTIONAL_OPERANDS = {
  input: 0,
  forward: {
    inputToGate: { input: 1, forget: 2, cell: 3, output: 4 },
    recurrentToGate: { input: 5, forget: 6, cell: 7, output: 8 },
    cellToGate: { input: 9, forget: 10, output: 11 },
    gateBias: { input: 12, forget: 13, cell: 14, output: 15 },
    projectionWeights: 16,
    projectionBias: 17,
    outputState: 35,
    cellState: 36,
    auxInputToGate: { input: 40, forget: 41, cell: 42, output: 43 },
  },
  backward: {
    inputToGate: { input: 18, forget: 19, cell: 20, output: 21 },
    recurrentToGate: { input: 22, forget: 23, cell: 24, output: 25 },
    cellToGate: { input: 26, forget: 27, output: 28 },
    gateBias: { input: 29, forget: 30, cell: 31, output: 32 },
    projectionWeights: 33,
    projectionBias: 34,
    outputState: 37,
    cellState: 38,
    auxInputToGate: { input: 44, forget: 45, cell: 46, output: 47 },
  },
  /** Optional second input, or the second half of a stacked pair's input. */
  auxInput: 39,
} as const satisfies { input: number; forward: CellOperands; backward: CellOperands; auxInput: number };

/** Operand indices of LSTM with the basic kernel (`kernel_type` BASIC): one packed matrix over [x, h], gate order i, g, f, o. */
export const BASIC_LSTM_OPERANDS = {
  /** [batch, input]. */
  input: 0,
  /** [batch, cell]. */
  previousOutput: 1,
  /** [4 * cell, input + cell]. */
  weights: 2,
  /** [4 * cell]. */
  bias: 3,
  /** [batch, cell]. */
  previousState: 4,
} as const;

/** The kinds of LSTM operator, by which operand list they have. */
export type LstmOperator = 'sequence' | 'step' | 'basic' | 'bidirectional';

/**
 * `sequence`: UNIDIRECTIONAL_SEQUENCE_LSTM. `step`: LSTM with the full kernel, one step. `basic`: LSTM with the basic kernel.
 * Null for operators that are no LSTM.
 */
export function lstmOperatorOf({ name, options }: Operator): LstmOperator | null {
  switch (name) {
    case 'UNIDIRECTIONAL_SEQUENCE_LSTM':
      return 'sequence';
    case 'BIDIRECTIONAL_SEQUENCE_LSTM':
      return 'bidirectional';
    case 'LSTM':
      return options.kernel_type === 'BASIC' ? 'basic' : 'step';
    default:
      return null;
  }
}
