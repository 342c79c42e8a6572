import { RNN_OPERANDS } from '../../../model/gruOperands';
import { ONNX_LSTM_OPTIONS } from '../../../model/lstmOperands';
import { ABSENT, type Operator } from '../../../model/model';
import { activationsOf } from './activations';
import { directionsOf } from './directions';
import { clipOf, gateName, gateRows, LAYER_INPUTS, lowerDirections, readLayerWeights, sumOf } from './layerParts';
import { madeOperator, type RecurrentDraft } from './recurrentDraft';

const OPERAND_COUNT = 6;

/**
 * ONNX's RNN as this engine's VANILLA_RNN, one for each direction, with what joins the two; the two biases become their float32 sum.
 * @throws NotLowered with what this engine does not express
 */
export function lowerRnn(draft: RecurrentDraft, operator: Operator): readonly Operator[] {
  const { count } = directionsOf(operator);
  const { input, hidden, w, r, b } = readLayerWeights(draft, operator, count, 1);
  const activations = activationsOf(operator, count, ['Tanh']);
  const clip = clipOf(operator);
  return lowerDirections(draft, operator, hidden, ['Y', 'Y_h'], [LAYER_INPUTS.initialH], (direction) => {
    const { d, directions, label, states, outputs } = direction;
    const block = (values: Float32Array, gates: number, place: number, columns: number) =>
      gateRows(values, { d, gates, place, hidden }, columns);
    const name = (position: number, letter: string) => gateName(draft, operator.inputs[position], direction, letter, 'weights');
    const inputs = new Array<number>(OPERAND_COUNT).fill(ABSENT);
    inputs[RNN_OPERANDS.input] = operator.inputs[LAYER_INPUTS.x] ?? ABSENT;
    inputs[RNN_OPERANDS.inputWeights] = draft.constant(name(LAYER_INPUTS.w, 'W'), [hidden, input], block(w, 1, 0, input));
    inputs[RNN_OPERANDS.recurrentWeights] = draft.constant(name(LAYER_INPUTS.r, 'R'), [hidden, hidden], block(r, 1, 0, hidden));
    if (b !== null) {
      const bias = sumOf(block(b, 2, 0, 1), block(b, 2, 1, 1));
      inputs[RNN_OPERANDS.bias] = draft.constant(name(LAYER_INPUTS.b, 'b'), [hidden], bias);
    }
    inputs[RNN_OPERANDS.initialHidden] = states[0] ?? ABSENT;
    inputs[RNN_OPERANDS.sequenceLengths] = operator.inputs[LAYER_INPUTS.lengths] ?? ABSENT;
    const [activation = 'TANH'] = activations[d] ?? [];
    return madeOperator('VANILLA_RNN', 1, inputs, outputs, {
      node_name: label,
      time_major: !directions.batchMajor,
      fused_activation_function: activation,
      [ONNX_LSTM_OPTIONS.reverse]: directions.isReverse(d),
      [ONNX_LSTM_OPTIONS.directionAxis]: true,
      [ONNX_LSTM_OPTIONS.gateClip]: clip,
    });
  });
}
