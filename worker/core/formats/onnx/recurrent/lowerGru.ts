import type { GruGate } from '../../../lstm/signals';
import { GRU_OPERANDS } from '../../../model/gruOperands';
import { ONNX_LSTM_OPTIONS } from '../../../model/lstmOperands';
import { ABSENT, type Operator } from '../../../model/model';
import { activationsOf } from './activations';
import { directionsOf } from './directions';
import {
  clipOf,
  gateName,
  gateRows,
  LAYER_INPUTS,
  lowerDirections,
  readLayerWeights,
  sumOf,
  type LayerDirection,
  type LayerWeights,
} from './layerParts';
import { madeOperator, type RecurrentDraft } from './recurrentDraft';

/** Gates in ONNX's order in W, R and B, with its letters. */
const GATES: readonly (readonly [gate: GruGate, letter: string])[] = [
  ['update', 'z'],
  ['reset', 'r'],
  ['candidate', 'h'],
];
const OPERAND_COUNT = 13;

/**
 * ONNX's GRU as this engine's, one for each direction, with what joins the two. Weights become one constant for each gate; the two biases
 * their float32 sum, but those of the candidate where its recurrent one is inside the brackets that r multiplies.
 * @throws NotLowered with what this engine does not express
 */
export function lowerGru(draft: RecurrentDraft, operator: Operator): readonly Operator[] {
  const { count } = directionsOf(operator);
  const weights = readLayerWeights(draft, operator, count, GATES.length);
  const activations = activationsOf(operator, count, ['Sigmoid', 'Tanh']);
  const clip = clipOf(operator);
  return lowerDirections(draft, operator, weights.hidden, ['Y', 'Y_h'], [LAYER_INPUTS.initialH], (direction) => {
    const { d, directions, label, states, outputs } = direction;
    const inputs = gateConstants(draft, operator, weights, direction);
    inputs[GRU_OPERANDS.input] = operator.inputs[LAYER_INPUTS.x] ?? ABSENT;
    inputs[GRU_OPERANDS.initialHidden] = states[0] ?? ABSENT;
    inputs[GRU_OPERANDS.sequenceLengths] = operator.inputs[LAYER_INPUTS.lengths] ?? ABSENT;
    const [gates = 'SIGMOID', candidate = 'TANH'] = activations[d] ?? [];
    return madeOperator('GRU', 1, inputs, outputs, {
      node_name: label,
      linear_before_reset: isResetAfter(operator),
      time_major: !directions.batchMajor,
      fused_activation_function: candidate,
      [ONNX_LSTM_OPTIONS.reverse]: directions.isReverse(d),
      [ONNX_LSTM_OPTIONS.directionAxis]: true,
      [ONNX_LSTM_OPTIONS.gateClip]: clip,
      [ONNX_LSTM_OPTIONS.gateActivation]: gates,
    });
  });
}

function isResetAfter({ options }: Operator): boolean {
  return Boolean(options.linear_before_reset);
}

/** All operands of one direction that are constants. */
function gateConstants(
  draft: RecurrentDraft,
  operator: Operator,
  { input, hidden, w, r, b }: LayerWeights,
  direction: LayerDirection,
): number[] {
  const operands = new Array<number>(OPERAND_COUNT).fill(ABSENT);
  for (const [place, [gate, letter]] of GATES.entries()) {
    const block = (values: Float32Array, gates: number, at: number, columns: number) =>
      gateRows(values, { d: direction.d, gates, place: at, hidden }, columns);
    const name = (position: number) => gateName(draft, operator.inputs[position], direction, letter, 'weights');
    operands[GRU_OPERANDS.inputToGate[gate]] = draft.constant(name(LAYER_INPUTS.w), [hidden, input], block(w, 3, place, input));
    operands[GRU_OPERANDS.recurrentToGate[gate]] = draft.constant(
      name(LAYER_INPUTS.r),
      [hidden, hidden],
      block(r, 3, place, hidden),
    );
    if (b === null) continue;
    const [ofInput, ofRecurrent] = [block(b, 6, place, 1), block(b, 6, place + GATES.length, 1)];
    const isApart = gate === 'candidate' && isResetAfter(operator);
    const bias = isApart ? ofInput : sumOf(ofInput, ofRecurrent);
    operands[GRU_OPERANDS.gateBias[gate]] = draft.constant(name(LAYER_INPUTS.b), [hidden], bias);
    if (!isApart) continue;
    const recurrentName = gateName(draft, operator.inputs[LAYER_INPUTS.b], direction, `R${letter}`, 'weights');
    operands[GRU_OPERANDS.recurrentCandidateBias] = draft.constant(recurrentName, [hidden], ofRecurrent);
  }
  return operands;
}
