import type { GruGate } from '../../lstm/signals';
import { constantValues, realConstant } from '../../model/constants';
import { GRU_OPERANDS } from '../../model/gruOperands';
import { ABSENT, type Model } from '../../model/model';
import { Dataflow } from '../dataflow';
import { type Emission, gateActivation } from '../fuse/emission';
import type { CellEmitter } from '../fuse/fuseSequence';
import { gruStepAt } from '../gruStep';
import type { RecognisedLstm } from '../recognised';
import type { GruProduct } from './gruSum';
import { type GruWeights, gruWeights } from './gruWeights';

const GATES: readonly GruGate[] = ['update', 'reset', 'candidate'];
const OPERAND_COUNT = 12;

/**
 * Makes this engine's GRU of one that small operators compute, with the file's own weights: float, or int8 ones of float values. h starts
 * at 0 with every run, or at the state that the graph gives.
 * @param flow of the graph that the GRU is part of
 * @param asFloat all values of the graph become float: of int8 weights too
 * @returns a text where it cannot be made
 */
export function gruEmitter(model: Model, flow: Dataflow, gru: RecognisedLstm, asFloat: boolean): CellEmitter | string {
  const weights = weightsOf(model, flow, gru, asFloat);
  return typeof weights === 'string' ? weights : emitterOf(gru, weights, asFloat);
}

/** A text where there are none that all steps share. */
function weightsOf(model: Model, flow: Dataflow, gru: RecognisedLstm, asFloat: boolean): GruWeights | string {
  const { body } = gru;
  const inside = body === null ? flow : bodyFlow(model, body.subgraph);
  if (inside === null) return 'The body of its loop is missing.';
  const operators = body === null ? gru.hidden.flatMap((tensor) => flow.producer(tensor) ?? []) : inside.graph.operators;
  const steps = operators.flatMap((operator) => gruStepAt(inside, operator) ?? []);
  const weights = gruWeights(inside, steps);
  if (typeof weights === 'string') return weights;
  if (weights.gates.update.input.weights.shape[1] !== gru.sizes.input) return 'What its steps read is not their input alone.';
  return asFloat || areOneKind(weights) ? weights : 'Its int8 products round their data to 8 bits in two ways.';
}

function bodyFlow({ graphs }: Model, subgraph: number): Dataflow | null {
  const graph = graphs[subgraph];
  return graph === undefined ? null : new Dataflow(graph);
}

/** Of the int8 products, all or none quantize their data with a zero point. */
function areOneKind(weights: GruWeights): boolean {
  const ways = integerProducts(weights).map(({ isAsymmetric }) => isAsymmetric);
  return ways.every((way) => way === ways[0]);
}

function integerProducts({ gates }: GruWeights): GruProduct[] {
  return GATES.flatMap((gate) => [gates[gate].input, gates[gate].recurrent]).filter(({ weights }) => weights.dtype === 'int8');
}

function emitterOf(gru: RecognisedLstm, weights: GruWeights, asFloat: boolean): CellEmitter {
  return (emission, from, to, isTimeMajor) => {
    const hidden = gru.sizes.cell;
    const inputs = new Array<number>(OPERAND_COUNT).fill(ABSENT);
    inputs[GRU_OPERANDS.input] = from;
    for (const gate of GATES) {
      const { input, recurrent, bias } = weights.gates[gate];
      inputs[GRU_OPERANDS.inputToGate[gate]] = matrix(emission, `input_to_${gate}`, input, asFloat);
      inputs[GRU_OPERANDS.recurrentToGate[gate]] = matrix(emission, `recurrent_to_${gate}`, recurrent, asFloat);
      inputs[GRU_OPERANDS.gateBias[gate]] = emission.floats(`bias_${gate}`, [hidden], bias.bias);
    }
    if (weights.resetAfter !== null) {
      inputs[GRU_OPERANDS.recurrentCandidateBias] = emission.floats(
        'recurrent_bias_candidate',
        [hidden],
        weights.resetAfter.bias,
      );
    }
    if (gru.initialHidden.kind === 'given') inputs[GRU_OPERANDS.initialHidden] = gru.initialHidden.tensor;
    emission.emit('GRU', inputs, [to], {
      linear_before_reset: weights.resetAfter !== null,
      time_major: isTimeMajor,
      gate_activation: gateActivation(gru.sigmoid),
      fused_activation_function: 'TANH',
      gate_clip: 0,
      asymmetric_quantize_inputs: !asFloat && integerProducts(weights)[0]?.isAsymmetric === true,
    });
  };
}

/** The gate's rows; as the file stores them where they are int8 with symmetric scales, unless all become float. */
function matrix(emission: Emission, name: string, { weights, offset, size }: GruProduct, asFloat: boolean): number {
  const columns = weights.shape[1] ?? 0;
  const [from, to] = [offset * columns, (offset + size) * columns];
  const { quantization } = weights;
  const isKept = !asFloat && weights.dtype === 'int8' && quantization?.zeroPoints.every((zero) => zero === 0) === true;
  if (!isKept || quantization === null) {
    return emission.floats(name, [size, columns], realConstant(weights, emission.draft).slice(from, to));
  }
  const codes = (constantValues(weights) as Int8Array).slice(from, to);
  const scales = quantization.scales.length === 1 ? quantization.scales : quantization.scales.slice(offset, offset + size);
  return emission.codes(name, [size, columns], codes, scales);
}
