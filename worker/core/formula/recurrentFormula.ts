import { plainProduct, type ProductMaker } from '../gru/integer/integerProducts';
import { preparingIntegerGru } from '../gru/integer/prepareIntegerGru';
import { describeGru, describeRnn, GRU_GATE_LETTERS, GRU_GATES, type GruCell } from '../gru/gruCell';
import { OperandReader } from '../lstm/operandReader';
import { integerPersona, type PersonaName } from '../lstm/persona';
import type { GruGateLetter } from '../lstm/signals';
import type { Graph, Operator } from '../model/model';
import type { AffineParameters } from '../quantization/affine';
import type { QuantizedMultiplier } from '../quantization/quantizeMultiplier';
import type { Rescale } from './operatorFormula';

/** A step of a GRU or a simple recurrent layer with its own numbers, as this engine computes it: no runtime of .tflite files has either. */
export interface RecurrentFormula {
  readonly kind: 'gru' | 'rnn';
  /** Null: an RNN has no r. */
  readonly reset: 'before' | 'after' | null;
  /** Null: an RNN has no z and r. Names as in the operator's options. */
  readonly gateActivation: string | null;
  readonly activation: string;
  /** Real, of what is activated; 0 = off. */
  readonly clip: number;
  /** Products in one sum, with x and with h. */
  readonly depth: readonly [input: number, hidden: number];
  /** Null: float or hybrid. */
  readonly integer: IntegerRecurrentFormula | null;
  /** Hybrid: int8 weights are multiplied by data rounded to 8 bits, with or without a zero point. */
  readonly rounds: 'with a zero point' | 'symmetric' | null;
  readonly source: string;
}

export interface IntegerRecurrentFormula {
  readonly x: AffineParameters;
  readonly h: AffineParameters;
  readonly gates: readonly IntegerGateFormula[];
  /** h - zeroPoint to Q0.15. */
  readonly toQ15: Rescale;
  /** Q0.30 to h - zeroPoint. */
  readonly fromQ30: Rescale;
  /** Q3.12 codes; null = off. */
  readonly clip: number | null;
}

export interface IntegerGateFormula {
  readonly letter: GruGateLetter;
  readonly input: IntegerProductFormula;
  readonly recurrent: IntegerProductFormula;
}

export interface IntegerProductFormula {
  /** Of the weights. */
  readonly scale: number;
  /** To Q3.12. */
  readonly rescale: Rescale;
  /** Effective bias, zero point folded in: lowest and highest code. */
  readonly bias: readonly [low: number, high: number];
}

const GRU_SOURCE = 'Cho et al. 2014, Learning Phrase Representations; ONNX, GRU';
const INT8_SOURCE =
  "GateScope, worker/core/gru/integer: the integer LSTM's recipe on a GRU, kernels/lstm_eval.cc of TensorFlow Lite";
const RNN_SOURCE = 'Elman 1990, Finding Structure in Time; ONNX, RNN';

/**
 * Null for other operators.
 * @throws UnsupportedOperatorError where operands contradict each other
 */
export function recurrentFormula(graph: Graph, operator: Operator, persona: PersonaName): RecurrentFormula | null {
  const reader = new OperandReader(graph, operator);
  if (operator.name === 'GRU') {
    const cell = describeGru(reader);
    const gates = GRU_GATES.flatMap((gate) => [cell.gates[gate].input, cell.gates[gate].recurrent]);
    const integer = cell.input.dtype === 'int8' ? integerFormula(cell, reader, persona) : null;
    return {
      kind: 'gru',
      reset: cell.linearBeforeReset ? 'after' : 'before',
      gateActivation: cell.activations.gates,
      activation: cell.activations.candidate,
      ...common(cell, gates, integer),
      source: integer === null ? GRU_SOURCE : INT8_SOURCE,
    };
  }
  if (operator.name !== 'VANILLA_RNN') return null;
  const cell = describeRnn(reader);
  const weights = [cell.gate.input, cell.gate.recurrent];
  return { kind: 'rnn', reset: null, gateActivation: null, activation: cell.activation, ...common(cell, weights, null), source: RNN_SOURCE }; // prettier-ignore
}

function common(
  cell: Pick<GruCell, 'sizes' | 'gateClip' | 'asymmetricQuantizeInputs'>,
  weights: readonly GruCell['gates']['update']['input'][],
  integer: IntegerRecurrentFormula | null,
): Pick<RecurrentFormula, 'clip' | 'depth' | 'integer' | 'rounds'> {
  const isHybrid = integer === null && weights.some(({ tensor }) => tensor.dtype === 'int8');
  return {
    clip: cell.gateClip,
    depth: [cell.sizes.input, cell.sizes.hidden],
    integer,
    rounds: isHybrid ? (cell.asymmetricQuantizeInputs ? 'with a zero point' : 'symmetric') : null,
  };
}

/** By the preparation of the engine itself, so that no number is worked out twice. */
function integerFormula(cell: GruCell, reader: OperandReader, persona: PersonaName): IntegerRecurrentFormula {
  const biases: (readonly [number, number])[] = [];
  const noting: ProductMaker = (weights, columns, bias) => {
    biases.push(bias.reduce<readonly [number, number]>(([low, high], code) => [Math.min(low, code), Math.max(high, code)], [Infinity, -Infinity])); // prettier-ignore
    return plainProduct(weights, columns, bias);
  };
  const preparing = preparingIntegerGru(cell, integerPersona(persona), reader, noting);
  let next = preparing.next();
  while (next.done !== true) next = preparing.next();
  const parameters = next.value;
  const rescale = ({ multiplier, shift }: QuantizedMultiplier): Rescale => ({
    multiplier,
    shift,
    factor: multiplier * 2 ** (shift - 31),
  });
  return {
    x: reader.affine(cell.input),
    h: reader.affine(cell.output),
    gates: GRU_GATES.map((gate, at) => {
      const { inputMultiplier, recurrentMultiplier } = parameters.gates[gate];
      const of = (part: 'input' | 'recurrent', multiplier: QuantizedMultiplier, place: number) => ({
        scale: reader.affine(cell.gates[gate][part].tensor).scale,
        rescale: rescale(multiplier),
        bias: biases[place] ?? ([0, 0] as const),
      });
      return {
        letter: GRU_GATE_LETTERS[gate],
        input: of('input', inputMultiplier, 2 * at),
        recurrent: of('recurrent', recurrentMultiplier, 2 * at + 1),
      };
    }),
    toQ15: rescale(parameters.toQ15),
    fromQ30: rescale(parameters.fromQ30),
    clip: parameters.clip,
  };
}
