import type { LstmInfo } from '../report/overview';
import {
  BASIC_LSTM_OPERANDS,
  BIDIRECTIONAL_OPERANDS,
  type CellOperands,
  LSTM_OPERANDS,
  type LstmOperator,
  lstmOperatorOf,
  ONNX_LSTM_OPTIONS,
} from './lstmOperands';
import type { Graph, Operator, Tensor } from './model';
import { operandTensor } from './operands';

/** TFLite accepts a cell scale as a power of two when its logarithm is this close to an integer (CheckedLog2). */
const LOG2_TOLERANCE = 1e-3;

/**
 * Topology, sizes, formats and clips of every LSTM operator of a graph, in file order. Sizes are those of the weights; a
 * bidirectional operator is described by its forward cell. Operands that do not exist give a size of 0.
 */
export function describeLstms(graph: Graph): LstmInfo[] {
  const infos = graph.operators.flatMap((operator) => {
    const kind = lstmOperatorOf(operator);
    return kind === null ? [] : [kind === 'basic' ? describeBasic(graph, operator) : describeFull(graph, operator, kind)];
  });
  const uses = new Map<string, number>();
  for (const { name } of infos) uses.set(name, (uses.get(name) ?? 0) + 1);
  return infos.map((info) => ({ ...info, name: uses.get(info.name) === 1 && info.name !== '' ? info.name : `LSTM ${info.op}` }));
}

function describeFull(graph: Graph, operator: Operator, kind: Exclude<LstmOperator, 'basic'>): LstmInfo {
  const cell: Omit<CellOperands, 'auxInputToGate'> = kind === 'bidirectional' ? BIDIRECTIONAL_OPERANDS.forward : LSTM_OPERANDS;
  const tensor = (operand: number) => operandTensor(graph, operator, operand);
  const weights = tensor(cell.inputToGate.output);
  const recurrent = tensor(cell.recurrentToGate.output);
  const cellState = tensor(cell.cellState);
  const operands = [cell.inputToGate, cell.recurrentToGate, cell.gateBias].flatMap((group) => Object.values(group));
  return {
    subgraph: graph.index,
    op: operator.index,
    name: nodeName(operator) ?? commonName(operands.map(tensor)),
    layerNorm: kind !== 'bidirectional' && tensor(LSTM_OPERANDS.layerNormCoefficients.forget) !== null,
    projection: tensor(cell.projectionWeights) !== null,
    peephole: tensor(cell.cellToGate.output) !== null,
    cifg: tensor(cell.inputToGate.input) === null,
    bidirectional: kind === 'bidirectional',
    timeMajor: operator.options.time_major === true,
    scheme: schemeOfLstm(tensor(LSTM_OPERANDS.input), weights),
    input: weights?.shape[1] ?? 0,
    cell: weights?.shape[0] ?? 0,
    output: recurrent?.shape[1] ?? 0,
    ...clips(operator),
    cellIntegerBits: integerBits(cellState),
  };
}

/** What the file calls the operator's node; null where it has no names of nodes. */
export function nodeName({ options }: Operator): string | null {
  const name = options[ONNX_LSTM_OPTIONS.nodeName];
  return typeof name === 'string' && name !== '' ? name : null;
}

function describeBasic(graph: Graph, operator: Operator): LstmInfo {
  const tensor = (operand: number) => operandTensor(graph, operator, operand);
  const weights = tensor(BASIC_LSTM_OPERANDS.weights);
  const cell = (weights?.shape[0] ?? 0) / 4;
  return {
    subgraph: graph.index,
    op: operator.index,
    name: commonName([weights, tensor(BASIC_LSTM_OPERANDS.bias)]),
    layerNorm: false,
    projection: false,
    peephole: false,
    cifg: false,
    bidirectional: false,
    timeMajor: false,
    scheme: schemeOfLstm(tensor(BASIC_LSTM_OPERANDS.input), weights),
    input: Math.max(0, (weights?.shape[1] ?? 0) - cell),
    cell,
    output: cell,
    ...clips(operator),
    cellIntegerBits: integerBits(tensor(BASIC_LSTM_OPERANDS.previousState)),
  };
}

function clips({ options }: Operator): Pick<LstmInfo, 'cellClip' | 'projectionClip'> {
  return { cellClip: numeric(options.cell_clip), projectionClip: numeric(options.proj_clip) };
}

/** 0 (off) where a file has no number: the runtime treats it so as well. */
function numeric(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function schemeOfLstm(input: Tensor | null, weights: Tensor | null): LstmInfo['scheme'] {
  if (input?.dtype === 'int16') return '16x8';
  if (input?.dtype === 'int8' || input?.dtype === 'uint8') return 'int8';
  return weights?.dtype === 'int8' || weights?.dtype === 'uint8' || weights?.dtype === 'int4' ? 'hybrid' : 'float';
}

function integerBits(cellState: Tensor | null): number | null {
  const scale = cellState?.dtype === 'int16' ? (cellState.quantization?.scales[0] ?? 0) : 0;
  if (!(scale > 0)) return null;
  const exponent = Math.log2(scale);
  const rounded = Math.round(exponent);
  return Math.abs(exponent - rounded) < LOG2_TOLERANCE ? rounded + 15 : null;
}

/** Leading path segments that all names share (`lstm0` of `lstm0/input_gate_bias`); '' when there are none. */
export function commonName(tensors: readonly (Tensor | null)[]): string {
  const paths = tensors.flatMap((tensor) => (tensor === null ? [] : [tensor.name.split('/')]));
  const first = paths[0] ?? [];
  let shared = Math.max(0, Math.min(...paths.map((path) => path.length - 1)));
  if (paths.length < 2) shared = 0;
  while (shared > 0 && !paths.every((path) => path.slice(0, shared).join('/') === first.slice(0, shared).join('/'))) shared--;
  return first.slice(0, shared).join('/');
}
