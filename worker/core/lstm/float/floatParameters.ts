import type { LstmSizes } from '../lstmCell';
import type { Gate, SignalSpec } from '../signals';

/** A matrix as the float or the hybrid path multiplies it. */
export interface RealMatrix {
  readonly rows: number;
  readonly columns: number;
  /**
   * y[v, r] = base[v, r] + (w x[v])[r] in float32 for `count` vectors of `columns` values, `stride` apart from `at` on in x.
   * base: [count, rows], or [rows] where it is the same for all. y: [count, rows]; it may be base.
   */
  multiply(x: Float32Array, at: number, stride: number, count: number, base: Float32Array, y: Float32Array): void;
  /** Matrices whose vectors share a quantization: from now on it is the one of all of x, [any number, columns]. */
  cover?(x: Float32Array): void;
}

/** y[k] = f(x[k]) for every value, in float32. */
export type Activation = (x: Float32Array, y: Float32Array) => void;

/** Of i, f and o, of g, and of c on its way to m. The sigmoid and the tanh are the kernels' own. */
export interface FloatActivations {
  readonly gates: 'sigmoid' | 'tanh' | Activation;
  readonly cell: 'sigmoid' | 'tanh' | Activation;
  readonly hidden: 'sigmoid' | 'tanh' | Activation;
}

/** Everything a float or hybrid LSTM step needs; both differ in their matrices only. */
export interface FloatParameters {
  readonly path: 'float' | 'hybrid';
  readonly sizes: LstmSizes;
  /** Gates with weights, in packed order; with CIFG the input gate is not among them. */
  readonly gates: readonly Gate[];
  /** [gates * cell, input] */
  readonly inputMatrix: RealMatrix;
  /** Of the auxiliary input, which follows the input in x; null without. [gates * cell, auxInput] */
  readonly auxInputMatrix: RealMatrix | null;
  /** [gates * cell, output] */
  readonly recurrentMatrix: RealMatrix;
  /** What the matmuls are added to: the gates' biases, or 0 with layer norm. [gates * cell] */
  readonly matmulBase: Float32Array;
  /** The gates' biases where they are added after both matmuls, which are then added to 0; else null. [gates * cell] */
  readonly lateBias: Float32Array | null;
  readonly gate: Readonly<Record<Gate, FloatGate | null>>;
  readonly activations: FloatActivations;
  /** 0 = off. */
  readonly gateClip: number;
  /** 0 = off. */
  readonly cellClip: number;
  readonly projection: FloatProjection | null;
  readonly signals: readonly SignalSpec[];
}

export interface FloatGate {
  /** [cell] */
  readonly peephole: Float32Array | null;
  readonly layerNorm: { readonly coefficients: Float32Array; readonly bias: Float32Array } | null;
}

export interface FloatProjection {
  /** [output, cell] */
  readonly matrix: RealMatrix;
  /** 0 where there is none. [output] */
  readonly bias: Float32Array;
  /** 0 = off. */
  readonly clip: number;
}
