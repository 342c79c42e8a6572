import { realValues, storedValues, type LstmCell, type PerGate, type Weights } from '../lstmCell';
import type { OperandReader } from '../operandReader';
import type { Gate } from '../signals';

/** Biases as reals; integer ones that carry no scale of their own have the one that the recipe implies. */
export interface RealBias {
  readonly gate: PerGate<Float32Array | null>;
  /** 0 where there is none. */
  readonly projection: Float32Array;
}

export function realBias(cell: LstmCell, reader: OperandReader): RealBias {
  const scaleOf = (weights: Weights | null) => (weights === null ? 0 : reader.affine(weights.tensor).scale);
  const gateBias = (gate: Gate): Float32Array | null => {
    const bias = cell.gateBias[gate];
    if (bias === null) return null;
    const impliedScale = () =>
      cell.layerNorm
        ? scaleOf(cell.layerNormCoefficients[gate]) * 2 ** -10
        : reader.affine(cell.input).scale * scaleOf(cell.inputToGate[gate]);
    return realOf(bias, impliedScale);
  };
  const { projectionBias, projectionWeights, hiddenIntermediate } = cell;
  const impliedProjectionScale = () =>
    (hiddenIntermediate === null ? 1 : reader.affine(hiddenIntermediate).scale) * scaleOf(projectionWeights);
  return {
    gate: { input: gateBias('input'), forget: gateBias('forget'), cell: gateBias('cell'), output: gateBias('output') },
    projection: projectionBias === null ? new Float32Array(cell.sizes.output) : realOf(projectionBias, impliedProjectionScale),
  };
}

function realOf(bias: Weights, impliedScale: () => number): Float32Array {
  const { dtype, quantization } = bias.stored;
  const isBareInteger = (dtype === 'int32' || dtype === 'int64') && (quantization === null || quantization.scales.length === 0);
  if (!isBareInteger) return realValues(bias);
  const scale = impliedScale();
  return Float32Array.from(storedValues(bias) as ArrayLike<number | bigint>, (code) => Number(code) * scale);
}
