import type { FloatSums } from '../../run/graphRunner';
import type { RealMatrix } from '../../lstm/float/floatParameters';
import { namedActivation } from '../../lstm/float/namedActivations';
import { floatMatrix, hybridMatrix } from '../../lstm/float/realMatrix';
import { realValues, type Weights } from '../../lstm/lstmCell';
import type { OperandReader } from '../../lstm/operandReader';
import { int8Values } from '../../lstm/packing';
import type { GateWeights, GruCell, RnnCell } from '../gruCell';
import { FLOAT_HIDDEN_FORMATS, gruSignals, rnnSignals } from '../hiddenSignals';
import type { FloatGruParameters, FloatMatrices, FloatRnnParameters } from './floatGruParameters';

/** What decides how matrices are multiplied. */
interface Packing {
  readonly reader: OperandReader;
  /** int8 matrices stay int8, and x and h are quantized on the fly; else they are dequantized. */
  readonly isHybrid: boolean;
  readonly isAsymmetric: boolean;
  readonly sums: FloatSums | undefined;
}

/**
 * A float GRU ready to run, with a pause after every matrix.
 * @param isHybrid whether int8 matrices stay int8
 * @throws UnsupportedOperatorError when an activation is unknown
 */
export function* preparingFloatGru(
  cell: GruCell,
  reader: OperandReader,
  isHybrid: boolean,
  sums: FloatSums | undefined,
): Generator<void, FloatGruParameters> {
  const { sizes, gateClip, gates, recurrentCandidateBias, activations } = cell;
  const packing = { reader, isHybrid, isAsymmetric: cell.asymmetricQuantizeInputs, sums };
  return {
    path: isHybrid ? 'hybrid' : 'float',
    sizes,
    gateClip,
    signals: gruSignals(cell, FLOAT_HIDDEN_FORMATS),
    gates: {
      update: yield* packGate(gates.update, sizes, packing),
      reset: yield* packGate(gates.reset, sizes, packing),
      candidate: yield* packGate(gates.candidate, sizes, packing),
    },
    resetAfter: cell.linearBeforeReset ? { bias: biasOf(recurrentCandidateBias, sizes.hidden) } : null,
    activations: { gates: activationOf(activations.gates, reader), candidate: activationOf(activations.candidate, reader) },
  };
}

/** The same for a simple recurrent layer. */
export function* preparingFloatRnn(
  cell: RnnCell,
  reader: OperandReader,
  isHybrid: boolean,
  sums: FloatSums | undefined,
): Generator<void, FloatRnnParameters> {
  const { sizes, gateClip } = cell;
  return {
    path: isHybrid ? 'hybrid' : 'float',
    sizes,
    gateClip,
    signals: rnnSignals(cell, FLOAT_HIDDEN_FORMATS),
    gate: yield* packGate(cell.gate, sizes, { reader, isHybrid, isAsymmetric: cell.asymmetricQuantizeInputs, sums }),
    activation: activationOf(cell.activation, reader),
  };
}

function activationOf(name: string, reader: OperandReader) {
  const activation = namedActivation(name);
  if (activation === null) throw reader.refusal(`activation ${name} is not supported`);
  return activation;
}

function* packGate(
  { input, recurrent, bias }: GateWeights,
  sizes: GruCell['sizes'],
  packing: Packing,
): Generator<void, FloatMatrices> {
  const matrix = yield* packMatrix(input, sizes.hidden, sizes.input, packing);
  const base = biasOf(bias, sizes.hidden);
  const { columns } = matrix;
  return {
    input: { columns, multiply: (x, at, count, y) => matrix.multiply(x, at, columns, count, base, y) },
    recurrent: yield* packMatrix(recurrent, sizes.hidden, sizes.hidden, packing),
  };
}

function* packMatrix(weights: Weights, rows: number, columns: number, packing: Packing): Generator<void, RealMatrix> {
  const { dtype, quantization } = weights.tensor;
  if (!packing.isHybrid || dtype !== 'int8') return yield* floatMatrix([() => realValues(weights)], rows, columns, packing.sums);
  const scales = new Float32Array(rows);
  const stored = quantization?.scales ?? new Float32Array(0);
  if (stored.length !== 1 && (stored.length !== rows || quantization?.axis !== 0)) {
    throw packing.reader.refusal(`${weights.tensor.name} has ${stored.length} scales; one, or one for each row, is needed`);
  }
  if (stored.length === 1) scales.fill(stored[0] ?? 0);
  else scales.set(stored);
  return yield* hybridMatrix(int8Values(weights), columns, scales, packing.isAsymmetric);
}

function biasOf(bias: Weights | null, hidden: number): Float32Array {
  return bias === null ? new Float32Array(hidden) : realValues(bias);
}
