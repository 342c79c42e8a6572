import { hasKeptStates } from '../model/lstmOperands';
import type { Graph, ModelMetadata, Tensor } from '../model/model';
import { dequantize } from '../quantization/affine';
import { INTEGER_RAILS } from '../model/dtype';
import type { DataOptions } from './dataOptions';
import { DataFormatError } from './dataFormatError';
import { framingLine, readSettingsLine, resolveFraming, type FeatureSettings } from './features/fields';
import { FEATURE_KINDS, stepWidth, type Framing } from './features/framing';
import { guessFraming, type AudioInput } from './features/guessFraming';
import { guessStatePairs, namedStatePairs, type NamedPort, type StatePair } from './statePairs';
import { timeAxis } from './timeAxis';

/** An input of a model, of its graph or of its overview. */
export interface InputPort extends NamedPort {
  /** Reals that its codes, or its calibrated range, stand for. */
  readonly range: readonly [low: number, high: number] | null;
  readonly isQuantized: boolean;
}

/** What a model needs of its data, as far as it is known before any. */
export interface ModelPorts {
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly NamedPort[];
  readonly metadata: readonly Pick<ModelMetadata, 'name' | 'text'>[];
  /** It has states of its own, in variable tensors. */
  readonly hasVariables: boolean;
}

/** Metadata of a model in which its front-end is said, as a line of settings. */
export const FRONT_END_METADATA = 'gatescope.features';

/** States and steps of a model's samples, as chosen or guessed. */
export interface SteppingPlan {
  readonly pairs: readonly StatePair[];
  readonly arePairsGuessed: boolean;
  /** Null: nothing was said, and the model does not call for it. */
  readonly stepped: boolean | null;
}

/** @throws DataFormatError where names are not there */
export function steppingOf({ inputs, outputs }: Pick<ModelPorts, 'inputs' | 'outputs'>, options: DataOptions): SteppingPlan {
  const pairs = options.statePairs === undefined ? guessStatePairs(inputs, outputs) : namedStatePairs(options.statePairs, inputs, outputs); // prettier-ignore
  const taken = new Set<number>();
  for (const pair of pairs) {
    if (taken.has(pair.input)) {
      const name = inputs[pair.input]?.name ?? '';
      throw new DataFormatError('STATE_PAIR', 'state pair', `input ${name} would have two outputs as its state`, null, 'one each'); // prettier-ignore
    }
    taken.add(pair.input);
  }
  const stepped = options.stepped ?? (pairs.length > 0 ? true : null);
  return { pairs, arePairsGuessed: options.statePairs === undefined, stepped };
}

/** The input that recordings are for: the first that is neither a state nor a sampling rate. */
export function audioPosition(inputs: readonly InputPort[], pairs: readonly StatePair[]): number {
  const position = inputs.findIndex((input, i) => !pairs.some((pair) => pair.input === i) && !isRateInput(input));
  return Math.max(0, position);
}

