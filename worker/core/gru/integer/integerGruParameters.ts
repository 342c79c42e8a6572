import type { ActivationTable } from '../../quantization/activationTables';
import type { MultiplyByQuantizedMultiplier } from '../../quantization/fixedPoint';
import type { QuantizedMultiplier } from '../../quantization/quantizeMultiplier';
import type { SignalSpec } from '../../lstm/signals';
import type { PerGruGate } from '../gruCell';
import type { InputProduct } from '../inputAhead';

/** int8 weights times int8 values with the effective bias, in int32: exact up to 2^15 columns. */
export type IntegerProduct = InputProduct<Int8Array, Int32Array>;

export interface IntegerGruGate {
  /** [hidden, input]; effective bias: bias - zeroPoint(x) * rowSum. */
  readonly input: IntegerProduct;
  /** [hidden, hidden]; effective bias: -zeroPoint(h) * rowSum, and the candidate's own one where reset comes after it. */
  readonly recurrent: IntegerProduct;
  /** To Q3.12. */
  readonly inputMultiplier: QuantizedMultiplier;
  readonly recurrentMultiplier: QuantizedMultiplier;
}

/** Everything that a step of an int8 GRU needs, computed once. */
export interface IntegerGruParameters {
  readonly sizes: { readonly input: number; readonly hidden: number };
  readonly gates: PerGruGate<IntegerGruGate>;
  readonly linearBeforeReset: boolean;
  /** Q3.12 codes that what is activated is clamped to, symmetric about 0; null = off. */
  readonly clip: number | null;
  /** Of Q3.12, to Q0.15. */
  readonly sigmoid: ActivationTable;
  readonly tanh: ActivationTable;
  readonly multiply: MultiplyByQuantizedMultiplier;
  /** The recurrent product saturates at int16 on its own before it is added. */
  readonly recurrentSaturatesAlone: boolean;
  /** Code of real 0 in h. */
  readonly zeroPoint: number;
  /** h - zeroPoint to Q0.15. */
  readonly toQ15: QuantizedMultiplier;
  /** Q0.30 to h - zeroPoint. */
  readonly fromQ30: QuantizedMultiplier;
  readonly signals: readonly SignalSpec[];
}
