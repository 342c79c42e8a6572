import { clampInPlace } from '../../lstm/clamp';
import { addRecurrent, addSaturatedRecurrent, lookUp, rescaleInput } from '../../lstm/integer/integerGate';
import type { SignalArray, SignalSpec } from '../../lstm/signals';
import type { SignalSource } from '../../lstm/taps';
import { GRU_GATES } from '../gruCell';
import { gruSources, type GruStages } from '../gruSources';
import { CANDIDATE, gruStep, RESET, UPDATE } from '../gruStep';
import type { HiddenArithmetic, HiddenBlock } from '../hiddenRunner';
import type { InputProduct } from '../inputAhead';
import type { IntegerGruGate, IntegerGruParameters } from './integerGruParameters';
import { addReset, mixHidden, resetHidden } from './integerStages';

/**
 * An int8 GRU. No runtime has one: this is the recipe of the integer LSTM (int8 weights, symmetric, one scale for each matrix; int8 x and
 * h, asymmetric; int32 biases at the scale of their product; int16 gates) applied to a GRU, so that what int8 costs it can be seen. With
 * real = scale * (code - zeroPoint) and rescale = the persona's multiplication by a quantized multiplier:
 *
 *     z_x = clamp16(rescale(Wz (x - zx) + bz, s_x s_Wz / 2^-12))                      Q3.12
 *     z   = sigmoid(clamp16(z_x + rescale(Rz (h - zh), s_h s_Rz / 2^-12)))            Q0.15, by the LSTM's tables; r the same
 *     reset after (Keras: reset_after; ONNX: linear_before_reset):
 *       n_h  = clamp16(rescale(Rn (h - zh) + bRn, s_h s_Rn / 2^-12))                  Q3.12
 *       n_rh = roundingDivideByPOT(r * n_h, 15)                                       Q3.12
 *       n    = tanh(clamp16(n_x + n_rh))                                              Q0.15
 *     reset before:
 *       rh   = clamp8(roundingDivideByPOT(r * (h - zh), 15) + zh)                     int8, scale and zero point of h
 *       n    = tanh(clamp16(n_x + rescale(Rn (rh - zh), s_h s_Rn / 2^-12)))           Q0.15
 *     h15 = clamp16(rescale(h - zh, s_h / 2^-15))                                     Q0.15
 *     h   = clamp8(rescale(z * h15 + (32768 - z) * n, 2^-30 / s_h) + zh)              int8, rounded once from Q0.30
 *
 * Products of a matrix are int32 with the zero points in their effective bias. A clip clamps what is activated, in Q3.12 codes.
 * Sources of its parts: TensorFlow Lite, kernels/lstm_eval.cc; the mix of two Q0.15 values has no model.
 */
export class IntegerGru implements HiddenArithmetic<Int8Array, Int32Array> {
  readonly path = 'int8';
  readonly sizes: IntegerGruParameters['sizes'];
  readonly signals: readonly SignalSpec[];
  readonly inputs: readonly InputProduct<Int8Array, Int32Array>[];
  readonly #gates: readonly IntegerGruGate[];

  constructor(private readonly parameters: IntegerGruParameters) {
    const { sizes, signals, gates } = parameters;
    this.sizes = sizes;
    this.signals = signals;
    this.#gates = GRU_GATES.map((gate) => gates[gate]);
    this.inputs = this.#gates.map(({ input }) => input);
  }

  zeros(length: number): Int8Array {
    return new Int8Array(length).fill(this.parameters.zeroPoint);
  }

  sums(length: number): Int32Array {
    return new Int32Array(length);
  }

  takes(values: SignalArray): values is Int8Array {
    return values instanceof Int8Array;
  }

  open(batch: number): HiddenBlock<Int8Array, Int32Array> {
    return new IntegerBlock(this.parameters, this.#gates, batch);
  }
}

/** Every value of a step over one number of batch rows, [batch, hidden] each. */
class IntegerBlock implements HiddenBlock<Int8Array, Int32Array> {
  readonly sources: readonly SignalSource[];
  readonly #stages: readonly GruStages<Int16Array>[];
  readonly #acc: Int32Array;
  readonly #nh: Int16Array;
  readonly #nrh: Int16Array;
  readonly #rh: Int8Array;
  readonly #h: Int8Array;

  constructor(
    private readonly parameters: IntegerGruParameters,
    private readonly gates: readonly IntegerGruGate[],
    private readonly batch: number,
  ) {
    const length = batch * parameters.sizes.hidden;
    const values = () => new Int16Array(length);
    const stages = GRU_GATES.map((): GruStages<Int16Array> => {
      const xh = values();
      return { x: values(), xh, in: parameters.clip === null ? xh : values(), activated: values() };
    });
    const [nh, nrh, rh, h] = [values(), values(), new Int8Array(length), new Int8Array(length)];
    this.#acc = new Int32Array(length);
    [this.#stages, this.#nh, this.#nrh, this.#rh, this.#h] = [stages, nh, nrh, rh, h];
    this.sources = gruSources(parameters.signals, { stages, rh, nh, nrh, h });
  }

  takeInput(gate: number, sums: Int32Array): void {
    rescaleInput(sums, 0, this.gates[gate]!.inputMultiplier, this.parameters.multiply, this.#stages[gate]!.x);
  }

  step(h: Int8Array): void {
    gruStep(this, this.parameters.linearBeforeReset, h);
  }

  addRecurrent(gate: number, values: Int8Array): void {
    const { multiply, recurrentSaturatesAlone } = this.parameters;
    const { recurrent, recurrentMultiplier } = this.gates[gate]!;
    const { x, xh } = this.#stages[gate]!;
    recurrent.multiply(values, 0, this.batch, this.#acc);
    (recurrentSaturatesAlone ? addSaturatedRecurrent : addRecurrent)(this.#acc, 0, recurrentMultiplier, multiply, x, xh);
  }

  activate(gate: number): void {
    const { clip, sigmoid, tanh } = this.parameters;
    const stages = this.#stages[gate]!;
    if (clip !== null) {
      stages.in.set(stages.xh);
      clampInPlace(stages.in, -clip, clip);
    }
    lookUp(gate === CANDIDATE ? tanh : sigmoid, stages.in, stages.activated);
  }

  resetBefore(h: Int8Array): Int8Array {
    resetHidden(this.#stages[RESET]!.activated, h, this.parameters.zeroPoint, this.#rh);
    return this.#rh;
  }

  resetAfter(h: Int8Array): void {
    const { recurrent, recurrentMultiplier } = this.gates[CANDIDATE]!;
    recurrent.multiply(h, 0, this.batch, this.#acc);
    rescaleInput(this.#acc, 0, recurrentMultiplier, this.parameters.multiply, this.#nh);
    const { x, xh } = this.#stages[CANDIDATE]!;
    addReset(this.#stages[RESET]!.activated, this.#nh, x, this.#nrh, xh);
  }

  mix(h: Int8Array): void {
    mixHidden(this.#stages[UPDATE]!.activated, this.#stages[CANDIDATE]!.activated, this.parameters, this.parameters.multiply, h);
    this.#h.set(h);
  }
}
