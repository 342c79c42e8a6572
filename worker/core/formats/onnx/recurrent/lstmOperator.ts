import { LSTM_OPERANDS, ONNX_LSTM_OPTIONS } from '../../../model/lstmOperands';
import { ABSENT, type Operator, type OptionValue } from '../../../model/model';
import { madeOperator, type RecurrentDraft } from './recurrentDraft';

/** What one UNIDIRECTIONAL_SEQUENCE_LSTM is made of. */
export interface LstmParts {
  /** A name for people. */
  readonly label: string;
  readonly x: number;
  /** Operands 0 to 23, of which the input and the states are not there yet. */
  readonly constants: readonly number[];
  /** States for every run; ABSENT: 0. */
  readonly initialH: number;
  readonly initialC: number;
  readonly lengths: number;
  /** Rows of a batch as far as the file says. */
  readonly batch: number;
  readonly hidden: number;
  readonly outputs: readonly number[];
  readonly timeMajor: boolean;
  readonly reverse: boolean;
  readonly directionAxis: boolean;
  /** Of g; the others are among `more`. */
  readonly cellActivation: string;
  readonly more: Readonly<Record<string, OptionValue>>;
}

export function lstmOperator(draft: RecurrentDraft, parts: LstmParts): Operator {
  const { label, x, constants, initialH, initialC, lengths, batch, hidden, outputs } = parts;
  const inputs = [...constants, initialH, initialC, lengths];
  inputs[LSTM_OPERANDS.input] = x;
  for (const [position, state] of [
    [LSTM_OPERANDS.outputState, 'output_state'],
    [LSTM_OPERANDS.cellState, 'cell_state'],
  ] as const) {
    inputs[position] = draft.add(`${label}/${state}`, 'float32', [batch, hidden], { isVariable: true });
  }
  const hasExtras = inputs.slice(LSTM_OPERANDS.initialOutput).some((index) => index !== ABSENT);
  const operands = hasExtras ? inputs : inputs.slice(0, LSTM_OPERANDS.initialOutput);
  return madeOperator('UNIDIRECTIONAL_SEQUENCE_LSTM', 1, operands, outputs, {
    [ONNX_LSTM_OPTIONS.nodeName]: label,
    fused_activation_function: parts.cellActivation,
    cell_clip: 0,
    proj_clip: 0,
    time_major: parts.timeMajor,
    asymmetric_quantize_inputs: false,
    [ONNX_LSTM_OPTIONS.stateful]: false,
    [ONNX_LSTM_OPTIONS.reverse]: parts.reverse,
    [ONNX_LSTM_OPTIONS.directionAxis]: parts.directionAxis,
    ...parts.more,
  });
}
