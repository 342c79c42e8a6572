import type { FloatActivations, RealMatrix } from '../../lstm/float/floatParameters';
import type { SignalSpec } from '../../lstm/signals';
import type { PerGruGate } from '../gruCell';
import type { InputProduct } from '../inputAhead';

/** One gate's matrices as the float or the hybrid path multiplies them. */
export interface FloatMatrices {
  /** With the bias. */
  readonly input: InputProduct<Float32Array, Float32Array>;
  /** [hidden, hidden] */
  readonly recurrent: RealMatrix;
}

/** What every float or hybrid step of a layer with h as its only state needs. */
export interface FloatLayer {
  readonly path: 'float' | 'hybrid';
  readonly sizes: { readonly input: number; readonly hidden: number };
  /** 0 = off. */
  readonly gateClip: number;
  readonly signals: readonly SignalSpec[];
}

export interface FloatGruParameters extends FloatLayer {
  readonly gates: PerGruGate<FloatMatrices>;
  /** Added to the candidate's recurrent product before r multiplies it; null: r multiplies h before the product. [hidden] */
  readonly resetAfter: { readonly bias: Float32Array } | null;
  readonly activations: { readonly gates: FloatActivations['cell']; readonly candidate: FloatActivations['cell'] };
}

export interface FloatRnnParameters extends FloatLayer {
  readonly gate: FloatMatrices;
  readonly activation: FloatActivations['cell'];
}
