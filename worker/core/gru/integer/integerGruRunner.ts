import { clampInPlace } from '../../lstm/clamp';
import { addRecurrent, addSaturatedRecurrent, lookUp, rescaleInput } from '../../lstm/integer/integerGate';
import type { LstmRunner, LstmState } from '../../lstm/lstmRunner';
import type { SignalArray, SignalSpec, SignalTrace } from '../../lstm/signals';
import { copyTaps, openTaps } from '../../lstm/taps';
import { GRU_GATES } from '../gruCell';
import { gruSources, type GruStages } from '../gruSources';
import { InputAhead } from '../inputAhead';
import type { IntegerGruGate, IntegerGruParameters } from './integerGruParameters';
import { addReset, mixHidden, resetHidden } from './integerStages';

const [UPDATE, RESET, CANDIDATE] = [0, 1, 2];

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
export class IntegerGruRunner implements LstmRunner {
  readonly path = 'int8';
  readonly inputSize: number;
  readonly cellSize = 0;
  readonly outputSize: number;
  readonly macsPerStep: number;
  readonly signals: readonly SignalSpec[];
  readonly #gates: readonly IntegerGruGate[];
  #block: { readonly batch: number; readonly values: IntegerBlock } | null = null;

  constructor(readonly parameters: IntegerGruParameters) {
    const { sizes, signals, gates } = parameters;
    this.inputSize = sizes.input;
    this.outputSize = sizes.hidden;
    this.macsPerStep = 3 * sizes.hidden * (sizes.input + sizes.hidden);
    this.signals = signals;
    this.#gates = GRU_GATES.map((gate) => gates[gate]);
  }

  initialState(batch: number): LstmState {
    return { output: new Int8Array(batch * this.outputSize).fill(this.parameters.zeroPoint), cell: new Int16Array(0) };
  }

  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace): SignalArray {
    const { output: h } = state;
    if (!(x instanceof Int8Array) || !(h instanceof Int8Array)) throw new TypeError('An int8 GRU takes int8 inputs and states.');
    const block = this.#blockOf(batch);
    const taps = openTaps(gruSources(this.signals, block), trace, steps);
    const inputs = this.#gates.map(({ input }) => input);
    const ahead = new InputAhead(inputs, batch, this.outputSize, (length) => new Int32Array(length));
    const y = new Int8Array(steps * h.length);
    for (let step = 0; step < steps; step++) {
      ahead.reach(x, step, steps);
      this.#step(block, ahead, step, batch, h);
      y.set(h, step * h.length);
      copyTaps(taps, step);
    }
    return y;
  }

  /** One step of all rows: h becomes the new one. */
  #step(block: IntegerBlock, ahead: InputAhead<Int8Array, Int32Array>, step: number, batch: number, h: Int8Array): void {
    const { multiply, linearBeforeReset, zeroPoint, sigmoid, tanh } = this.parameters;
    this.#gates.forEach(({ inputMultiplier }, gate) => {
      rescaleInput(ahead.of(gate, step), 0, inputMultiplier, multiply, block.stages[gate]!.x);
    });
    for (const gate of [UPDATE, RESET]) {
      this.#addRecurrent(gate, block, h, batch);
      this.#activate(block.stages[gate]!, sigmoid);
    }
    const candidate = block.stages[CANDIDATE]!;
    const r = block.stages[RESET]!.activated;
    if (linearBeforeReset) {
      const { recurrent, recurrentMultiplier } = this.#gates[CANDIDATE]!;
      recurrent.multiply(h, 0, batch, block.acc);
      rescaleInput(block.acc, 0, recurrentMultiplier, multiply, block.nh);
      addReset(r, block.nh, candidate.x, block.nrh, candidate.xh);
    } else {
      resetHidden(r, h, zeroPoint, block.rh);
      this.#addRecurrent(CANDIDATE, block, block.rh, batch);
    }
    this.#activate(candidate, tanh);
    mixHidden(block.stages[UPDATE]!.activated, candidate.activated, this.parameters, multiply, h);
    block.h.set(h);
  }

  #addRecurrent(gate: number, block: IntegerBlock, values: Int8Array, batch: number): void {
    const { multiply, recurrentSaturatesAlone } = this.parameters;
    const { recurrent, recurrentMultiplier } = this.#gates[gate]!;
    const { x, xh } = block.stages[gate]!;
    recurrent.multiply(values, 0, batch, block.acc);
    (recurrentSaturatesAlone ? addSaturatedRecurrent : addRecurrent)(block.acc, 0, recurrentMultiplier, multiply, x, xh);
  }

  #activate(stages: GruStages<Int16Array>, table: Int16Array): void {
    const { clip } = this.parameters;
    if (clip !== null) {
      stages.in.set(stages.xh);
      clampInPlace(stages.in, -clip, clip);
    }
    lookUp(table, stages.in, stages.activated);
  }

  #blockOf(batch: number): IntegerBlock {
    if (this.#block?.batch !== batch) {
      const length = batch * this.outputSize;
      this.#block = { batch, values: new IntegerBlock(length, this.parameters.clip !== null) };
    }
    return this.#block.values;
  }
}

/** Every value of a step over one number of batch rows. */
class IntegerBlock {
  readonly stages: readonly GruStages<Int16Array>[];
  readonly acc: Int32Array;
  readonly nh: Int16Array;
  readonly nrh: Int16Array;
  readonly rh: Int8Array;
  readonly h: Int8Array;

  constructor(length: number, isClipped: boolean) {
    const values = () => new Int16Array(length);
    this.stages = GRU_GATES.map(() => {
      const xh = values();
      return { x: values(), xh, in: isClipped ? values() : xh, activated: values() };
    });
    this.acc = new Int32Array(length);
    this.nh = values();
    this.nrh = values();
    this.rh = new Int8Array(length);
    this.h = new Int8Array(length);
  }
}