/** An input that is told the sampling rate, as Silero VAD's. */
export function isRateInput({ name, shape, dtype }: NamedPort): boolean {
  const isNumber = shape.every((size) => size === 1);
  return isNumber && dtype.startsWith('int') && /^(?:sr|fs|(?:sample|sampling)_?rate)$/i.test(name.replace(/^.*\//, '').replace(/:\d+$/, '')); // prettier-ignore
}

/** How recordings become features, and why. */
export interface FeaturePlan {
  readonly framing: Framing;
  /** For people. */
  readonly because: string;
  /** Something in it was guessed. */
  readonly isGuessed: boolean;
  /** False where nobody said what features they are, and no guess is likely. */
  readonly isPlausible: boolean;
  /** The same, to be given again. */
  readonly line: string;
}

/** @throws DataFormatError that names a setting which cannot be */
export function featuresOf(ports: ModelPorts, stepping: SteppingPlan, options: DataOptions): FeaturePlan {
  const { features = {}, normalise = null } = options;
  const input = audioInput(ports, stepping, options.callSize ?? null);
  const stated = statedFeatures(ports);
  const settings = { ...stated, ...features };
  const framing = resolveFraming((kind) => guessFraming(input, kind).framing, settings, normalise);
  const chosenKind = FEATURE_KINDS.find((kind) => kind === settings['kind']) ?? null;
  const { because } = guessFraming(input, chosenKind);
  const isPlausible = settings['kind'] !== undefined || guessFraming(input).isPlausible;
  const said = Object.keys(features).length > 0;
  const reason = stated !== null ? 'the model says so' : said ? `as chosen; the rest because ${because}` : because;
  return { framing, because: reason, isGuessed: stated === null, line: framingLine(framing), isPlausible };
}

function statedFeatures({ metadata }: ModelPorts): FeatureSettings | null {
  const text = metadata.find(({ name }) => name === FRONT_END_METADATA)?.text ?? null;
  return text === null ? null : readSettingsLine(text);
}

/** Values of a call along the open last axis of the input that data is for, as chosen or guessed; null: no such axis, or nothing is known of it. */
export function callSizeOf(ports: ModelPorts, stepping: SteppingPlan, options: DataOptions): number | null {
  if (!leavesCallOpen(ports, stepping)) return null;
  if (options.callSize !== undefined) return options.callSize;
  const { framing } = featuresOf(ports, stepping, options);
  return framing.kind === 'samples' ? null : stepWidth(framing);
}

/** Whether the file leaves open how many values a call has. */
export function leavesCallOpen({ inputs }: Pick<ModelPorts, 'inputs'>, { pairs }: Pick<SteppingPlan, 'pairs'>): boolean {
  return hasOpenEnd(inputs[audioPosition(inputs, pairs)]?.shape ?? []);
}

/** [batch, ?]: longer shapes have their time open, and a size for each step. */
function hasOpenEnd(shape: readonly number[]): boolean {
  return shape.length === 2 && shape[1] === -1;
}

function audioInput({ inputs, hasVariables }: ModelPorts, { pairs, stepped }: SteppingPlan, callSize: number | null): AudioInput {
  const input = inputs[audioPosition(inputs, pairs)];
  const shape = input?.shape ?? [1];
  return {
    shape: callSize !== null && hasOpenEnd(shape) ? [...shape.slice(0, -1), callSize] : shape,
    range: input?.range ?? null,
    isInt16: input?.dtype === 'int16' && !input.isQuantized,
    isStepped: stepped ?? hasVariables,
  };
}

/** Of a graph. */
export function portsOf(graph: Graph, metadata: ModelPorts['metadata'] = []): ModelPorts {
  const port = ({ name, shapeSignature, dtype }: Tensor): NamedPort => ({ name, shape: shapeSignature, dtype });
  const tensors = (indices: readonly number[]) => indices.flatMap((index) => graph.tensors[index] ?? []);
  const inputs = tensors(graph.inputs).map((tensor) => ({
    ...port(tensor),
    range: rangeOf(tensor),
    isQuantized: tensor.quantization !== null,
  }));
  return { inputs, outputs: tensors(graph.outputs).map(port), metadata, hasVariables: hasKeptStates(graph) };
}

function rangeOf({ dtype, quantization, range }: Tensor): readonly [number, number] | null {
  const rails = INTEGER_RAILS[dtype];
  const scale = quantization?.scales[0];
  const zeroPoint = quantization?.zeroPoints[0];
  if (rails !== undefined && scale !== undefined && zeroPoint !== undefined) {
    return [dequantize(rails[0], { scale, zeroPoint }), dequantize(rails[1], { scale, zeroPoint })];
  }
  const [min, max] = [range?.min[0], range?.max[0]];
  return min !== undefined && max !== undefined && min < max ? [min, max] : null;
}

/** Of every input, the axis that counts its steps. */
export function timeAxes(graph: Graph): (number | null)[] {
  return graph.inputs.map((_, position) => timeAxis(graph, position));
}
