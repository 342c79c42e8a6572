import { GATES, type Gate } from '../../../lstm/signals';
import { LSTM_OPERANDS } from '../../../model/lstmOperands';
import { ABSENT } from '../../../model/model';
import type { TfRef } from '../graphDef';
import type { LoopCell, LoopResult, LstmLoop } from '../loops';
import type { LstmStep } from '../lstmStep';
import type { NodeContext } from '../nodeContext';
import { transposed } from '../transposed';

/** Hidden values of a cell's steps. */
interface Sequence {
  readonly tensor: number;
  /** Time-major otherwise. */
  readonly isBatchMajor: boolean;
  readonly shape: readonly number[];
}

/** Fused operators of loops, each made once. */
export class LoopSequences {
  readonly #made = new Map<LoopCell, Sequence>();

  /** What a node outside the loop takes of it. */
  convert(context: NodeContext, { loop, cell, kind, indices }: LoopResult): void {
    if (kind === 'last-cell')
      context.refuse('it is the last cell c, and UNIDIRECTIONAL_SEQUENCE_LSTM gives the hidden values only');
    const sequence = this.#sequenceOf(context, loop, cell);
    const { builder, node } = context;
    const [first = 1, second = 1, output = 1] = sequence.shape;
    const [batch, steps] = sequence.isBatchMajor ? [first, second] : [second, first];
    if (kind === 'sequence') {
      checkOrder(context, indices, steps);
      if (!sequence.isBatchMajor) context.alias(sequence.tensor);
      else turn(context, sequence.tensor, [steps, batch, output]);
      return;
    }
    const axis = sequence.isBatchMajor ? 1 : 0;
    const at = (value: number) => [0, 1, 2].map((place) => (place === axis ? value : 0));
    const bounds = [at(steps - 1), at(steps), [1, 1, 1]].map((values, i) =>
      builder.integers(`${node.name}/${['begin', 'end', 'strides'][i]}`, values),
    );
    const others = 7 & ~(1 << axis);
    builder.emit('STRIDED_SLICE', [sequence.tensor, ...bounds], [context.output([batch, output], 0, 'float32')], {
      begin_mask: others,
      end_mask: others,
      shrink_axis_mask: 1 << axis,
    });
  }

  #sequenceOf(context: NodeContext, loop: LstmLoop, cell: LoopCell): Sequence {
    const known = this.#made.get(cell);
    if (known !== undefined) return known;
    const input =
      'cell' in cell.source ? this.#sequenceOf(context, loop, cell.source.cell) : inputOf(context, cell.source.sequence);
    const [first = 1, second = 1, size = 1] = input.shape;
    const [batch, steps] = input.isBatchMajor ? [first, second] : [second, first];
    checkSteps(context, loop, steps);
    for (const [state, what] of [
      [cell.firstHidden, 'hidden value'],
      [cell.firstCell, 'cell'],
    ] as const)
      if (!context.folding.isZero(state))
        context.refuse(`the first ${what} of ${loop.name} is given, and the fused operator starts at 0`);
    const weights = lstmWeights(context, cell.step, cell.inputPlace, size);
    const shape = [first, second, weights.outputSize];
    const tensor = context.builder.value(cell.step.hidden.node.name, shape);
    emitLstm(context, cell.step, weights, { input: input.tensor, output: tensor, batch, isTimeMajor: !input.isBatchMajor });
    const sequence = { tensor, isBatchMajor: input.isBatchMajor, shape };
    this.#made.set(cell, sequence);
    return sequence;
  }
}

/** The sequence [time, batch, input]; before a transposition to it, batch comes first, which the fused operator takes as well. */
function inputOf(context: NodeContext, ref: TfRef): Sequence {
  const tensor = context.tensorOf(ref);
  const { builder } = context;
  if (builder.shape(tensor).length !== 3) context.refuse(`the loop reads values of rank ${builder.shape(tensor).length}`);
  const writer = builder.writer(tensor);
  const { node } = context.folding.origin(ref);
  const order = writer?.name === 'TRANSPOSE' ? context.folding.integers(node.inputs[1]) : null;
  const before = writer?.inputs[0] ?? ABSENT;
  if (order?.join() === '1,0,2') return { tensor: before, isBatchMajor: true, shape: builder.shape(before) };
  return { tensor, isBatchMajor: false, shape: builder.shape(tensor) };
}

/** [batch, time, output] as the loop gives it, [time, batch, output]. */
function turn(context: NodeContext, tensor: number, shape: readonly number[]): void {
  const { builder, node } = context;
  const order = builder.integers(`${node.name}/perm`, [1, 0, 2]);
  builder.emit('TRANSPOSE', [tensor, order], [context.output(shape, 0, 'float32')]);
}

function checkSteps(context: NodeContext, { name, bounds, scattered }: LstmLoop, steps: number): void {
  const ends = bounds.map((bound) => context.folding.integers(bound)?.[0] ?? NaN);
  const least = Math.min(...ends);
  if (least !== steps) context.refuse(`${name} runs over ${Number.isNaN(least) ? 'an unknown number' : least} of ${steps} steps`);
  for (const indices of scattered) checkOrder(context, indices, steps);
}

function checkOrder(context: NodeContext, indices: TfRef | null, steps: number): void {
  const order = indices === null ? null : context.folding.integers(indices);
  if (order?.length !== steps || order.some((index, step) => index !== step)) context.refuse('its steps are not in their order');
}

