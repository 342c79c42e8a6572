import type { Graph, Model } from '../../model/model';
import type { GraphEdit, ModelEdit } from '../../model/modelEdit';
import { counted, grouped } from '../../wording';
import { INT8_ALREADY, noFileReason } from '../reasons';
import { recogniseLstms } from '../recogniseLstms';
import type { RecognisedLstm } from '../recognised';
import { Dataflow } from '../dataflow';
import { gruEmitter } from '../fuseGru/gruEmitter';
import type { CarriedState } from './carriedState';
import { emptyLoops } from './emptyLoops';
import { floatRefusal } from './floatGraph';
import { type FusedGraph, fuseGraph } from './fuseGraph';
import type { CellEmitter } from './fuseSequence';
import { statesInside } from './statesInside';

/** What became of a recognised cell. */
export interface FusionNote {
  readonly lstm: RecognisedLstm;
  readonly isFused: boolean;
  readonly text: string;
}

/** What would become of each cell, and the model that it makes. */
export interface FusionPlan {
  readonly notes: readonly FusionNote[];
  readonly edit: () => ModelEdit;
}

export interface FusionOptions {
  /**
   * States that come in by an input and go out by an output are kept in the fused operators: both go, and the model
   * becomes one that is fed frame after frame.
   */
  readonly carryState: boolean;
  /** All quantized values of the model become float, so that int8 cells can be fused, and the result be quantized by a recipe. */
  readonly asFloat: boolean;
  /**
   * Cells for which TensorFlow Lite has no operator (GRUs, hard sigmoids) become one that this engine has: the model made is to be looked
   * at and run here, and cannot be written.
   */
  readonly inMemory: boolean;
}

export const AS_IT_IS: FusionOptions = { carryState: false, asFloat: false, inMemory: false };

/**
 * Puts UNIDIRECTIONAL_SEQUENCE_LSTM, with the file's own weights, in the place of every LSTM that small operators compute, where the
 * fused operator gives the same values (in memory also this engine's GRU); the notes say which, and why not the others. int8 weights of a hybrid cell are kept where they
 * fit, else they become floats of the same values. What is fused of a float model can be quantized.
 *
 * States of the fused operator start at 0 and are kept inside: a runtime has to reset them between sequences.
 */
export function fuseLstms(
  model: Model,
  options: Partial<FusionOptions> = {},
): { readonly edit: ModelEdit; readonly notes: readonly FusionNote[] } {
  const { notes, edit } = planFusion(model, { ...AS_IT_IS, ...options });
  return { notes, edit: edit() };
}

/** As `fuseLstms`, with the model made on demand. */
export function planFusion(model: Model, options: FusionOptions): FusionPlan {
  const lstms = recogniseLstms(model);
  const refusal = options.asFloat ? floatRefusal(model) : null;
  const notes = new Map<RecognisedLstm, FusionNote>();
  const graphs = model.graphs.map((graph) => {
    const here = lstms.filter(({ subgraph }) => subgraph === graph.index);
    const { edit, fused, refused, carried } = fuseIn(model, graph, here, options, refusal);
    for (const { lstm, reason } of refused) notes.set(lstm, { lstm, isFused: false, text: reason });
    for (const lstm of fused) notes.set(lstm, { lstm, isFused: true, text: fusedText(lstm, graph, options, carried) });
    return { graph, edit: fused.length > 0 || options.asFloat ? edit : null };
  });
  return {
    notes: lstms.flatMap((lstm) => notes.get(lstm) ?? []),
    edit: () => {
      const edits = graphs.map(({ graph, edit }) => edit?.() ?? unchanged(graph));
      return { source: model, graphs: emptyLoops(model, edits), metadata: [] };
    },
  };
}

