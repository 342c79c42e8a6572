import { LSTM_OPERANDS, ONNX_LSTM_OPTIONS } from '../../../model/lstmOperands';
import type { Gate } from '../../../lstm/signals';
import { ABSENT, type Operator, type OptionValue } from '../../../model/model';
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
import { lstmOperator } from './lstmOperator';
import { NotLowered, type RecurrentDraft } from './recurrentDraft';

/** Operands of ONNX's LSTM beside those of every recurrent layer. */
const INPUT = { initialC: 6, p: 7 } as const;
const OUTPUTS = ['Y', 'Y_h', 'Y_c'] as const;
/** Places of the gates in W, R and B, and in P, which has none for the cell gate. */
const ORDER: Readonly<Record<Gate, number>> = { input: 0, output: 1, forget: 2, cell: 3 };
const PEEPHOLE_ORDER: Readonly<Partial<Record<Gate, number>>> = { input: 0, output: 1, forget: 2 };
const LETTERS: Readonly<Record<Gate, string>> = { input: 'i', forget: 'f', cell: 'c', output: 'o' };
const GATES = ['input', 'forget', 'cell', 'output'] as const;

/** Sizes and vectors of an LSTM, and how its matrices become constants of one gate each. */
export interface LstmWeights extends Pick<LayerWeights, 'input' | 'hidden' | 'b'> {
  /** [directions, 3 * hidden] */
  readonly p: Float32Array | null;
  /**
   * The rows of one gate, the one at `place`, as a constant [hidden, columns].
   * @param isNegated their values are to be negated
   */
  readonly matrix: (kind: 'w' | 'r', direction: LayerDirection, place: number, name: string, isNegated: boolean) => number;
}

/**
 * ONNX's LSTM as UNIDIRECTIONAL_SEQUENCE_LSTM, one for each direction, with what joins the two. Weights become one constant for each
 * gate, the two biases their float32 sum. `input_forget`, f = 1 - i in ONNX Runtime, is CIFG, i = 1 - f, with the input gate's weights
 * negated in the forget gate's place, since sigmoid(-z) = 1 - sigmoid(z).
 * @throws NotLowered with what this engine does not express
 */
export function lowerLstm(draft: RecurrentDraft, operator: Operator): readonly Operator[] {
  const { count } = directionsOf(operator);
  const layer = readLayerWeights(draft, operator, count, GATES.length);
  const p = draft.optionalReals(operator, INPUT.p, count * 3 * layer.hidden, 'its peephole P');
  const matrix: LstmWeights['matrix'] = (kind, { d }, place, name, isNegated) => {
    const columns = kind === 'w' ? layer.input : layer.hidden;
    const rows = gateRows(layer[kind], { d, gates: GATES.length, place, hidden: layer.hidden }, columns);
    return draft.constant(name, [layer.hidden, columns], isNegated ? negated(rows) : rows);
  };
  return lowerLstmOf(draft, operator, { ...layer, p, matrix }, {});
}

/**
 * The same for weights that are stored in another way.
 * @param more options of the operators
 * @throws NotLowered
 */
export function lowerLstmOf(
  draft: RecurrentDraft,
  operator: Operator,
  weights: LstmWeights,
  more: Readonly<Record<string, OptionValue>>,
): readonly Operator[] {
  const { count } = directionsOf(operator);
  const activations = activationsOf(operator, count, ['Sigmoid', 'Tanh', 'Tanh']);
  const states = [LAYER_INPUTS.initialH, INPUT.initialC];
  return lowerDirections(draft, operator, weights.hidden, OUTPUTS, states, (direction) => {
    const { d, label, batch, outputs, directions } = direction;
    const [initialH = ABSENT, initialC = ABSENT] = direction.states;
    const [gates = 'SIGMOID', cell = 'TANH', hidden = 'TANH'] = activations[d] ?? [];
    return lstmOperator(draft, {
      ...{ label, batch, outputs, initialH, initialC, hidden: weights.hidden },
      x: operator.inputs[LAYER_INPUTS.x] ?? ABSENT,
      constants: gateConstants(draft, operator, weights, direction),
      lengths: operator.inputs[LAYER_INPUTS.lengths] ?? ABSENT,
      timeMajor: !directions.batchMajor,
      reverse: directions.isReverse(d),
      directionAxis: true,
      cellActivation: cell,
      more: { ...gateOptions(operator, gates, hidden), ...more },
    });
  });
}

/** The operands 0 to 23 of one direction. */
function gateConstants(
  draft: RecurrentDraft,
  operator: Operator,
  { hidden, b, p, matrix }: LstmWeights,
  direction: LayerDirection,
): number[] {
  const operands = new Array<number>(LSTM_OPERANDS.initialOutput).fill(ABSENT);
  const inputForget = Boolean(operator.options.input_forget);
  const label = (position: number, gate: Gate, otherwise: string) =>
    gateName(draft, operator.inputs[position], direction, LETTERS[gate], otherwise);
  // With input_forget the forget gate is made of the input gate's weights.
  const source = (gate: Gate): Gate => (inputForget && gate === 'forget' ? 'input' : gate);
  const signed = (values: Float32Array, gate: Gate) => (source(gate) === gate ? values : negated(values));
  const block = (values: Float32Array, gates: number, place: number) =>
    gateRows(values, { d: direction.d, gates, place, hidden }, 1);
  for (const gate of GATES) {
    if (inputForget && gate === 'input') continue;
    const at = ORDER[source(gate)];
    const own = (kind: 'w' | 'r') =>
      matrix(kind, direction, at, label(LAYER_INPUTS[kind], source(gate), 'weights'), source(gate) !== gate);
    operands[LSTM_OPERANDS.inputToGate[gate]] = own('w');
    operands[LSTM_OPERANDS.recurrentToGate[gate]] = own('r');
    const bias = b === null ? new Float32Array(hidden) : sumOf(block(b, 8, at), block(b, 8, at + 4));
    operands[LSTM_OPERANDS.gateBias[gate]] = draft.constant(
      label(LAYER_INPUTS.b, source(gate), 'no bias'),
      [hidden],
      signed(bias, gate),
    );
    const peephole = PEEPHOLE_ORDER[source(gate)];
    if (p === null || peephole === undefined || gate === 'cell') continue;
    operands[LSTM_OPERANDS.cellToGate[gate]] = draft.constant(
      label(INPUT.p, source(gate), 'peephole'),
      [hidden],
      signed(block(p, 3, peephole), gate),
    );
  }
  return operands;
}

function negated(values: Float32Array): Float32Array {
  return values.map((value) => -value);
}

function gateOptions(operator: Operator, gates: string, hidden: string): Readonly<Record<string, OptionValue>> {
  const isSymmetric = gates === 'SIGMOID' || /^HardSigmoid\([^,]*, 0\.5\)$/.test(gates);
  if (Boolean(operator.options.input_forget) && !isSymmetric) throw new NotLowered(`input_forget with ${gates} gates is no CIFG`);
  return {
    [ONNX_LSTM_OPTIONS.gateClip]: clipOf(operator),
    [ONNX_LSTM_OPTIONS.gateActivation]: gates,
    [ONNX_LSTM_OPTIONS.hiddenActivation]: hidden,
  };
}
