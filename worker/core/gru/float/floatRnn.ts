import type { SignalName } from '../../lstm/signals';
import type { SignalSource } from '../../lstm/taps';
import type { HiddenArithmetic, HiddenBlock } from '../hiddenRunner';
import { FloatBlock } from './floatBlock';
import { FloatHidden } from './floatHidden';
import type { FloatRnnParameters } from './floatGruParameters';

/** A simple recurrent layer in float32, or with int8 matrices (hybrid), by SIMD kernels: h = f(W x + R h + b). Source: ONNX, RNN. */
export class FloatRnn extends FloatHidden implements HiddenArithmetic<Float32Array, Float32Array> {
  constructor(private readonly parameters: FloatRnnParameters) {
    super(parameters, [parameters.gate]);
  }

  open(batch: number): HiddenBlock<Float32Array, Float32Array> {
    return new RnnBlock(this.parameters, batch);
  }
}

class RnnBlock extends FloatBlock implements HiddenBlock<Float32Array, Float32Array> {
  readonly sources: readonly SignalSource[];

  constructor(
    private readonly parameters: FloatRnnParameters,
    private readonly batch: number,
  ) {
    super(1, batch * parameters.sizes.hidden, parameters.gateClip);
    const { x, xh, in: clipped, activated } = this.stages[0]!;
    const rows: Partial<Record<SignalName, Float32Array>> = { a_x: x, a_xh: xh, a_in: clipped, h: activated };
    this.sources = parameters.signals.flatMap(({ name }) => {
      const row = rows[name];
      return row === undefined ? [] : [{ name, row }];
    });
  }

  step(h: Float32Array): void {
    const { gate, sizes, activation } = this.parameters;
    const stages = this.stages[0]!;
    gate.recurrent.multiply(h, 0, sizes.hidden, this.batch, stages.x, stages.xh);
    this.activateBy(stages, activation);
    h.set(stages.activated);
  }
}
