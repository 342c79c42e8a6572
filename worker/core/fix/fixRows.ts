import type { Calibration } from '../calibration/calibration';
import type { CalibratedRange, CalibratedRanges } from '../calibration/calibratedRanges';
import { percentileRange } from '../calibration/percentileObserver';
import type { ValueStatistics } from '../calibration/valueStatistics';
import { operatorKey } from '../findings/recipeFragment';
import { GATE_LETTERS, GATES, type Gate, type SignalName } from '../lstm/signals';
import { INTEGER_RAILS, type DType } from '../model/dtype';
import { LSTM_INTERMEDIATES, LSTM_OPERANDS, LSTM_OUTPUTS, lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT, type Graph, type Operator, type Tensor } from '../model/model';
import type { ModelEdit } from '../model/modelEdit';
import { operatorProperty } from '../recipe/operatorProperties';
import type { LstmInfo } from '../report/overview';
import { rowStatistics } from './rowStatistics';

/** Share of the values inside the inner range of `Seen`, in percent. */
const INNER_PERCENT = 99.9;

/** What calibration saw of a value. */
export interface Seen extends CalibratedRange {
  /** Without the outermost values: INNER_PERCENT are inside. Null where only the ends are known. */
  readonly inner: CalibratedRange | null;
  /** How many values; null where the range is the file's own. */
  readonly values: number | null;
}

export interface RowFormat {
  readonly dtype: DType;
  readonly scale: number;
  readonly zeroPoint: number;
  /** Reals of the lowest and highest code. */
  readonly low: number;
  readonly high: number;
}

export type RowKind = 'input' | 'tensor' | 'gate' | 'cell' | 'hidden';

/** One value whose quantization a recipe can change. Indices of operators and tensors are those of the float graph. */
export interface FixRow {
  /** Stable over changes of the recipe: `input 0`, `op 3 0`, `op 3 c`, `op 3 i`, `op 3 m`. */
  readonly id: string;
  readonly kind: RowKind;
  readonly gate: Gate | null;
  /** What recipes call it in `tensors`; for parts of an LSTM what they call the LSTM in `lstms`. */
  readonly key: string;
  /** What recipes call the operator in `keepFloat`; null for inputs. */
  readonly operatorKey: string | null;
  readonly op: number | null;
  readonly opName: string | null;
  /** Short name of the LSTM that it is part of, or whose output it is. */
  readonly lstm: string | null;
  readonly tensor: number | null;
  readonly seen: Seen | null;
  /** In the quantized model; null where it is float there, or has no format of its own. */
  readonly format: RowFormat | null;
  /** Where a report of the quantized model tells of it; null where it does not. */
  readonly place: RowPlace | null;
  /** Why a range of one's own cannot be given; null where it can. */
  readonly fixed: string | null;
  /** Has kernels for 16 bits. */
  readonly can16: boolean;
}

export type RowPlace =
  | { readonly kind: 'input'; readonly input: number }
  | { readonly kind: 'op'; readonly op: number; readonly signal: SignalName | 'out' };

/** What rows are made of. */
export interface RowSources {
  readonly graph: Graph;
  readonly lstms: readonly LstmInfo[];
  /** Null where the file's own ranges are used, or none. */
  readonly calibration: Calibration | null;
  readonly ranges: CalibratedRanges;
  readonly edit: ModelEdit;
}

/** Every value of the first graph that a recipe can change, in the order of the graph. */
export function fixRows(sources: RowSources): FixRow[] {
  const { graph } = sources;
  const quantized = new QuantizedGraph(sources.edit);
  const inputs = graph.inputs.flatMap((tensor, position) => inputRow(sources, quantized, tensor, position));
  return [...inputs, ...graph.operators.flatMap((operator) => operatorRows(sources, quantized, operator))];
}

/** The quantized graph, asked by what it was made from. */
class QuantizedGraph {
  private readonly graph: Graph | null;
  private readonly operators: ReadonlyMap<number, Operator>;

  constructor({ graphs }: ModelEdit) {
    const [edit] = graphs;
    this.graph = edit?.graph ?? null;
    const entries = (edit?.operatorOrigins ?? []).flatMap((origin, index): [number, Operator][] => {
      const operator = edit?.graph.operators[index];
      return origin === null || operator === undefined ? [] : [[origin, operator]];
    });
    // The first of two that one was made into.
    this.operators = new Map(entries.reverse());
  }

