import { GRU_OPERANDS, HIDDEN_OUTPUTS, RNN_OPERANDS } from '../model/gruOperands';
import type { Tensor } from '../model/model';
import type { Weights } from '../lstm/lstmCell';
import type { OperandReader } from '../lstm/operandReader';
import type { GruGate, GruGateLetter } from '../lstm/signals';

export const GRU_GATES: readonly GruGate[] = ['update', 'reset', 'candidate'];
export const GRU_GATE_LETTERS: Readonly<Record<GruGate, GruGateLetter>> = { update: 'z', reset: 'r', candidate: 'n' };

export type PerGruGate<T> = Readonly<Record<GruGate, T>>;

/** One product of a recurrent layer with its weights: with the input, and with h. */
export interface GateWeights {
  /** [hidden, input] */
  readonly input: Weights;
  /** [hidden, hidden] */
  readonly recurrent: Weights;
  /** [hidden] */
  readonly bias: Weights | null;
}

/** What GRUs and simple recurrent layers have in common. */
interface HiddenLayer {
  readonly sizes: { readonly input: number; readonly hidden: number };
  readonly input: Tensor;
  readonly output: Tensor;
  /** Of what is activated; 0 = off. */
  readonly gateClip: number;
  readonly asymmetricQuantizeInputs: boolean;
}

/** One GRU as its operator describes it, operands checked against each other. */
export interface GruCell extends HiddenLayer {
  readonly gates: PerGruGate<GateWeights>;
  /** [hidden]; null without, and where reset comes before the product. */
  readonly recurrentCandidateBias: Weights | null;
  readonly linearBeforeReset: boolean;
  /** By the names of lstm/float/namedActivations.ts. */
  readonly activations: { readonly gates: string; readonly candidate: string };
}

export interface RnnCell extends HiddenLayer {
  readonly gate: GateWeights;
  readonly activation: string;
}

/** @throws UnsupportedOperatorError when operands are missing or contradict each other */
export function describeGru(reader: OperandReader): GruCell {
  const { inputToGate, recurrentToGate, gateBias, recurrentCandidateBias } = GRU_OPERANDS;
  const layer = describeLayer(reader, GRU_OPERANDS.input, inputToGate.update, 'input-to-update weights');
  const { input, hidden } = layer.sizes;
  const gateOf = (gate: GruGate): GateWeights => ({
    input: reader.weights(inputToGate[gate], [hidden, input], `input-to-${gate} weights`),
    recurrent: reader.weights(recurrentToGate[gate], [hidden, hidden], `recurrent-to-${gate} weights`),
    bias: reader.optionalWeights(gateBias[gate], [hidden], `${gate} bias`),
  });
  const linearBeforeReset = reader.option('linear_before_reset') === true;
  const recurrentBias = reader.optionalWeights(recurrentCandidateBias, [hidden], 'recurrent candidate bias');
  if (!linearBeforeReset && recurrentBias !== null) {
    throw reader.refusal('a recurrent candidate bias needs linear_before_reset; without, it is part of the candidate bias');
  }
  return {
    ...layer,
    gates: { update: gateOf('update'), reset: gateOf('reset'), candidate: gateOf('candidate') },
    recurrentCandidateBias: recurrentBias,
    linearBeforeReset,
    activations: {
      gates: String(reader.option('gate_activation') ?? 'SIGMOID'),
      candidate: String(reader.option('fused_activation_function') ?? 'TANH'),
    },
  };
}

/** @throws UnsupportedOperatorError when operands are missing or contradict each other */
export function describeRnn(reader: OperandReader): RnnCell {
  const { inputWeights, recurrentWeights, bias } = RNN_OPERANDS;
  const layer = describeLayer(reader, RNN_OPERANDS.input, inputWeights, 'input weights');
  const { input, hidden } = layer.sizes;
  return {
    ...layer,
    gate: {
      input: reader.weights(inputWeights, [hidden, input], 'input weights'),
      recurrent: reader.weights(recurrentWeights, [hidden, hidden], 'recurrent weights'),
      bias: reader.optionalWeights(bias, [hidden], 'bias'),
    },
    activation: String(reader.option('fused_activation_function') ?? 'TANH'),
  };
}

/** Sizes follow from one input matrix. */
function describeLayer(reader: OperandReader, input: number, weights: number, role: string): HiddenLayer {
  const { shape } = reader.required(weights, role);
  const [hidden = 0, size = 0] = shape;
  if (shape.length !== 2 || hidden < 1 || size < 1) {
    throw reader.refusal(`${role} (operand ${weights}) is [${shape.join(', ')}], not [hidden, input]`);
  }
  return {
    sizes: { input: size, hidden },
    input: reader.required(input, 'the input'),
    output: reader.output(HIDDEN_OUTPUTS.sequence),
    gateClip: reader.clip('gate_clip'),
    asymmetricQuantizeInputs: reader.option('asymmetric_quantize_inputs') === true,
  };
}
