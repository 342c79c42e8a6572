import type { LstmRunner, LstmState } from '../lstm/lstmRunner';
import type { SignalArray, SignalSpec, SignalTrace } from '../lstm/signals';
import { copyTaps, openTaps, type SignalSource } from '../lstm/taps';
import { InputAhead, type InputProduct } from './inputAhead';

/**
 * What a layer whose only state is h computes with.
 * V: x and h. S: sums of products.
 */
export interface HiddenArithmetic<V extends SignalArray, S extends Float32Array | Int32Array> {
  readonly path: LstmRunner['path'];
  readonly sizes: { readonly input: number; readonly hidden: number };
  readonly signals: readonly SignalSpec[];
  /** Products with x, one for each gate. */
  readonly inputs: readonly InputProduct<V, S>[];
  /** Real zeros. */
  zeros(length: number): V;
  sums(length: number): S;
  takes(values: SignalArray): values is V;
  /** Places for every value of a step of `batch` rows. */
  open(batch: number): HiddenBlock<V, S>;
}

/** One step over one number of batch rows. */
export interface HiddenBlock<V, S> {
  /** Where signals are to be found after a step. */
  readonly sources: readonly SignalSource[];
  /** Takes a gate's products with x, bias included: [batch, hidden]. */
  takeInput(gate: number, sums: S): void;
  /** Once all gates have their inputs: h becomes the new one, [batch, hidden]. */
  step(h: V): void;
}

/** GRUs and simple recurrent layers, in any arithmetic: the loop over steps, the products with x ahead of it, and the trace. */
export class HiddenRunner<V extends SignalArray, S extends Float32Array | Int32Array> implements LstmRunner {
  readonly path: LstmRunner['path'];
  readonly inputSize: number;
  readonly cellSize = 0;
  readonly outputSize: number;
  readonly macsPerStep: number;
  readonly signals: readonly SignalSpec[];
  #open: { readonly batch: number; readonly block: HiddenBlock<V, S> } | null = null;

  constructor(private readonly arithmetic: HiddenArithmetic<V, S>) {
    const { path, sizes, signals, inputs } = arithmetic;
    this.path = path;
    this.inputSize = sizes.input;
    this.outputSize = sizes.hidden;
    this.macsPerStep = inputs.length * sizes.hidden * (sizes.input + sizes.hidden);
    this.signals = signals;
  }

  initialState(batch: number): LstmState {
    return { output: this.arithmetic.zeros(batch * this.outputSize), cell: new Float32Array(0) };
  }

  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace): SignalArray {
    const { arithmetic } = this;
    const { output: h } = state;
    if (!arithmetic.takes(x) || !arithmetic.takes(h)) {
      throw new TypeError(`On the ${this.path} path this layer does not take ${x.constructor.name} and ${h.constructor.name}.`);
    }
    const block = this.#blockOf(batch);
    const taps = openTaps(block.sources, trace, steps);
    const ahead = new InputAhead(arithmetic.inputs, batch, this.outputSize, (length) => arithmetic.sums(length));
    const y = arithmetic.zeros(steps * h.length);
    for (let step = 0; step < steps; step++) {
      ahead.reach(x, step, steps);
      for (let gate = 0; gate < arithmetic.inputs.length; gate++) block.takeInput(gate, ahead.of(gate, step));
      block.step(h);
      y.set(h, step * h.length);
      copyTaps(taps, step);
    }
    return y;
  }

  #blockOf(batch: number): HiddenBlock<V, S> {
    if (this.#open?.batch !== batch) this.#open = { batch, block: this.arithmetic.open(batch) };
    return this.#open.block;
  }
}