  operator(origin: number): Operator | null {
    return this.operators.get(origin) ?? null;
  }

  tensor(index: number | undefined): Tensor | null {
    return this.graph?.tensors[index ?? ABSENT] ?? null;
  }

  /** An input, or what a QUANTIZE makes of it. */
  input(position: number): { readonly tensor: Tensor | null; readonly place: RowPlace } {
    const index = this.graph?.inputs[position];
    const tensor = this.tensor(index);
    const reader = this.graph?.operators.find(({ name, inputs }) => name === 'QUANTIZE' && inputs[0] === index);
    if (tensor?.dtype !== 'float32' || reader === undefined) return { tensor, place: { kind: 'input', input: position } };
    return { tensor: this.tensor(reader.outputs[0]), place: { kind: 'op', op: reader.index, signal: 'out' } };
  }
}

function inputRow(sources: RowSources, quantized: QuantizedGraph, index: number, position: number): FixRow[] {
  const tensor = sources.graph.tensors[index];
  if (tensor?.dtype !== 'float32') return [];
  const { tensor: made, place } = quantized.input(position);
  return [
    {
      id: `input ${position}`,
      kind: 'input',
      ...{ gate: null, key: tensor.name, operatorKey: null, op: null, opName: null, lstm: null, tensor: index },
      seen: seenOf(sources, `input ${position}`, sources.ranges.tensors[index] ?? null),
      format: formatOf(made),
      place,
      fixed: tensor.name === '' ? NO_NAME : null,
      can16: true,
    },
  ];
}

const NO_NAME = 'The tensor has no name, so that a recipe cannot call it.';

function operatorRows(sources: RowSources, quantized: QuantizedGraph, operator: Operator): FixRow[] {
  const kind = lstmOperatorOf(operator);
  const made = quantized.operator(operator.index);
  const outputs = operator.outputs.flatMap((index, position) => outputRow(sources, made, quantized, operator, index, position));
  if (kind === null) return outputs;
  return [...outputs, ...partRows(sources, made, quantized, operator, kind === 'sequence' || kind === 'step')];
}

function outputRow(
  { graph, lstms, ...sources }: RowSources,
  made: Operator | null,
  quantized: QuantizedGraph,
  operator: Operator,
  index: number,
  position: number,
): FixRow[] {
  const tensor = graph.tensors[index];
  if (tensor?.dtype !== 'float32' || tensor.data !== null) return [];
  const id = `op ${operator.index} ${position}`;
  const isLstm = lstmOperatorOf(operator) !== null;
  const property = operatorProperty(operator.name);
  const [cell] = sources.ranges.lstms.get(operator.index) ?? [];
  const inside = position === LSTM_OUTPUTS.lastCell ? cell?.cell : cell?.output;
  const isState = lstmOperatorOf(operator) === 'sequence' && position > 0;
  return [
    {
      id,
      kind: 'tensor',
      gate: null,
      key: tensor.name,
      operatorKey: operatorKey(graph, operator),
      op: operator.index,
      opName: operator.name,
      lstm: nameOf(lstms, operator),
      tensor: index,
      seen: seenOf({ graph, lstms, ...sources }, id, inside ?? sources.ranges.tensors[index] ?? null),
      format: formatOf(quantized.tensor(made?.outputs[position])),
      place: made === null || position > 0 ? null : { kind: 'op', op: made.index, signal: isLstm ? 'h' : 'out' },
      fixed: tensor.name === '' ? NO_NAME : isState ? STATE_FORMAT : whyFixed(operator),
      can16: !isState && (isLstm || property?.int16 === true),
    },
  ];
}

const STATE_FORMAT = 'It is a state after the last step and has the format of that state.';

function whyFixed(operator: Operator): string | null {
  const property = operatorProperty(operator.name);
  if (lstmOperatorOf(operator) !== null || operator.name === 'SVDF') return null;
  if (property === null) return `There is no integer form of ${operator.name}: it stays float.`;
  if (property.parameters === 'own') return null;
  if (property.parameters === 'of-data') return `${operator.name} passes codes through: its operand decides.`;
  return `${operator.name} has one format only: its kernel fixes the scale.`;
}

