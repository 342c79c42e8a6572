import { GATE_LETTERS, type Gate, type GruGate, type SignalName, type SignalSpec } from '../lstm/signals';
import { INTEGER_RAILS } from '../model/dtype';
import { BIDIRECTIONAL_OPERANDS, LSTM_OPERANDS } from '../model/lstmOperands';
import { ABSENT, type Graph, type Operator, type Quantization, type Tensor } from '../model/model';
import type { GraphRunner } from '../run/graphRunner';
import type { PreparedCell, PreparedOp } from '../run/preparedOp';
import { isQuantized, runtimeDtype } from '../run/runtimeDtype';
import type { SignalFormat } from './signalSums';

/** What is counted at one operator; the same for every sample. */
export interface LayerPlan {
  readonly operator: Operator;
  /** Position of the operator in the graph. */
  readonly position: number;
  /** Which of its outputs are counted: those of the first one's type and parameters. */
  readonly outputs: readonly number[];
  /** Null where the output is neither real nor quantized (indices, shapes, flags): nothing is counted. */
  readonly format: SignalFormat | null;
  readonly cells: readonly CellPlan[];
}

export interface CellPlan {
  readonly direction: 'forward' | 'backward' | null;
  /** `x` first, then as a step computes them. */
  readonly signals: readonly SignalPlan[];
}

export interface SignalPlan {
  readonly name: SignalName;
  readonly gate: Gate | GruGate | null;
  /** Values per step and batch row. */
  readonly size: number;
  readonly format: SignalFormat;
  /** The signal before it, where both are the same values: a gate's sum before and after a peephole that is not there. */
  readonly sameAs: SignalName | null;
}

/** @param runner of the quantized path, or of the float path where only that is seen */
export function planLayers(runner: GraphRunner): LayerPlan[] {
  return runner.operators.map((prepared, position) => {
    const { operator } = prepared;
    if (prepared.notComputed !== undefined) return { operator, position, outputs: [], format: null, cells: [] };
    const tensors = operator.outputs.map((index) => runner.graph.tensors[index]);
    const first = tensors[0];
    return {
      operator,
      position,
      outputs: tensors.flatMap((tensor, output) => (first && tensor && sameFormat(first, tensor) ? [output] : [])),
      format: first === undefined ? null : tensorFormat(first, runner),
      cells: prepared.cells.map((cell) => planCell(runner, prepared, cell)),
    };
  });
}

/** Plans under which nothing is counted, for a graph that was not prepared. */
export function planNothing({ operators }: Graph): LayerPlan[] {
  return operators.map((operator, position) => ({ operator, position, outputs: [], format: null, cells: [] }));
}

/** How a tensor's values are stored on a runner's path; null where they stand for no reals. */
export function tensorFormat(tensor: Tensor, { options }: Pick<GraphRunner, 'options'>): SignalFormat | null {
  const dtype = runtimeDtype(tensor, options.path);
  if (dtype === 'float32') return { dtype, quantization: null, activation: null };
  const hasOneScale = isQuantized(tensor) && tensor.quantization?.scales.length === 1;
  if (!hasOneScale || INTEGER_RAILS[dtype] === undefined) return null;
  return { dtype, quantization: tensor.quantization, activation: null };
}

function planCell(runner: GraphRunner, { operator, cells }: PreparedOp, cell: PreparedCell): CellPlan {
  const input = runner.graph.tensors[operator.inputs[0] ?? -1];
  const format = input === undefined ? null : tensorFormat(input, runner);
  const x: SignalPlan[] = format === null ? [] : [{ name: 'x', gate: null, size: cell.runner.inputSize, format, sameAs: null }];
  return {
    direction: cells.length > 1 ? cell.direction : null,
    signals: [...x, ...cell.runner.signals.map((spec) => planSignal(operator, cell.direction, spec))],
  };
}

function planSignal(
  operator: Operator,
  direction: PreparedCell['direction'],
  { name, gate, size, dtype, quantization }: SignalSpec,
): SignalPlan {
  const format = { dtype, quantization, activation: activationOf(operator, name) };
  return { name, gate, size, format, sameAs: isLstmGate(gate) ? sameAsBefore(operator, direction, gate, name) : null };
}

/** The sum before the peephole, for the one after a peephole that is not there. */
function sameAsBefore(operator: Operator, direction: PreparedCell['direction'], gate: Gate, name: SignalName): SignalName | null {
  const letter = GATE_LETTERS[gate];
  return name === `${letter}_in` && !hasPeephole(operator, direction, gate) ? `${letter}_xh` : null;
}

function isLstmGate(gate: SignalSpec['gate']): gate is Gate {
  return gate !== null && gate in GATE_LETTERS;
}

function hasPeephole({ name, inputs }: Operator, direction: PreparedCell['direction'], gate: Gate): boolean {
  if (gate === 'cell') return false;
  const { cellToGate } = name === 'BIDIRECTIONAL_SEQUENCE_LSTM' ? BIDIRECTIONAL_OPERANDS[direction] : LSTM_OPERANDS;
  return (inputs[cellToGate[gate]] ?? ABSENT) !== ABSENT;
}

function activationOf(operator: Operator, name: SignalName): 'sigmoid' | 'tanh' | null {
  if (name === 'i' || name === 'f' || name === 'o') return 'sigmoid';
  if (name === 'z' || name === 'r') return (operator.options.gate_activation ?? 'SIGMOID') === 'SIGMOID' ? 'sigmoid' : null;
  if (name !== 'g' && name !== 'tanh_c' && name !== 'n') return null;
  const fused = operator.options.fused_activation_function;
  return fused === undefined || fused === 'TANH' ? 'tanh' : null;
}

function sameFormat(a: Tensor, b: Tensor): boolean {
  return a === b || (a.dtype === b.dtype && sameParameters(a.quantization, b.quantization));
}

function sameParameters(a: Quantization | null, b: Quantization | null): boolean {
  if (a === null || b === null) return a === b;
  return String(a.scales) === String(b.scales) && String(a.zeroPoints) === String(b.zeroPoints);
}
