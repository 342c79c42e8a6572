import { INTEGER_RAILS } from '../../model/dtype';
import type { ActivationTable } from '../../quantization/activationTables';
import { MULTIPLY_BY_QUANTIZED_MULTIPLIER, multiplyByQuantizedMultiplierInt64 } from '../../quantization/fixedPoint';
import { quantizeMultiplier, type QuantizedMultiplier } from '../../quantization/quantizeMultiplier';
import { atOnce } from '../../run/atOnce';
import { computedGates, storedValues, type LstmCell } from '../lstmCell';
import type { OperandReader } from '../operandReader';
import type { IntegerPersona } from '../persona';
import type { Gate, SignalSpec } from '../signals';
import { quantizedFormat, signalSpecs } from '../signalSpecs';
import { cellClipCodes, projectionClipCodes } from './clipCodes';
import type { Accumulators, CodeArithmetic, Codes } from './codeArithmetic';
import type { CellProducts, IntegerGate, IntegerLayerNorm, IntegerParameters, IntegerProjection } from './integerParameters';
import {
  ACTIVATION_INPUT_SCALE,
  ACTIVATION_OUTPUT_SCALE,
  effectiveMultiplier,
  readIntegerScales,
  type IntegerScales,
} from './integerScales';
import { addRowSums, int8Values, packBiases, packMatrices } from '../packing';

const ZERO: QuantizedMultiplier = { multiplier: 0, shift: 0 };

/** What all parts of the set-up look at. */
interface SetUp {
  readonly cell: LstmCell;
  readonly persona: IntegerPersona;
  readonly reader: OperandReader;
  readonly scales: IntegerScales;
}

/**
 * An int8 or 16x8 LSTM ready to run: real scales become multipliers, zero points go into biases.
 * Sources: TensorFlow Lite, PopulateQuantizedLstmParams8x8_16; TFLM, PrepareGateParametersInteger.
 * @throws UnsupportedOperatorError when parameters are missing, or the cell's format is outside what the runtime computes
 */
export function prepareInteger<C extends Codes, A extends Accumulators>(
  cell: LstmCell,
  persona: IntegerPersona,
  reader: OperandReader,
  arithmetic: CodeArithmetic<C, A>,
): IntegerParameters<C, A> {
  return atOnce(preparingInteger(cell, persona, reader, arithmetic));
}

/** The same with pauses between its matrices. */
export function* preparingInteger<C extends Codes, A extends Accumulators>(
  cell: LstmCell,
  persona: IntegerPersona,
  reader: OperandReader,
  arithmetic: CodeArithmetic<C, A>,
): Generator<void, IntegerParameters<C, A>> {
  const { sizes } = cell;
  const gates = computedGates(cell);
  return {
    ...(yield* preparingWithoutWeights(cell, persona, reader, arithmetic)),
    inputWeights: yield* packMatrices(gates, cell.inputToGate, sizes.cell * sizes.input),
    recurrentWeights: yield* packMatrices(gates, cell.recurrentToGate, sizes.cell * sizes.output),
  };
}

