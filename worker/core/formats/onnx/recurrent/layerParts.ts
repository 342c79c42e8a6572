import { ABSENT, type Operator, type Tensor } from '../../../model/model';
import { directionsOf, joinDirections, splitState, type Directions } from './directions';
import { nameOf, NotLowered, type RecurrentDraft } from './recurrentDraft';

/** Operands that ONNX's LSTM, GRU and RNN have in common. */
export const LAYER_INPUTS = { x: 0, w: 1, r: 2, b: 3, lengths: 4, initialH: 5 } as const;
const NAME_LIMIT = 200;

/** Sizes of a recurrent layer, and its matrices for all directions, gate by gate in ONNX's order. */
export interface LayerWeights {
  readonly input: number;
  readonly hidden: number;
  /** [directions, gates * hidden, input] */
  readonly w: Float32Array;
  /** [directions, gates * hidden, hidden] */
  readonly r: Float32Array;
  /** [directions, 2 * gates * hidden]: of W, then of R; null for zeros. */
  readonly b: Float32Array | null;
}

/** @throws NotLowered where they are not constant, or make no layer of so many gates */
export function readLayerWeights(draft: RecurrentDraft, operator: Operator, directions: number, gates: number): LayerWeights {
  const shape = draft.folded(operator.inputs[LAYER_INPUTS.w] ?? ABSENT)?.shape ?? [];
  const [, rows = 0, input = 0] = shape;
  const hidden = rows / gates;
  const declared = operator.options.hidden_size;
  const size = (count: number) => directions * count;
  const w = draft.reals(operator, LAYER_INPUTS.w, size(rows * input), 'its weight W');
  if (!Number.isInteger(hidden) || hidden < 1 || input < 1) {
    throw new NotLowered(`W is [${shape.join(', ')}], which makes no ${operator.name}`);
  }
  if (typeof declared === 'number' && declared !== hidden) {
    throw new NotLowered(`hidden_size is ${declared}, but W is [${shape.join(', ')}]`);
  }
  return {
    input,
    hidden,
    w,
    r: draft.reals(operator, LAYER_INPUTS.r, size(gates * hidden * hidden), 'its weight R'),
    b: draft.optionalReals(operator, LAYER_INPUTS.b, size(2 * gates * hidden), 'its bias B'),
  };
}

/** One direction of a layer, and what it is made with. */
export interface LayerDirection {
  readonly d: number;
  readonly directions: Directions;
  /** A name for people. */
  readonly label: string;
  /** Initial states, in the order asked for; ABSENT where none is given. */
  readonly states: readonly number[];
  readonly outputs: readonly number[];
  /** Rows of a batch as far as the file says. */
  readonly batch: number;
}

/**
 * A recurrent operator of ONNX as one operator for each direction, with what splits its states and joins its results.
 * @param outputNames of the operator, in order
 * @param states operands that hold initial states
 * @throws NotLowered
 */
export function lowerDirections(
  draft: RecurrentDraft,
  operator: Operator,
  hidden: number,
  outputNames: readonly string[],
  states: readonly number[],
  make: (direction: LayerDirection) => Operator,
): readonly Operator[] {
  const directions = directionsOf(operator);
  const x = draft.tensor(operator.inputs[LAYER_INPUTS.x]);
  if (x === null) throw new NotLowered('its input is missing');
  if (x.dtype !== 'float32' && x.dtype !== 'unknown') throw new NotLowered(`it computes in ${x.dtype}`);
  const name = nameOf(draft, operator).slice(0, NAME_LIMIT);
  const outputs = outputsOf(draft, operator, x, directions, hidden, name, outputNames);
  const batch = x.hasRank ? (x.shape[directions.batchMajor ? 0 : 1] ?? 1) : 1;
  const before: Operator[] = [];
  const layers: Operator[] = [];
  const halves: (readonly number[])[] = [];
  for (let d = 0; d < directions.count; d++) {
    const given = states.map((position) => splitState(draft, operator.inputs[position] ?? ABSENT, directions, d, before));
    const label = directions.count === 1 ? name : `${name} ${sideOf(d)}`;
    const own = directions.count === 1 ? outputs : outputs.map((output) => directions.half(draft, output, d));
    halves.push(own);
    layers.push(make({ d, directions, label, states: given, outputs: own, batch }));
  }
  const joins = directions.count === 1 ? [] : joinDirections(draft, outputs, halves, directions);
  return [...before, ...layers, ...joins];
}

/** Outputs of the node, one for each up to the last that is there; those that the file leaves out get a tensor. */
function outputsOf(
  draft: RecurrentDraft,
  { outputs }: Operator,
  x: Tensor,
  directions: Directions,
  hidden: number,
  name: string,
  outputNames: readonly string[],
): readonly number[] {
  const last = Math.max(...outputNames.map((_, position) => ((outputs[position] ?? ABSENT) === ABSENT ? 0 : position)));
  const [first = -1, second = -1] = x.hasRank ? x.shapeSignature : [];
  const sequence = directions.sequenceShape(first, second, hidden);
  const state = directions.stateShape(directions.batchMajor ? first : second, hidden);
  return outputNames.slice(0, last + 1).map((output, position) => {
    const shape = x.hasRank ? (position === 0 ? sequence : state) : null;
    const index = outputs[position] ?? ABSENT;
    if (index === ABSENT) return draft.add(`${name}/${output}`, 'float32', shape);
    draft.describe(index, shape);
    return index;
  });
}

/** Name of a gate's constant, after that of the operand it is part of. */
export function gateName(
  draft: RecurrentDraft,
  operand: number | undefined,
  { directions, d }: Pick<LayerDirection, 'directions' | 'd'>,
  letter: string,
  otherwise: string,
): string {
  const base = draft.tensor(operand)?.name ?? '';
  return `${(base || otherwise).slice(0, NAME_LIMIT)}[${directions.count === 1 ? letter : `${sideOf(d)} ${letter}`}]`;
}

function sideOf(d: number): string {
  return d === 0 ? 'forward' : 'backward';
}

/** One gate's rows out of constants for all directions: [directions, gates * hidden, columns], gate `place` of direction `d`. */
export function gateRows(
  values: Float32Array,
  { d, gates, place, hidden }: { readonly d: number; readonly gates: number; readonly place: number; readonly hidden: number },
  columns: number,
): Float32Array {
  const from = (d * gates + place) * hidden * columns;
  return values.subarray(from, from + hidden * columns);
}

export function sumOf(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, k) => value + (b[k] ?? 0));
}

/** What is activated is clamped to +-clip; 0 = off. @throws NotLowered */
export function clipOf({ options }: Operator): number {
  const clip = typeof options.clip === 'number' ? options.clip : 0;
  if (!(clip >= 0)) throw new NotLowered(`its clip is ${clip}`);
  // float32's largest value is ONNX Runtime's own way to say that it is off.
  return clip > 1e38 ? 0 : clip;
}
