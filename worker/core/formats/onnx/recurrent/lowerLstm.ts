import { LSTM_OPERANDS, ONNX_LSTM_OPTIONS } from '../../../model/lstmOperands';
import type { Gate } from '../../../lstm/signals';
import { ABSENT, type Operator, type OptionValue } from '../../../model/model';
import { activationsOf } from './activations';
import { directionsOf, joinDirections, splitState, type Directions } from './directions';
import { madeOperator, nameOf, NotLowered, type RecurrentDraft } from './recurrentDraft';

/** Operands of ONNX's LSTM. */
const INPUT = { x: 0, w: 1, r: 2, b: 3, lengths: 4, initialH: 5, initialC: 6, p: 7 } as const;
const OUTPUTS = ['Y', 'Y_h', 'Y_c'] as const;
/** Places of the gates in W, R and B, and in P, which has none for the cell gate. */
const ORDER: Readonly<Record<Gate, number>> = { input: 0, output: 1, forget: 2, cell: 3 };
const PEEPHOLE_ORDER: Readonly<Partial<Record<Gate, number>>> = { input: 0, output: 1, forget: 2 };
const LETTERS: Readonly<Record<Gate, string>> = { input: 'i', forget: 'f', cell: 'c', output: 'o' };
const GATES = ['input', 'forget', 'cell', 'output'] as const;
const NAME_LIMIT = 200;

/** Sizes of an LSTM, and constants of all directions, in ONNX's order. */
interface Weights {
  readonly input: number;
  readonly hidden: number;
  /** [directions, 4 * hidden, input] */
  readonly w: Float32Array;
  /** [directions, 4 * hidden, hidden] */
  readonly r: Float32Array;
  /** [directions, 8 * hidden]: of W, then of R; null for zeros. */
  readonly b: Float32Array | null;
  /** [directions, 3 * hidden] */
  readonly p: Float32Array | null;
}

/**
 * ONNX's LSTM as UNIDIRECTIONAL_SEQUENCE_LSTM, one for each direction, with what joins the two. Weights become one constant for each
 * gate, the two biases their float32 sum. `input_forget`, f = 1 - i in ONNX Runtime, is CIFG, i = 1 - f, with the input gate's weights
 * negated in the forget gate's place, since sigmoid(-z) = 1 - sigmoid(z).
 * @throws NotLowered with what this engine does not express
 */
export function lowerLstm(draft: RecurrentDraft, operator: Operator): readonly Operator[] {
  const directions = directionsOf(operator);
  const x = draft.tensor(operator.inputs[INPUT.x]);
  if (x === null) throw new NotLowered('its input is missing');
  if (x.dtype !== 'float32' && x.dtype !== 'unknown') throw new NotLowered(`it computes in ${x.dtype}`);
  const weights = readWeights(draft, operator, directions.count);
  const activations = activationsOf(operator, directions.count, ['Sigmoid', 'Tanh', 'Tanh']);
  const name = nameOf(draft, operator).slice(0, NAME_LIMIT);
  const outputs = outputsOf(draft, operator, directions, weights.hidden, name);
  const before: Operator[] = [];
  const lstms: Operator[] = [];
  const halves: number[][] = [];
  for (let d = 0; d < directions.count; d++) {
    const given = [INPUT.initialH, INPUT.initialC].map((position) =>
      splitState(draft, operator.inputs[position] ?? ABSENT, directions, d, before),
    );
    const label = directions.count === 1 ? name : `${name} ${d === 0 ? 'forward' : 'backward'}`;
    const own = directions.count === 1 ? [...outputs] : outputs.map((output) => directions.half(draft, output, d));
    halves.push(own);
    const constants = gateConstants(draft, operator, weights, directions, d, Boolean(operator.options.input_forget));
    const inputs = [...constants, given[0] ?? ABSENT, given[1] ?? ABSENT, operator.inputs[INPUT.lengths] ?? ABSENT];
    inputs[LSTM_OPERANDS.input] = operator.inputs[INPUT.x] ?? ABSENT;
    const batch = x.hasRank ? (x.shape[directions.batchMajor ? 0 : 1] ?? 1) : 1;
    for (const [position, state] of [
      [LSTM_OPERANDS.outputState, 'output_state'],
      [LSTM_OPERANDS.cellState, 'cell_state'],
    ] as const) {
      inputs[position] = draft.add(`${label}/${state}`, 'float32', [batch, weights.hidden], { isVariable: true });
    }
    const hasExtras = inputs.slice(LSTM_OPERANDS.initialOutput).some((index) => index !== ABSENT);
    const options = optionsOf(operator, activations[d] ?? [], directions, d, label);
    lstms.push(
      madeOperator(
        'UNIDIRECTIONAL_SEQUENCE_LSTM',
        1,
        hasExtras ? inputs : inputs.slice(0, LSTM_OPERANDS.initialOutput),
        own,
        options,
      ),
    );
  }
  const joins = directions.count === 1 ? [] : joinDirections(draft, outputs, halves, directions);
  return [...before, ...lstms, ...joins];
}

