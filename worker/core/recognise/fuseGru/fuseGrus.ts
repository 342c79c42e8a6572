import type { GruGate } from '../../lstm/signals';
import { constantValues, realConstant } from '../../model/constants';
import { GRU_OPERANDS } from '../../model/gruOperands';
import { ABSENT, type Graph, type Model } from '../../model/model';
import type { GraphEdit } from '../../model/modelEdit';
import { counted, grouped } from '../../wording';
import { Dataflow } from '../dataflow';
import type { Emission } from '../fuse/emission';
import { emptyLoops } from '../fuse/emptyLoops';
import { fuseGraph } from '../fuse/fuseGraph';
import { type FusionNote, unchanged } from '../fuse/fuseLstms';
import type { CellEmitter } from '../fuse/fuseSequence';
import { gruStepAt } from '../gruStep';
import { recogniseLstms } from '../recogniseLstms';
import type { RecognisedLstm } from '../recognised';
import type { GruProduct } from './gruSum';
import { type GruWeights, gruWeights } from './gruWeights';

const GATES: readonly GruGate[] = ['update', 'reset', 'candidate'];
const OPERAND_COUNT = 12;

/**
 * The model with this engine's GRU in the place of every GRU that small operators compute, float ones and those of int8 weights and
 * float values: to be looked at and run as one cell. In memory only: TensorFlow Lite has no such operator. h starts at 0 with every run, or
 * at the state that the graph gives.
 * @returns the model itself where there is none; `notes`, one for each GRU, say what became of it
 */
export function fuseGrus(model: Model): { readonly model: Model; readonly notes: readonly FusionNote[] } {
  const found = recogniseLstms(model).filter(({ kind }) => kind === 'gru');
  const notes = new Map<RecognisedLstm, FusionNote>();
  const edits = model.graphs.map((graph) => {
    const here = found.filter(({ subgraph }) => subgraph === graph.index);
    return here.length === 0 ? unchanged(graph) : fuseIn(model, graph, here, notes);
  });
  const isSame = ![...notes.values()].some(({ isFused }) => isFused);
  const graphs = isSame ? model.graphs : emptyLoops(model, edits).map(({ graph }) => graph);
  return { model: isSame ? model : { ...model, graphs }, notes: found.flatMap((gru) => notes.get(gru) ?? []) };
}

function fuseIn(model: Model, graph: Graph, grus: readonly RecognisedLstm[], notes: Map<RecognisedLstm, FusionNote>): GraphEdit {
  const flow = new Dataflow(graph);
  const emitters = new Map<RecognisedLstm, CellEmitter>();
  for (const gru of grus) {
    const weights = weightsOf(model, flow, gru);
    if (typeof weights === 'string') notes.set(gru, { lstm: gru, isFused: false, text: weights });
    else emitters.set(gru, emitterOf(gru, weights));
  }
  const fusion = { carried: [], asFloat: false };
  const { edit, fused, refused } = fuseGraph(graph, [...emitters.keys()], fusion, (gru) => emitters.get(gru) ?? null);
  for (const { lstm, reason } of refused) notes.set(lstm, { lstm, isFused: false, text: reason });
  for (const lstm of fused) notes.set(lstm, { lstm, isFused: true, text: fusedText(lstm) });
  return fused.length === 0 ? unchanged(graph) : edit();
}

/** A text where there are none that all steps share. */
function weightsOf(model: Model, flow: Dataflow, gru: RecognisedLstm): GruWeights | string {
  if (gru.numbers === 'int8') return 'Its values are int8 already; as one cell it is shown with all values made float.';
  const { body } = gru;
  const inside = body === null ? flow : bodyFlow(model, body.subgraph);
  if (inside === null) return 'The body of its loop is missing.';
  const operators = body === null ? gru.hidden.flatMap((tensor) => flow.producer(tensor) ?? []) : inside.graph.operators;
  const steps = operators.flatMap((operator) => gruStepAt(inside, operator) ?? []);
  const weights = gruWeights(inside, steps);
  if (typeof weights === 'string') return weights;
  if (weights.gates.update.input.weights.shape[1] !== gru.sizes.input) return 'What its steps read is not their input alone.';
  return areOneKind(weights) ? weights : 'Its int8 products round their data to 8 bits in two ways.';
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

function emitterOf(gru: RecognisedLstm, weights: GruWeights): CellEmitter {
  return (emission, from, to, isTimeMajor) => {
    const hidden = gru.sizes.cell;
    const inputs = new Array<number>(OPERAND_COUNT).fill(ABSENT);
    inputs[GRU_OPERANDS.input] = from;
    for (const gate of GATES) {
      const { input, recurrent, bias } = weights.gates[gate];
      inputs[GRU_OPERANDS.inputToGate[gate]] = matrix(emission, `input_to_${gate}`, input);
      inputs[GRU_OPERANDS.recurrentToGate[gate]] = matrix(emission, `recurrent_to_${gate}`, recurrent);
      inputs[GRU_OPERANDS.gateBias[gate]] = emission.floats(`bias_${gate}`, [hidden], bias);
    }
    if (weights.resetAfter !== null) {
      inputs[GRU_OPERANDS.recurrentCandidateBias] = emission.floats('recurrent_bias_candidate', [hidden], weights.resetAfter);
    }
    if (gru.initialHidden.kind === 'given') inputs[GRU_OPERANDS.initialHidden] = gru.initialHidden.tensor;
    emission.emit('GRU', inputs, [to], {
      linear_before_reset: weights.resetAfter !== null,
      time_major: isTimeMajor,
      // Keras: min(max(x + 3, 0), 6) / 6.
      gate_activation: gru.sigmoid === 'hard' ? `HardSigmoid(${1 / 6}, 0.5)` : 'SIGMOID',
      fused_activation_function: 'TANH',
      gate_clip: 0,
      asymmetric_quantize_inputs: integerProducts(weights)[0]?.isAsymmetric === true,
    });
  };
}

/** The gate's rows, as the file stores them where they are int8 with symmetric scales. */
function matrix(emission: Emission, name: string, { weights, offset, size }: GruProduct): number {
  const columns = weights.shape[1] ?? 0;
  const [from, to] = [offset * columns, (offset + size) * columns];
  const { quantization } = weights;
  const isKept = weights.dtype === 'int8' && quantization?.zeroPoints.every((zero) => zero === 0) === true;
  if (!isKept || quantization === null) {
    return emission.floats(name, [size, columns], realConstant(weights, emission.draft).slice(from, to));
  }
  const codes = (constantValues(weights) as Int8Array).slice(from, to);
  const scales = quantization.scales.length === 1 ? quantization.scales : quantization.scales.slice(offset, offset + size);
  return emission.codes(name, [size, columns], codes, scales);
}

function fusedText({ form, operators, body, steps, numbers }: RecognisedLstm): string {
  const before =
    form === 'loop'
      ? `A loop of ${grouped(steps)} steps over ${grouped(body?.operators.length ?? 0)} operators`
      : counted(operators.length, 'operator');
  const kept = numbers === 'hybrid' ? ' Its int8 weights are kept.' : '';
  return `${before} became one GRU, in memory only: TensorFlow Lite has no operator for it.${kept}`;
}
