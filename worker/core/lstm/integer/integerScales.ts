import { powerOfTwoExponent, quantizeMultiplier, type QuantizedMultiplier } from '../../quantization/quantizeMultiplier';
import type { LstmCell } from '../lstmCell';
import type { OperandReader } from '../operandReader';
import type { IntegerPersona } from '../persona';
import type { Gate } from '../signals';

/** Q3.12, the activations' input. */
export const ACTIVATION_INPUT_SCALE = 2 ** -12;
/** Q0.15, the activations' output. */
export const ACTIVATION_OUTPUT_SCALE = 2 ** -15;

/** Scales and zero points that an integer cell's parameters are computed from. */
export interface IntegerScales {
  readonly input: { readonly scale: number; readonly zeroPoint: number };
  /** Of h and, without an intermediate, of m. */
  readonly output: { readonly scale: number; readonly zeroPoint: number };
  readonly cellScale: number;
  /** log2 of the cell's scale: -15..-9 for Q0.15 to Q6.9. */
  readonly cellExponent: number;
  /** Result of a gate's matmuls: Q3.12, or calibrated with layer norm. */
  readonly gate: Readonly<Record<Gate, number>>;
  /** m; the zero point as m is stored, which a runtime may have negated. */
  readonly hidden: { readonly scale: number; readonly zeroPoint: number };
  /** A gate's intermediate lacks its scale and the runtime's set-up fails on it: all multipliers stay 0. */
  readonly setUpFails: boolean;
}

/**
 * @throws UnsupportedOperatorError when a scale is missing, or one per channel, or the cell's scale is no power of two
 */
export function readIntegerScales(cell: LstmCell, persona: IntegerPersona, reader: OperandReader): IntegerScales {
  const output = reader.affine(cell.outputState);
  const cellScale = reader.affine(cell.cellState).scale;
  const cellExponent = powerOfTwoExponent(cellScale);
  if (cellExponent === null)
    throw reader.refusal(`the cell state's scale is ${cellScale}; the runtime computes with powers of two only`);
  const [low, high] = persona.cellExponents;
  if (cellExponent < low || cellExponent > high) {
    throw reader.refusal(`the cell state's scale is 2^${cellExponent}; the runtime takes 2^${low} to 2^${high}`);
  }
  const storedGateScale = (gate: Gate) => cell.gateIntermediate[gate]?.quantization?.scales[0];
  const gateScale = (gate: Gate) => (cell.layerNorm ? (storedGateScale(gate) ?? ACTIVATION_INPUT_SCALE) : ACTIVATION_INPUT_SCALE);
  const lacksGateScale =
    cell.layerNorm && (['input', 'forget', 'cell', 'output'] as const).some((gate) => storedGateScale(gate) === undefined);
  return {
    input: reader.affine(cell.input),
    output,
    cellScale,
    cellExponent,
    gate: { input: gateScale('input'), forget: gateScale('forget'), cell: gateScale('cell'), output: gateScale('output') },
    hidden: hiddenParameters(cell, persona, reader, output),
    setUpFails: lacksGateScale && persona.missingGateScale === 'constant-output',
  };
}

function hiddenParameters(
  cell: LstmCell,
  persona: IntegerPersona,
  reader: OperandReader,
  output: IntegerScales['output'],
): IntegerScales['hidden'] {
  if (persona.hiddenParameters === 'output-state') return output;
  if (cell.hiddenIntermediate === null)
    throw reader.refusal('an integer LSTM has 5 intermediate tensors; the hidden value (intermediate 4) is missing');
  const { scale, zeroPoint } = reader.affine(cell.hiddenIntermediate);
  const { negatedHiddenZeroPoint } = persona;
  const isNegated = negatedHiddenZeroPoint === 'always' || (negatedHiddenZeroPoint === 'with-projection' && cell.projection);
  return { scale, zeroPoint: isNegated ? -zeroPoint : zeroPoint };
}

/** first * second / result in float32, each operation rounded, as the runtimes compute an effective scale. */
export function effectiveMultiplier(first: number, second: number, result: number): QuantizedMultiplier {
  return quantizeMultiplier(Math.fround(Math.fround(first * second) / result));
}
