import type { ActivationTable } from '../../quantization/activationTables';
import type { MultiplyByQuantizedMultiplier } from '../../quantization/fixedPoint';
import type { QuantizedMultiplier } from '../../quantization/quantizeMultiplier';
import type { LstmSizes } from '../lstmCell';
import type { Gate, SignalSpec } from '../signals';
import type { Accumulators, Codes, CodeArithmetic } from './codeArithmetic';

/**
 * Everything an integer LSTM step needs, computed once: packed matrices, effective biases, multipliers. Plain data; how it
 * came about (recipe, persona) no longer matters. Any runner of it gives the same integers.
 * C: type of x, m and h. A: type of accumulators.
 */
export interface IntegerParameters<C extends Codes = Codes, A extends Accumulators = Accumulators> {
  readonly arithmetic: CodeArithmetic<C, A>;
  readonly sizes: LstmSizes;
  /** Gates with weights, in packed order; with CIFG the input gate is not among them. */
  readonly gates: readonly Gate[];
  /** [gates * cell, input] */
  readonly inputWeights: Int8Array;
  /** Effective bias: gate bias (none with layer norm) - zeroPoint(x) * rowSum. [gates * cell] */
  readonly inputBias: A;
  /** [gates * cell, output] */
  readonly recurrentWeights: Int8Array;
  /** Effective bias: -zeroPoint(h) * rowSum. [gates * cell] */
  readonly recurrentBias: A;
  readonly gate: Readonly<Record<Gate, IntegerGate | null>>;
  /** Accumulators of the gates' matmuls and of the projection to their output. */
  readonly rescale: MultiplyByQuantizedMultiplier;
  /** int32 products of int16 values (peephole, cell, hidden) and layer norm to their output. */
  readonly multiply: MultiplyByQuantizedMultiplier;
  readonly recurrentSaturatesAlone: boolean;
  /** Cells of one row that the peephole covers, and whether the rows of a step are laid out together (see `peepholeOfRow`). */
  readonly peepholeWidth: number;
  readonly rowsTogether: boolean;
  readonly cellProducts: CellProducts;
  /** Codes, symmetric about 0; null = off. */
  readonly cellClip: number | null;
  /** Of the cell's own format Qk.(15-k) to Q0.15. */
  readonly cellTanh: ActivationTable;
  /** o * tanh(c), Q0.30, to m. */
  readonly hidden: QuantizedMultiplier & { readonly zeroPoint: number };
  readonly projection: IntegerProjection<A> | null;
  /** Code of real 0 in h. */
  readonly outputZeroPoint: number;
  readonly signals: readonly SignalSpec[];
}

export interface IntegerGate {
  readonly inputMultiplier: QuantizedMultiplier;
  readonly recurrentMultiplier: QuantizedMultiplier;
  readonly peephole: { readonly coefficients: Int16Array; readonly multiplier: QuantizedMultiplier } | null;
  readonly layerNorm: IntegerLayerNorm | null;
  /** Of Q3.12. */
  readonly activation: ActivationTable;
}

export interface IntegerLayerNorm {
  /** [cell] */
  readonly coefficients: Int16Array;
  /** Scale s_coefficient * 2^-10. [cell] */
  readonly bias: Int32Array;
  /** Of the coefficients' scale, with the 2^12 of Q3.12 in its shift. */
  readonly multiplier: QuantizedMultiplier;
  /** Taken as variance where it comes out below 1. */
  readonly varianceGuard: number;
}

/** f*c and i*g, Q0.15 times the cell's format or Q0.15, to the cell's format. */
export type CellProducts =
  | { readonly kind: 'shift'; readonly forgetShift: number; readonly inputShift: number }
  | { readonly kind: 'multiplier'; readonly forget: QuantizedMultiplier; readonly input: QuantizedMultiplier };

export interface IntegerProjection<A extends Accumulators = Accumulators> {
  /** [output, cell] */
  readonly weights: Int8Array;
  /** Effective bias. [output] */
  readonly bias: A;
  readonly multiplier: QuantizedMultiplier;
  readonly zeroPoint: number;
  /** Codes that h is clamped to; null = off. */
  readonly clip: readonly [low: number, high: number] | null;
}
