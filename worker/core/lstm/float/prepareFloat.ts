import { int8Values, packMatrices } from '../packing';
import type { FloatSums } from '../../run/graphRunner';
import { computedGates, realValues, type LstmCell, type PerGate, type Weights } from '../lstmCell';
import type { OperandReader } from '../operandReader';
import type { Gate } from '../signals';
import { FLOAT_FORMATS, signalSpecs } from '../signalSpecs';
import { realBias } from './realBias';
import { floatMatrix, hybridMatrix } from './realMatrix';
import type { FloatActivations, FloatGate, FloatParameters, RealMatrix } from './floatParameters';
import { namedActivation } from './namedActivations';

export type Packer = (matrices: PerGate<Weights | null>, columns: number) => Generator<void, RealMatrix>;

/**
 * A float LSTM ready to run, with a pause after every matrix. Integer weights and biases are dequantized, whatever the operator's
 * own arithmetic.
 * @throws UnsupportedOperatorError when the activation is unknown, or scales are missing
 */
export function* preparingFloat(
  cell: LstmCell,
  reader: OperandReader,
  sums: FloatSums | undefined,
): Generator<void, FloatParameters> {
  const { sizes, projectionWeights } = cell;
  const gates = computedGates(cell);
  const pack: Packer = (matrices, columns) =>
    floatMatrix(
      gates.flatMap((gate) => matrices[gate] ?? []).map((weights) => () => realValues(weights)),
      sizes.cell,
      columns,
      sums,
    );
  const projection =
    projectionWeights === null ? null : yield* floatMatrix([() => realValues(projectionWeights)], sizes.output, sizes.cell, sums);
  return yield* preparing(cell, reader, 'float', pack, projection);
}

/**
 * A hybrid LSTM ready to run, with pauses: int8 matrices and peepholes, the rest float.
 * @throws UnsupportedOperatorError as `preparingFloat`
 */
export function* preparingHybrid(cell: LstmCell, reader: OperandReader): Generator<void, FloatParameters> {
  const { sizes, asymmetricQuantizeInputs: asymmetric } = cell;
  const gates = computedGates(cell);
  const scaleOf = (weights: Weights | null) => (weights === null ? 0 : reader.affine(weights.tensor).scale);
  const pack: Packer = function* (matrices, columns) {
    const scales = new Float32Array(gates.length * sizes.cell);
    gates.forEach((gate, position) => scales.fill(scaleOf(matrices[gate]), position * sizes.cell, (position + 1) * sizes.cell));
    const packed = yield* packMatrices(gates, matrices, sizes.cell * columns);
    return yield* hybridMatrix(packed, columns, scales, asymmetric);
  };
  const projection =
    cell.projectionWeights === null
      ? null
      : yield* hybridMatrix(
          int8Values(cell.projectionWeights),
          sizes.cell,
          new Float32Array(sizes.output).fill(scaleOf(cell.projectionWeights)),
          asymmetric,
        );
  return yield* preparing(cell, reader, 'hybrid', pack, projection);
}

/** What all three have in common. */
export function* preparing(
  cell: LstmCell,
  reader: OperandReader,
  path: 'float' | 'hybrid',
  pack: Packer,
  projection: RealMatrix | null,
): Generator<void, FloatParameters> {
  const { sizes } = cell;
  const gates = computedGates(cell);
  const activationOf = (name: string): FloatActivations['cell'] => {
    const activation = namedActivation(name);
    if (activation === null) throw reader.refusal(`activation ${name} is not supported`);
    return activation;
  };
  const biases = realBias(cell, reader);
  const matmulBase = new Float32Array(gates.length * sizes.cell);
  if (!cell.layerNorm) gates.forEach((gate, position) => matmulBase.set(biases.gate[gate] ?? [], position * sizes.cell));
  const gateOf = (gate: Gate): FloatGate | null => {
    if (!gates.includes(gate)) return null;
    const peephole = cell.cellToGate[gate];
    const coefficients = cell.layerNormCoefficients[gate];
    const bias = biases.gate[gate];
    return {
      peephole: peephole === null ? null : realValues(peephole),
      layerNorm: coefficients === null || bias === null ? null : { coefficients: realValues(coefficients), bias },
    };
  };
  return {
    path,
    sizes,
    gates,
    inputMatrix: yield* pack(cell.inputToGate, sizes.input),
    auxInputMatrix: sizes.auxInput > 0 ? yield* pack(cell.auxInputToGate, sizes.auxInput) : null,
    recurrentMatrix: yield* pack(cell.recurrentToGate, sizes.output),
    matmulBase,
    lateBias: null,
    gate: { input: gateOf('input'), forget: gateOf('forget'), cell: gateOf('cell'), output: gateOf('output') },
    activations: {
      gates: activationOf(cell.activations.gates),
      cell: activationOf(cell.activations.cell),
      hidden: activationOf(cell.activations.hidden),
    },
    gateClip: cell.gateClip,
    cellClip: cell.cellClip,
    projection: projection === null ? null : { matrix: projection, bias: biases.projection, clip: cell.projectionClip },
    signals: signalSpecs(cell, FLOAT_FORMATS),
  };
}
