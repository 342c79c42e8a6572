import type { SignalSource } from '../../lstm/taps';
import { GRU_GATES } from '../gruCell';
import { gruSources } from '../gruSources';
import { CANDIDATE, gruStep, RESET, UPDATE } from '../gruStep';
import type { HiddenArithmetic, HiddenBlock } from '../hiddenRunner';
import { FloatBlock } from './floatBlock';
import { FloatHidden } from './floatHidden';
import type { FloatGruParameters, FloatMatrices } from './floatGruParameters';

/** A GRU in float32, or with int8 matrices (hybrid), by SIMD kernels. */
export class FloatGru extends FloatHidden implements HiddenArithmetic<Float32Array, Float32Array> {
  constructor(private readonly parameters: FloatGruParameters) {
    super(
      parameters,
      GRU_GATES.map((gate) => parameters.gates[gate]),
    );
  }

  open(batch: number): HiddenBlock<Float32Array, Float32Array> {
    return new GruBlock(this.parameters, this.gates, batch);
  }
}

/** Every value of a step, [batch, hidden] each. */
class GruBlock extends FloatBlock implements HiddenBlock<Float32Array, Float32Array> {
  readonly sources: readonly SignalSource[];
  readonly #rh: Float32Array;
  readonly #nh: Float32Array;
  readonly #nrh: Float32Array;
  readonly #h: Float32Array;

  constructor(
    private readonly parameters: FloatGruParameters,
    private readonly gates: readonly FloatMatrices[],
    private readonly batch: number,
  ) {
    const length = batch * parameters.sizes.hidden;
    super(GRU_GATES.length, length, parameters.gateClip);
    const [rh, nh, nrh, h] = [0, 1, 2, 3].map(() => new Float32Array(length)) as [Float32Array, Float32Array, Float32Array, Float32Array]; // prettier-ignore
    [this.#rh, this.#nh, this.#nrh, this.#h] = [rh, nh, nrh, h];
    this.sources = gruSources(parameters.signals, { stages: this.stages, rh, nh, nrh, h });
  }

  step(h: Float32Array): void {
    gruStep(this, this.parameters.resetAfter !== null, h);
  }

  addRecurrent(gate: number, h: Float32Array): void {
    const { x, xh } = this.stages[gate]!;
    this.gates[gate]!.recurrent.multiply(h, 0, this.parameters.sizes.hidden, this.batch, x, xh);
  }

  activate(gate: number): void {
    const { activations } = this.parameters;
    this.activateBy(this.stages[gate]!, gate === CANDIDATE ? activations.candidate : activations.gates);
  }

  resetBefore(h: Float32Array): Float32Array {
    multiply(this.stages[RESET]!.activated, h, this.#rh);
    return this.#rh;
  }

  resetAfter(h: Float32Array): void {
    const { resetAfter, sizes } = this.parameters;
    const [nh, nrh] = [this.#nh, this.#nrh];
    if (resetAfter !== null) this.gates[CANDIDATE]!.recurrent.multiply(h, 0, sizes.hidden, this.batch, resetAfter.bias, nh);
    multiply(this.stages[RESET]!.activated, nh, nrh);
    const { x, xh } = this.stages[CANDIDATE]!;
    for (let k = 0; k < xh.length; k++) xh[k] = x[k]! + nrh[k]!;
  }

  mix(h: Float32Array): void {
    mix(this.stages[UPDATE]!.activated, this.stages[CANDIDATE]!.activated, h);
    this.#h.set(h);
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