function fuseIn(
  model: Model,
  graph: Graph,
  lstms: readonly RecognisedLstm[],
  options: FusionOptions,
  refusal: string | null,
): FusedGraph & { readonly carried: readonly CarriedState[] } {
  const { carryState } = options;
  const asFloat = options.asFloat && refusal === null;
  const flow = new Dataflow(graph);
  const grus = new Map<RecognisedLstm, CellEmitter>();
  const unfit = lstms.flatMap((lstm) => {
    const reason = reasonOf(lstm, options) ?? refusal;
    const emitter = reason === null && lstm.kind === 'gru' ? gruEmitter(model, flow, lstm, asFloat) : null;
    if (typeof emitter === 'function') grus.set(lstm, emitter);
    const why = typeof emitter === 'string' ? emitter : reason;
    return why === null ? [] : [{ lstm, reason: why }];
  });
  const fitting = lstms.filter((lstm) => !grus.has(lstm) && unfit.every((other) => other.lstm !== lstm));
  const choice = statesInside(model, graph, fitting, carryState);
  const whole = fuseGraph(graph, [...choice.taken, ...grus.keys()], { carried: choice.carried, asFloat }, grus);
  const refused = [...unfit, ...choice.refused, ...whole.refused];
  const isSplit = choice.carried.length > 0 && whole.refused.length > 0;
  // A state leaves the graph's inputs only with all the cells that it belongs to.
  if (isSplit) return fuseIn(model, graph, lstms, { ...options, carryState: false }, refusal);
  return { ...whole, refused, carried: choice.carried };
}

function reasonOf(lstm: RecognisedLstm, { asFloat, inMemory }: FusionOptions): string | null {
  const file = inMemory ? null : noFileReason(lstm);
  return file ?? lstm.reason ?? (lstm.numbers === 'int8' && !asFloat ? INT8_ALREADY : null);
}

function fusedText(lstm: RecognisedLstm, graph: Graph, { asFloat }: FusionOptions, carried: readonly CarriedState[]): string {
  const { form, operators, body, steps, direction } = lstm;
  const before =
    form === 'loop'
      ? `A loop of ${grouped(steps)} steps over ${grouped(body?.operators.length ?? 0)} operators`
      : counted(operators.length, 'operator');
  const one = lstm.kind === 'gru' ? 'one GRU' : 'UNIDIRECTIONAL_SEQUENCE_LSTM';
  const turned = direction === 'backward' ? ' after REVERSE_V2' : '';
  const became = `${before} became ${one}${turned}${inMemoryText(lstm)}.`;
  return [became, weightsText(lstm, asFloat), stateText(lstm, graph, carried)].filter((text) => text !== null).join(' ');
}

function inMemoryText({ kind, sigmoid }: RecognisedLstm): string {
  if (kind === 'gru') return ', in memory only: TensorFlow Lite has no fused GRU';
  return sigmoid === 'hard' ? ' with hard sigmoids, in memory only: the operator of TensorFlow Lite has the logistic one' : '';
}

function stateText({ kind, initialHidden }: RecognisedLstm, { tensors }: Graph, carried: readonly CarriedState[]): string | null {
  if (kind === 'gru' || initialHidden.kind === 'zero') return null;
  const state = carried.find(({ input }) => input === initialHidden.root);
  if (state === undefined) return null;
  const [from, to] = [state.input, state.output].map((tensor) => tensors[tensor]?.name ?? '');
  return `Its state, which came in by ${from} and went out by ${to}, is kept inside.`;
}

function weightsText({ kind, numbers, hybrid }: RecognisedLstm, asFloat: boolean): string | null {
  if (numbers === 'int8')
    return 'Its int8 weights and biases became floats of the same values; what the int8 operators rounded is no longer rounded.';
  if (numbers === 'float') return null;
  if (asFloat) return 'Its int8 weights became floats of the same values.';
  if (kind === 'gru') return 'Its int8 weights are kept.';
  const kept = hybrid?.();
  if (kept?.kind === 'kept') return 'Its int8 weights are kept.';
  return `Its int8 weights became floats of the same values: ${kept?.why ?? 'they do not fit'}.`;
}

function unchanged(graph: Graph): GraphEdit {
  return { graph, tensorOrigins: [...graph.tensors.keys()], operatorOrigins: [...graph.operators.keys()] };
}