/** All but the gates' matrices, of which large models have many megabytes. */
export function* preparingWithoutWeights<C extends Codes, A extends Accumulators>(
  cell: LstmCell,
  persona: IntegerPersona,
  reader: OperandReader,
  arithmetic: CodeArithmetic<C, A>,
): Generator<void, Omit<IntegerParameters<C, A>, 'inputWeights' | 'recurrentWeights'>> {
  const scales = readIntegerScales(cell, persona, reader);
  const setUp: SetUp = { cell, persona, reader, scales };
  const { sizes } = cell;
  const gates = computedGates(cell);
  const multiply = MULTIPLY_BY_QUANTIZED_MULTIPLIER[persona.multiplierRounding];
  const inputBias = arithmetic.accumulators(gates.length * sizes.cell);
  const recurrentBias = arithmetic.accumulators(gates.length * sizes.cell);
  if (!cell.layerNorm) packBiases(gates, cell.gateBias, inputBias);
  yield* addGateSums(cell, cell.inputToGate, sizes.input, -scales.input.zeroPoint, inputBias);
  yield* addGateSums(cell, cell.recurrentToGate, sizes.output, -scales.output.zeroPoint, recurrentBias);
  const gateOf = (gate: Gate): IntegerGate | null => (gates.includes(gate) ? prepareGate(gate, setUp) : null);
  return {
    arithmetic,
    sizes,
    gates,
    inputBias,
    recurrentBias,
    gate: { input: gateOf('input'), forget: gateOf('forget'), cell: gateOf('cell'), output: gateOf('output') },
    rescale: arithmetic.dtype === 'int16' ? multiplyByQuantizedMultiplierInt64 : multiply,
    multiply,
    recurrentSaturatesAlone: persona.recurrentSaturatesAlone,
    peepholeWidth: persona.peepholeWidth === 'output' ? sizes.output : sizes.cell,
    rowsTogether: cell.rowsTogether,
    cellProducts: prepareCellProducts(setUp),
    cellClip: cellClipCodes(cell.cellClip, scales.cellScale, persona.cellClipOfZeroCodes),
    cellTanh: persona.activations.tanh(15 + scales.cellExponent),
    hidden: prepareHidden(setUp),
    projection: prepareProjection(setUp, arithmetic),
    outputZeroPoint: scales.output.zeroPoint,
    signals: describeSignals(setUp, arithmetic.dtype),
  };
}

/** The gates' zero points into their effective biases, [gates * cell]; pauses after each. */
function* addGateSums(
  cell: LstmCell,
  matrices: LstmCell['inputToGate'],
  columns: number,
  factor: number,
  bias: Accumulators,
): Generator<void, void> {
  const rows = cell.sizes.cell;
  for (const [position, gate] of computedGates(cell).entries()) {
    const weights = matrices[gate];
    if (weights === null) continue;
    addRowSums(int8Values(weights), columns, factor, bias.subarray(position * rows, (position + 1) * rows));
    yield;
  }
}

function prepareGate(gate: Gate, { cell, persona, reader, scales }: SetUp): IntegerGate {
  const scaleOf = (weights: LstmCell['inputToGate'][Gate]) => (weights === null ? 1 : reader.affine(weights.tensor).scale);
  const gateScale = scales.gate[gate];
  const peephole = cell.cellToGate[gate];
  // The power of two makes the runtime compute this one in float64 and round once.
  const peepholeScale = Math.fround((2 ** scales.cellExponent * scaleOf(peephole)) / gateScale);
  const isTanh = gate === 'cell';
  const { setUpFails } = scales;
  return {
    inputMultiplier: setUpFails ? ZERO : effectiveMultiplier(scaleOf(cell.inputToGate[gate]), scales.input.scale, gateScale),
    recurrentMultiplier: setUpFails
      ? ZERO
      : effectiveMultiplier(scaleOf(cell.recurrentToGate[gate]), scales.output.scale, gateScale),
    peephole:
      peephole === null
        ? null
        : { coefficients: int16Values(peephole), multiplier: setUpFails ? ZERO : quantizeMultiplier(peepholeScale) },
    layerNorm: prepareLayerNorm(gate, cell, reader, setUpFails),
    activation: clippedTable(isTanh ? persona.activations.tanh(3) : persona.activations.sigmoid(), cell.gateClip),
  };
}

/** The activation of Q3.12 values clamped to +-clip, rounded to a code; the table itself where the clip is off, or beyond int16. */
function clippedTable(table: ActivationTable, clip: number): ActivationTable {
  const codes = Math.round(clip / ACTIVATION_INPUT_SCALE);
  if (clip === 0 || codes > 32767) return table;
  return table.map((_, index) => table[Math.min(codes, Math.max(-codes, index - 32768)) + 32768]!);
}