interface StepWeights {
  readonly cellSize: number;
  readonly outputSize: number;
  readonly inputSize: number;
  readonly inputTo: Readonly<Record<Gate, Float32Array>>;
  readonly recurrentTo: Readonly<Record<Gate, Float32Array>>;
  readonly bias: Readonly<Record<Gate, Float32Array>>;
}

/** The kernel [x and h, 4 * cell] in parts [cell, x] and [cell, h] for each gate; what is added to a gate goes into its bias. */
function lstmWeights(context: NodeContext, step: LstmStep, inputPlace: 0 | 1, inputSize: number): StepWeights {
  const kernel = context.floatsOf(step.kernel, 'kernel');
  const [rows = 0, columns = 0] = kernel.shape;
  const cellSize = columns / 4;
  const outputSize = rows - inputSize;
  const bias = step.bias === null ? null : context.floatsOf(step.bias, 'bias');
  const fits =
    kernel.shape.length === 2 &&
    Number.isInteger(cellSize) &&
    outputSize > 0 &&
    (bias === null || bias.values.length === columns);
  const projected = step.projection === null ? [cellSize, cellSize] : context.floatsOf(step.projection, 'projection').shape;
  if (!fits || projected[0] !== cellSize || projected[1] !== outputSize)
    context.refuse(`its kernel is [${kernel.shape.join(', ')}] for ${inputSize} inputs`);
  const inputFrom = inputPlace === 0 ? 0 : outputSize;
  const part = (gate: Gate, from: number, count: number) =>
    transposed(
      block(kernel.values, columns, { from, count }, { from: step.quarters[gate] * cellSize, count: cellSize }),
      count,
      cellSize,
    );
  const biasOf = (gate: Gate) =>
    Float32Array.from({ length: cellSize }, (_, i) => (bias?.values[step.quarters[gate] * cellSize + i] ?? 0) + step.added[gate]);
  return {
    cellSize,
    outputSize,
    inputSize,
    inputTo: eachGate((gate) => part(gate, inputFrom, inputSize)),
    recurrentTo: eachGate((gate) => part(gate, inputPlace === 0 ? inputSize : 0, outputSize)),
    bias: eachGate(biasOf),
  };
}

interface Span {
  readonly from: number;
  readonly count: number;
}

/** Some rows and columns of a row-major matrix. */
function block(values: Float32Array, width: number, rows: Span, columns: Span): Float32Array {
  const taken = new Float32Array(rows.count * columns.count);
  for (let row = 0; row < rows.count; row++) {
    const start = (rows.from + row) * width + columns.from;
    taken.set(values.subarray(start, start + columns.count), row * columns.count);
  }
  return taken;
}

function eachGate<T>(make: (gate: Gate) => T): Record<Gate, T> {
  return { input: make('input'), forget: make('forget'), cell: make('cell'), output: make('output') };
}

interface Place {
  readonly input: number;
  readonly output: number;
  readonly batch: number;
  readonly isTimeMajor: boolean;
}

/** UNIDIRECTIONAL_SEQUENCE_LSTM with states that start at 0 and are kept inside. */
function emitLstm(
  context: NodeContext,
  step: LstmStep,
  weights: StepWeights,
  { input, output, batch, isTimeMajor }: Place,
): void {
  const { builder } = context;
  const { cellSize, inputSize, outputSize } = weights;
  const ownName = (ref: TfRef) => context.folding.origin(ref).node.name;
  const inputs = new Array<number>(24).fill(ABSENT);
  inputs[LSTM_OPERANDS.input] = input;
  const kernel = ownName(step.kernel);
  const folder = kernel.split('/').slice(0, -1).join('/') || kernel;
  for (const gate of GATES) {
    inputs[LSTM_OPERANDS.inputToGate[gate]] = builder.floats(
      `${kernel}/input_to_${gate}`,
      [cellSize, inputSize],
      weights.inputTo[gate],
    );
    inputs[LSTM_OPERANDS.recurrentToGate[gate]] = builder.floats(`${kernel}/recurrent_to_${gate}`, [cellSize, outputSize], weights.recurrentTo[gate]); // prettier-ignore
    const bias = step.bias === null ? `${folder}/bias` : ownName(step.bias);
    inputs[LSTM_OPERANDS.gateBias[gate]] = builder.floats(`${bias}/${gate}`, [cellSize], weights.bias[gate]);
  }
  for (const gate of ['input', 'forget', 'output'] as const) {
    const peephole = step.peepholes[gate];
    if (peephole === null) continue;
    const { values } = context.floatsOf(peephole, 'peephole');
    if (values.length !== cellSize) context.refuse(`its peephole has ${values.length} values for ${cellSize} cells`);
    inputs[LSTM_OPERANDS.cellToGate[gate]] = builder.floats(ownName(peephole), [cellSize], values);
  }
  if (step.projection !== null) {
    const { values } = context.floatsOf(step.projection, 'projection');
    inputs[LSTM_OPERANDS.projectionWeights] = builder.floats(ownName(step.projection), [outputSize, cellSize], transposed(values, cellSize, outputSize)); // prettier-ignore
  }
  inputs[LSTM_OPERANDS.outputState] = builder.value(`${folder}/output_state`, [batch, outputSize], 'float32', true);
  inputs[LSTM_OPERANDS.cellState] = builder.value(`${folder}/cell_state`, [batch, cellSize], 'float32', true);
  builder.emit('UNIDIRECTIONAL_SEQUENCE_LSTM', inputs, [output], {
    fused_activation_function: 'TANH',
    cell_clip: step.cellClip,
    proj_clip: step.projectionClip,
    time_major: isTimeMajor,
  });
}