/** Cell, gates before layer norm, and the hidden value where a projection follows. */
function partRows(
  sources: RowSources,
  made: Operator | null,
  quantized: QuantizedGraph,
  operator: Operator,
  isFull: boolean,
): FixRow[] {
  const { graph, lstms, ranges } = sources;
  const key = operatorKey(graph, operator);
  const [cell] = ranges.lstms.get(operator.index) ?? [];
  const has = (position: number) => graph.tensors[operator.inputs[position] ?? ABSENT] !== undefined;
  const part = (kind: RowKind, letter: string, range: CalibratedRange | null, more: Partial<FixRow>): FixRow => ({
    id: `op ${operator.index} ${letter}`,
    ...{ kind, gate: null, key, operatorKey: key, op: operator.index, opName: operator.name, lstm: nameOf(lstms, operator) },
    ...{ tensor: null, seen: seenOf(sources, `op ${operator.index} ${letter}`, range), format: null, place: null },
    ...{ fixed: null, can16: false, ...more },
  });
  const isInteger = made !== null && quantized.tensor(made.outputs[0])?.dtype !== 'float32';
  const place = (signal: SignalName): RowPlace | null =>
    made === null || !isInteger || !isFull ? null : { kind: 'op', op: made.index, signal };
  const at = (position: number | undefined) => (isInteger && isFull ? formatOf(quantized.tensor(position)) : null);
  const hasLayerNorm = isFull && has(LSTM_OPERANDS.layerNormCoefficients.forget);
  const rows = [part('cell', 'c', cell?.cell ?? null, { format: at(made?.inputs[LSTM_OPERANDS.cellState]), place: place('c') })];
  for (const gate of GATES) {
    const isThere = gate !== 'input' || !isFull || has(LSTM_OPERANDS.inputToGate.input);
    if (!isThere) continue;
    const letter = GATE_LETTERS[gate];
    const own = at(made?.intermediates[LSTM_INTERMEDIATES.gate[gate]]);
    rows.push(
      part('gate', letter, cell?.gates[gate] ?? null, {
        gate,
        format: hasLayerNorm ? own : isInteger ? Q3_12 : null,
        place: place(`${letter}_in`),
        fixed: hasLayerNorm ? null : 'Without layer norm a gate’s format is fixed: Q3.12, ±8.',
      }),
    );
  }
  if (isFull && has(LSTM_OPERANDS.projectionWeights)) {
    const format = at(made?.intermediates[LSTM_INTERMEDIATES.hidden]);
    rows.push(part('hidden', 'm', cell?.hidden ?? null, { format, place: place('m') }));
  }
  return rows;
}

const Q3_12: RowFormat = { dtype: 'int16', scale: 2 ** -12, zeroPoint: 0, low: -8, high: 8 - 2 ** -12 };

function nameOf(lstms: readonly LstmInfo[], { index }: Operator): string | null {
  return lstms.find(({ subgraph, op }) => subgraph === 0 && op === index)?.name ?? null;
}

function seenOf({ calibration, graph }: RowSources, id: string, range: CalibratedRange | null): Seen | null {
  const statistics = calibration === null ? null : rowStatistics(calibration, graph, id);
  if (statistics !== null) return seenIn(statistics);
  return calibration === null && range !== null ? { min: range.min, max: range.max, inner: null, values: null } : null;
}

function seenIn({ range, histogram }: ValueStatistics): Seen | null {
  if (range.values === 0) return null;
  return { min: range.min, max: range.max, inner: percentileRange(histogram, INNER_PERCENT), values: range.values };
}

function formatOf(tensor: Tensor | null): RowFormat | null {
  const scale = tensor?.quantization?.scales[0];
  const rails = tensor === null ? undefined : INTEGER_RAILS[tensor.dtype];
  if (tensor === null || scale === undefined || rails === undefined) return null;
  const zeroPoint = tensor.quantization?.zeroPoints[0] ?? 0;
  const [low, high] = rails.map((code) => scale * (code - zeroPoint));
  return { dtype: tensor.dtype, scale, zeroPoint, low: low ?? 0, high: high ?? 0 };
}