function prepareLayerNorm(gate: Gate, cell: LstmCell, reader: OperandReader, setUpFails: boolean): IntegerLayerNorm | null {
  const coefficients = cell.layerNormCoefficients[gate];
  const bias = cell.gateBias[gate];
  if (coefficients === null || bias === null) return null;
  const { scale } = reader.affine(coefficients.tensor);
  const { multiplier, shift } = setUpFails ? ZERO : quantizeMultiplier(scale);
  return {
    coefficients: int16Values(coefficients),
    bias: Int32Array.from(storedValues(bias) as ArrayLike<number>),
    multiplier: { multiplier, shift: shift + 12 },
    varianceGuard: setUpFails ? 0 : Math.max(1, Math.trunc(Math.fround(10000 * scale))),
  };
}

function prepareCellProducts({ persona, scales }: SetUp): CellProducts {
  if (persona.cellProducts === 'shift') return { kind: 'shift', forgetShift: 15, inputShift: 30 + scales.cellExponent };
  return {
    kind: 'multiplier',
    forget: quantizeMultiplier(ACTIVATION_OUTPUT_SCALE),
    input: quantizeMultiplier(ACTIVATION_OUTPUT_SCALE ** 2 / scales.cellScale),
  };
}

/** Of o * tanh(c), Q0.30: in float32 where m has an intermediate's scale, in float64 where it has the output state's. */
function prepareHidden({ persona, scales: { hidden, setUpFails } }: SetUp): IntegerParameters['hidden'] {
  if (setUpFails) return { ...ZERO, zeroPoint: 0 };
  const effectiveScale = ACTIVATION_OUTPUT_SCALE ** 2 / hidden.scale;
  const rounded = persona.hiddenParameters === 'intermediate' ? Math.fround(effectiveScale) : effectiveScale;
  return { ...quantizeMultiplier(rounded), zeroPoint: hidden.zeroPoint };
}

function prepareProjection<C extends Codes, A extends Accumulators>(
  { cell, persona, reader, scales }: SetUp,
  arithmetic: CodeArithmetic<C, A>,
): IntegerProjection<A> | null {
  const { projectionWeights, projectionBias, sizes } = cell;
  if (projectionWeights === null) return null;
  const weights = int8Values(projectionWeights);
  const bias = arithmetic.accumulators(sizes.output);
  if (projectionBias !== null)
    Int32Array.from(storedValues(projectionBias) as ArrayLike<number>).forEach((value, r) => (bias[r] = value));
  addRowSums(weights, sizes.cell, -scales.hidden.zeroPoint, bias);
  const { scale } = reader.affine(projectionWeights.tensor);
  return {
    weights,
    bias,
    multiplier: scales.setUpFails ? ZERO : effectiveMultiplier(scale, scales.hidden.scale, scales.output.scale),
    zeroPoint: scales.output.zeroPoint,
    clip: projectionClipCodes(
      cell.projectionClip,
      reader.affine(cell.output),
      INTEGER_RAILS[arithmetic.dtype] ?? [0, 0],
      persona.projectionClipCentre,
    ),
  };
}

function describeSignals({ cell, scales }: SetUp, dtype: 'int8' | 'int16'): readonly SignalSpec[] {
  return signalSpecs(cell, {
    gateMatmul: (gate) => quantizedFormat('int16', scales.gate[gate], 0),
    layerNormed: quantizedFormat('int16', ACTIVATION_INPUT_SCALE, 0),
    activated: quantizedFormat('int16', ACTIVATION_OUTPUT_SCALE, 0),
    cell: quantizedFormat('int16', scales.cellScale, 0),
    hidden: quantizedFormat(dtype, scales.hidden.scale, scales.hidden.zeroPoint),
    output: quantizedFormat(dtype, scales.output.scale, scales.output.zeroPoint),
  });
}

function int16Values(weights: NonNullable<LstmCell['cellToGate'][Gate]>): Int16Array {
  return Int16Array.from(storedValues(weights) as ArrayLike<number>);
}
