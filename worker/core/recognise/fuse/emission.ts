import { GATES, type Gate } from '../../lstm/signals';
import { LSTM_OPERANDS, ONNX_LSTM_OPTIONS } from '../../model/lstmOperands';
import { ABSENT } from '../../model/model';
import { newOperator } from '../../recipe/activations';
import type { Draft, DraftOperator } from '../../recipe/draft';
import type { HybridWeights, Int8Matrix, LstmWeights, RecognisedLstm } from '../recognised';

/** What the fused operator multiplies by: floats, or a hybrid cell's own integers. */
export interface FusedWeights {
  readonly real: LstmWeights;
  readonly integer: Extract<HybridWeights, { kind: 'kept' }> | null;
}

/** First versions of the operator for int8 weights, and for data that is rounded to 8 bits with a zero point. */
const HYBRID_VERSION = 2;
const ASYMMETRIC_VERSION = 3;

/** The name that this engine has for a cell's sigmoid. Keras's hard one is min(max(x + 3, 0), 6) / 6. */
export function gateActivation(sigmoid: RecognisedLstm['sigmoid']): string {
  return sigmoid === 'hard' ? `HardSigmoid(${1 / 6}, 0.5)` : 'SIGMOID';
}

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

  matrix(suffix: string, shape: readonly number[], { codes, scale }: Int8Matrix): number {
    return this.codes(suffix, shape, codes, Float32Array.of(scale));
  }

  /** int8 with one symmetric scale, or one for each row. */
  codes(suffix: string, shape: readonly number[], codes: Int8Array, scales: Float32Array): number {
    const data = new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength);
    const quantization = { scales, zeroPoints: new Float64Array(scales.length), axis: 0, blockwise: null };
    return this.draft.add(`${this.#name}/${suffix}`, { dtype: 'int8', shape, data, quantization });
  }

  emit(name: string, inputs: number[], outputs: number[], options: DraftOperator['options'] = {}, version = 1): void {
    this.operators.push(newOperator(name, version, inputs, outputs, { stands: this.#stands, options }));
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
  lstm(
    from: number,
    to: number,
    { real, integer }: FusedWeights,
    { batch, sigmoid }: Pick<RecognisedLstm, 'batch' | 'sigmoid'>,
    isTimeMajor: boolean,
  ): void {
    const cell = real.output.bias.length;
    const shapes = { input: [cell, real.output.input.length / cell], recurrent: [cell, cell] };
    const inputs = new Array<number>(24).fill(ABSENT);
    inputs[LSTM_OPERANDS.input] = from;
    const placeMatrices = (part: 'input' | 'recurrent', operands: Readonly<Record<Gate, number>>) => {
      for (const gate of GATES) {
        const name = `${part}_to_${gate}`;
        const codes = integer?.gates[gate][part];
        inputs[operands[gate]] =
          codes === undefined ? this.floats(name, shapes[part], real[gate][part]) : this.matrix(name, shapes[part], codes);
      }
    };
    placeMatrices('input', LSTM_OPERANDS.inputToGate);
    placeMatrices('recurrent', LSTM_OPERANDS.recurrentToGate);
    for (const gate of GATES) inputs[LSTM_OPERANDS.gateBias[gate]] = this.floats(`bias_${gate}`, [cell], real[gate].bias);
    inputs[LSTM_OPERANDS.outputState] = this.value('output_state', [batch, cell], { isVariable: true });
    inputs[LSTM_OPERANDS.cellState] = this.value('cell_state', [batch, cell], { isVariable: true });
    const isAsymmetric = integer?.isAsymmetric === true;
    const options = {
      fused_activation_function: 'TANH',
      cell_clip: 0,
      proj_clip: 0,
      time_major: isTimeMajor,
      asymmetric_quantize_inputs: isAsymmetric,
      diagonal_recurrent_tensors: false,
      // No option of the file's operator: it has the logistic sigmoid only.
      ...(sigmoid === 'hard' ? { [ONNX_LSTM_OPTIONS.gateActivation]: gateActivation(sigmoid) } : {}),
    };
    const version = integer === null ? 1 : isAsymmetric ? ASYMMETRIC_VERSION : HYBRID_VERSION;
    this.emit('UNIDIRECTIONAL_SEQUENCE_LSTM', inputs, [to], options, version);
  }
}
