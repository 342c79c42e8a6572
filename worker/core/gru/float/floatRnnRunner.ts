import type { LstmRunner, LstmState } from '../../lstm/lstmRunner';
import type { SignalArray, SignalSpec, SignalTrace } from '../../lstm/signals';
import { copyTaps, openTaps, type SignalSource } from '../../lstm/taps';
import { InputAhead } from '../inputAhead';
import { FloatBlock } from './floatBlock';
import type { FloatRnnParameters } from './floatGruParameters';

/** A simple recurrent layer in float32, or with int8 matrices (hybrid), by SIMD kernels: h = f(W x + R h + b). Source: ONNX, RNN. */
export class FloatRnnRunner implements LstmRunner {
  readonly path: 'float' | 'hybrid';
  readonly inputSize: number;
  readonly cellSize = 0;
  readonly outputSize: number;
  readonly macsPerStep: number;
  readonly signals: readonly SignalSpec[];
  #block: { readonly batch: number; readonly values: FloatBlock } | null = null;

  constructor(readonly parameters: FloatRnnParameters) {
    const { path, sizes, signals } = parameters;
    this.path = path;
    this.inputSize = sizes.input;
    this.outputSize = sizes.hidden;
    this.macsPerStep = sizes.hidden * (sizes.input + sizes.hidden);
    this.signals = signals;
  }

  initialState(batch: number): LstmState {
    return { output: new Float32Array(batch * this.outputSize), cell: new Float32Array(0) };
  }

  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace): SignalArray {
    const { output: h } = state;
    if (!(x instanceof Float32Array) || !(h instanceof Float32Array)) {
      throw new TypeError('A float RNN takes float32 inputs and states.');
    }
    const { gate, activation } = this.parameters;
    const block = this.#blockOf(batch);
    const [stages] = block.stages;
    const y = new Float32Array(steps * h.length);
    if (stages === undefined) return y;
    const named: Partial<Record<SignalSpec['name'], Float32Array>> = {
      a_x: stages.x,
      a_xh: stages.xh,
      a_in: stages.in,
      h: stages.activated,
    };
    const sources = this.signals.flatMap(({ name }): SignalSource[] => {
      const row = named[name];
      return row === undefined ? [] : [{ name, row }];
    });
    const taps = openTaps(sources, trace, steps);
    const ahead = new InputAhead([gate.input], batch, this.outputSize, (length) => new Float32Array(length));
    for (let step = 0; step < steps; step++) {
      ahead.reach(x, step, steps);
      stages.x.set(ahead.of(0, step));
      gate.recurrent.multiply(h, 0, this.outputSize, batch, stages.x, stages.xh);
      block.activate(stages, activation);
      h.set(stages.activated);
      y.set(h, step * h.length);
      copyTaps(taps, step);
    }
    return y;
  }

  #blockOf(batch: number): FloatBlock {
    if (this.#block?.batch !== batch) {
      this.#block = { batch, values: new FloatBlock(1, batch * this.outputSize, this.parameters.gateClip) };
    }
    return this.#block.values;
  }
}
