import { GATES, type Gate } from '../../lstm/signals';
import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { ABSENT } from '../../model/model';
import { newOperator } from '../../recipe/activations';
import type { Draft, DraftOperator } from '../../recipe/draft';
import type { GateWeights, LstmWeights } from '../recognised';

/** Operators that take the place of one recognised cell, in order. */
export class Emission {
  readonly operators: DraftOperator[] = [];
  readonly draft: Draft;
  /** Prefix of the names of new tensors. */
  readonly #name: string;
  readonly #stands: number;

  constructor(draft: Draft, name: string, stands: number) {
    this.draft = draft;
    this.#name = name;
    this.#stands = stands;
  }

  value(suffix: string, shape: readonly number[], more: { readonly isVariable?: boolean } = {}): number {
    return this.draft.add(`${this.#name}/${suffix}`, { dtype: 'float32', shape, ...more });
  }

  floats(suffix: string, shape: readonly number[], values: Float32Array): number {
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.draft.add(`${this.#name}/${suffix}`, { dtype: 'float32', shape, data });
  }

  integers(suffix: string, values: readonly number[]): number {
    const data = new Uint8Array(Int32Array.from(values).buffer);
    return this.draft.add(`${this.#name}/${suffix}`, { dtype: 'int32', shape: [values.length], data });
  }

  emit(name: string, inputs: number[], outputs: number[], options: DraftOperator['options'] = {}): void {
    this.operators.push(newOperator(name, 1, inputs, outputs, { stands: this.#stands, options }));
  }

  reshape(from: number, to: number): void {
    const shape = this.draft.tensor(to).shape;
    this.emit('RESHAPE', [from, this.integers('shape', shape)], [to], { new_shape: shape });
  }

  reverse(from: number, to: number, axis: number): void {
    this.emit('REVERSE_V2', [from, this.integers('axis', [axis])], [to]);
  }

  /** x[:, step, :] (time axis 1) or x[step, :, :] (0); the axis stays with size 1 where `keeps` says so. */
  takeStep(from: number, to: number, axis: 0 | 1, step: number, keeps: boolean): void {
    const at = (value: number, other: number) => [0, 1, 2].map((place) => (place === axis ? value : other));
    const others = 7 & ~(1 << axis);
    const operands = [
      this.integers('begin', at(step, 0)),
      this.integers('end', at(step + 1, 0)),
      this.integers('strides', [1, 1, 1]),
    ];
    const masks = { begin_mask: others, end_mask: others, ellipsis_mask: 0, new_axis_mask: 0 };
    this.emit('STRIDED_SLICE', [from, ...operands], [to], { ...masks, shrink_axis_mask: keeps ? 0 : 1 << axis, offset: false });
  }

  /** UNIDIRECTIONAL_SEQUENCE_LSTM with weights of its own, and states that start at 0 and are kept inside. */
  lstm(from: number, to: number, weights: LstmWeights, batch: number, isTimeMajor: boolean): void {
    const cell = weights.output.bias.length;
    const input = weights.output.input.length / cell;
    const inputs = new Array<number>(24).fill(ABSENT);
    inputs[LSTM_OPERANDS.input] = from;
    const place = (
      operands: Readonly<Record<Gate, number>>,
      part: keyof GateWeights,
      suffix: string,
      shape: readonly number[],
    ) => {
      for (const gate of GATES) inputs[operands[gate]] = this.floats(`${suffix}_${gate}`, shape, weights[gate][part]);
    };
    place(LSTM_OPERANDS.inputToGate, 'input', 'input_to', [cell, input]);
    place(LSTM_OPERANDS.recurrentToGate, 'recurrent', 'recurrent_to', [cell, cell]);
    place(LSTM_OPERANDS.gateBias, 'bias', 'bias', [cell]);
    inputs[LSTM_OPERANDS.outputState] = this.value('output_state', [batch, cell], { isVariable: true });
    inputs[LSTM_OPERANDS.cellState] = this.value('cell_state', [batch, cell], { isVariable: true });
    this.emit('UNIDIRECTIONAL_SEQUENCE_LSTM', inputs, [to], {
      fused_activation_function: 'TANH',
      cell_clip: 0,
      proj_clip: 0,
      time_major: isTimeMajor,
      asymmetric_quantize_inputs: false,
      diagonal_recurrent_tensors: false,
    });
  }
}