function readWeights(draft: RecurrentDraft, operator: Operator, directions: number): Weights {
  const shapeOf = (position: number) => draft.folded(operator.inputs[position] ?? ABSENT)?.shape ?? [];
  const [, rows = 0, input = 0] = shapeOf(INPUT.w);
  const hidden = rows / 4;
  const declared = operator.options.hidden_size;
  const size = (count: number) => directions * count;
  const w = draft.reals(operator, INPUT.w, size(rows * input), 'its weight W');
  if (!Number.isInteger(hidden) || hidden < 1 || input < 1) {
    throw new NotLowered(`W is [${shapeOf(INPUT.w).join(', ')}], which makes no LSTM`);
  }
  if (typeof declared === 'number' && declared !== hidden) {
    throw new NotLowered(`hidden_size is ${declared}, but W is [${shapeOf(INPUT.w).join(', ')}]`);
  }
  return {
    input,
    hidden,
    w,
    r: draft.reals(operator, INPUT.r, size(4 * hidden * hidden), 'its weight R'),
    b: draft.optionalReals(operator, INPUT.b, size(8 * hidden), 'its bias B'),
    p: draft.optionalReals(operator, INPUT.p, size(3 * hidden), 'its peephole P'),
  };
}

/** The operands 0 to 23 of one direction. */
function gateConstants(
  draft: RecurrentDraft,
  operator: Operator,
  { input, hidden, w, r, b, p }: Weights,
  directions: Directions,
  d: number,
  inputForget: boolean,
): number[] {
  const operands = new Array<number>(LSTM_OPERANDS.initialOutput).fill(ABSENT);
  const label = (position: number, gate: Gate, otherwise: string) => {
    const base = draft.tensor(operator.inputs[position])?.name ?? '';
    const place = directions.count === 1 ? LETTERS[gate] : `${d === 0 ? 'forward' : 'backward'} ${LETTERS[gate]}`;
    return `${(base || otherwise).slice(0, NAME_LIMIT)}[${place}]`;
  };
  // With input_forget the forget gate is made of the input gate's weights.
  const source = (gate: Gate): Gate => (inputForget && gate === 'forget' ? 'input' : gate);
  const signed = (values: Float32Array, gate: Gate) => (source(gate) === gate ? values : values.map((value) => -value));
  const block = (values: Float32Array, rows: number, place: number, columns: number) => {
    const from = (d * rows + place) * hidden * columns;
    return values.subarray(from, from + hidden * columns);
  };
  for (const gate of GATES) {
    if (inputForget && gate === 'input') continue;
    const at = ORDER[source(gate)];
    const own = (position: number, values: Float32Array, columns: number) =>
      draft.constant(label(position, source(gate), 'weights'), [hidden, columns], signed(block(values, 4, at, columns), gate));
    operands[LSTM_OPERANDS.inputToGate[gate]] = own(INPUT.w, w, input);
    operands[LSTM_OPERANDS.recurrentToGate[gate]] = own(INPUT.r, r, hidden);
    const bias = b === null ? new Float32Array(hidden) : sum(block(b, 8, at, 1), block(b, 8, at + 4, 1));
    operands[LSTM_OPERANDS.gateBias[gate]] = draft.constant(
      label(INPUT.b, source(gate), 'no bias'),
      [hidden],
      signed(bias, gate),
    );
    const peephole = PEEPHOLE_ORDER[source(gate)];
    if (p === null || peephole === undefined || gate === 'cell') continue;
    operands[LSTM_OPERANDS.cellToGate[gate]] = draft.constant(
      label(INPUT.p, source(gate), 'peephole'),
      [hidden],
      signed(block(p, 3, peephole, 1), gate),
    );
  }
  return operands;
}

function sum(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, k) => value + (b[k] ?? 0));
}

/** Outputs of the node, one for each up to the last that is there; those that the file leaves out get a tensor. */
function outputsOf(
  draft: RecurrentDraft,
  { outputs, inputs }: Operator,
  directions: Directions,
  hidden: number,
  name: string,
): readonly number[] {
  const last = Math.max(...OUTPUTS.map((_, position) => ((outputs[position] ?? ABSENT) === ABSENT ? 0 : position)));
  const x = draft.tensor(inputs[INPUT.x]);
  const [first = -1, second = -1] = x?.hasRank === true ? x.shapeSignature : [];
  const sequence = directions.sequenceShape(first, second, hidden);
  const state = directions.stateShape(directions.batchMajor ? first : second, hidden);
  return OUTPUTS.slice(0, last + 1).map((output, position) => {
    const shape = x?.hasRank === true ? (position === 0 ? sequence : state) : null;
    const index = outputs[position] ?? ABSENT;
    if (index === ABSENT) return draft.add(`${name}/${output}`, 'float32', shape);
    draft.describe(index, shape);
    return index;
  });
}

function optionsOf(
  { options }: Operator,
  [gates = 'SIGMOID', cell = 'TANH', hidden = 'TANH']: readonly string[],
  directions: Directions,
  d: number,
  name: string,
): Readonly<Record<string, OptionValue>> {
  const clip = typeof options.clip === 'number' ? options.clip : 0;
  if (!(clip >= 0)) throw new NotLowered(`its clip is ${clip}`);
  const isSymmetric = gates === 'SIGMOID' || /^HardSigmoid\([^,]*, 0\.5\)$/.test(gates);
  if (Boolean(options.input_forget) && !isSymmetric) throw new NotLowered(`input_forget with ${gates} gates is no CIFG`);
  return {
    node_name: name,
    fused_activation_function: cell,
    cell_clip: 0,
    proj_clip: 0,
    time_major: !directions.batchMajor,
    asymmetric_quantize_inputs: false,
    [ONNX_LSTM_OPTIONS.stateful]: false,
    [ONNX_LSTM_OPTIONS.reverse]: directions.isReverse(d),
    [ONNX_LSTM_OPTIONS.directionAxis]: true,
    // float32's largest value is ONNX Runtime's own way to say that it is off.
    [ONNX_LSTM_OPTIONS.gateClip]: clip > 1e38 ? 0 : clip,
    [ONNX_LSTM_OPTIONS.gateActivation]: gates,
    [ONNX_LSTM_OPTIONS.hiddenActivation]: hidden,
  };
}
