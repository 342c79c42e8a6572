import type { LstmRunner, LstmState } from '../../lstm/lstmRunner';
import type { SignalArray, SignalSpec, SignalTrace } from '../../lstm/signals';
import { copyTaps, openTaps } from '../../lstm/taps';
import { GRU_GATES } from '../gruCell';
import { gruSources } from '../gruSources';
import { InputAhead } from '../inputAhead';
import { FloatBlock } from './floatBlock';
import type { FloatGruParameters, FloatMatrices } from './floatGruParameters';

const [UPDATE, RESET, CANDIDATE] = [0, 1, 2];

/**
 * A GRU in float32, or with int8 matrices (hybrid), by SIMD kernels:
 *
 *     z = sigmoid(Wz x + Rz h + bz)                       how much of h stays
 *     r = sigmoid(Wr x + Rr h + br)
 *     n = tanh(Wn x + bn + r * (Rn h + bRn))              linear_before_reset; Keras: reset_after
 *     n = tanh(Wn x + bn + Rn (r * h))                    without
 *     h = z * h + (1 - z) * n
 *
 * Sources: ONNX, GRU; Keras, GRUCell.step, whose z is the same. bz and br hold the biases of both products.
 */
export class FloatGruRunner implements LstmRunner {
  readonly path: 'float' | 'hybrid';
  readonly inputSize: number;
  readonly cellSize = 0;
  readonly outputSize: number;
  readonly macsPerStep: number;
  readonly signals: readonly SignalSpec[];
  readonly #gates: readonly FloatMatrices[];
  #block: { readonly batch: number; readonly values: GruBlock } | null = null;

  constructor(readonly parameters: FloatGruParameters) {
    const { path, sizes, signals, gates } = parameters;
    this.path = path;
    this.inputSize = sizes.input;
    this.outputSize = sizes.hidden;
    this.macsPerStep = 3 * sizes.hidden * (sizes.input + sizes.hidden);
    this.signals = signals;
    this.#gates = GRU_GATES.map((gate) => gates[gate]);
  }

  initialState(batch: number): LstmState {
    return { output: new Float32Array(batch * this.outputSize), cell: new Float32Array(0) };
  }

  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace): SignalArray {
    const { output: h } = state;
    if (!(x instanceof Float32Array) || !(h instanceof Float32Array)) {
      throw new TypeError('A float GRU takes float32 inputs and states.');
    }
    const block = this.#blockOf(batch);
    const taps = openTaps(gruSources(this.signals, block), trace, steps);
    const inputs = this.#gates.map(({ input }) => input);
    const ahead = new InputAhead(inputs, batch, this.outputSize, (length) => new Float32Array(length));
    const y = new Float32Array(steps * h.length);
    for (let step = 0; step < steps; step++) {
      ahead.reach(x, step, steps);
      this.#step(block, ahead, step, batch, h);
      y.set(h, step * h.length);
      copyTaps(taps, step);
    }
    return y;
  }

  /** One step of all rows: h becomes the new one. */
  #step(block: GruBlock, ahead: InputAhead<Float32Array, Float32Array>, step: number, batch: number, h: Float32Array): void {
    const { activations, resetAfter } = this.parameters;
    const size = this.outputSize;
    for (const gate of [UPDATE, RESET, CANDIDATE]) block.stages[gate]!.x.set(ahead.of(gate, step));
    for (const gate of [UPDATE, RESET]) {
      const stages = block.stages[gate]!;
      this.#gates[gate]!.recurrent.multiply(h, 0, size, batch, stages.x, stages.xh);
      block.activate(stages, activations.gates);
    }
    const { recurrent } = this.#gates[CANDIDATE]!;
    const candidate = block.stages[CANDIDATE]!;
    const { activated: r } = block.stages[RESET]!;
    if (resetAfter === null) {
      multiply(r, h, block.rh);
      recurrent.multiply(block.rh, 0, size, batch, candidate.x, candidate.xh);
    } else {
      recurrent.multiply(h, 0, size, batch, resetAfter.bias, block.nh);
      multiply(r, block.nh, block.nrh);
      for (let k = 0; k < h.length; k++) candidate.xh[k] = candidate.x[k]! + block.nrh[k]!;
    }
    block.activate(candidate, activations.candidate);
    mix(block.stages[UPDATE]!.activated, candidate.activated, h);
    block.h.set(h);
  }

  #blockOf(batch: number): GruBlock {
    if (this.#block?.batch !== batch) {
      this.#block = { batch, values: new GruBlock(batch * this.outputSize, this.parameters.gateClip) };
    }
    return this.#block.values;
  }
}

/** Every value of a step, [batch, hidden] each. */
class GruBlock extends FloatBlock {
  readonly rh: Float32Array;
  readonly nh: Float32Array;
  readonly nrh: Float32Array;
  readonly h: Float32Array;

  constructor(length: number, clip: number) {
    super(GRU_GATES.length, length, clip);
    this.rh = new Float32Array(length);
    this.nh = new Float32Array(length);
    this.nrh = new Float32Array(length);
    this.h = new Float32Array(length);
  }
}

function multiply(a: Float32Array, b: Float32Array, product: Float32Array): void {
  for (let k = 0; k < product.length; k++) product[k] = a[k]! * b[k]!;
}

/** h = z * h + (1 - z) * n. */
function mix(z: Float32Array, n: Float32Array, h: Float32Array): void {
  const { fround } = Math;
  for (let k = 0; k < h.length; k++) h[k] = fround(z[k]! * h[k]!) + fround(fround(1 - z[k]!) * n[k]!);
}
