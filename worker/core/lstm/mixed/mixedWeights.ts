import { realValues, type LstmCell, type PerGate, type Weights } from '../lstmCell';
import type { Gate } from '../signals';

/** One cell's constants as reals in float64; null where the topology has none. */
export interface RealWeights {
  /** [cell, input] */
  readonly input: PerGate<Float64Array | null>;
  /** [cell, output] */
  readonly recurrent: PerGate<Float64Array | null>;
  /** [cell] */
  readonly peephole: PerGate<Float64Array | null>;
  readonly bias: PerGate<Float64Array | null>;
  readonly norm: PerGate<Float64Array | null>;
  /** [output, cell] */
  readonly projection: Float64Array | null;
  readonly projectionBias: Float64Array | null;
}

/** Integers times their scales, float weights as they are. */
export function realWeights(cell: LstmCell): RealWeights {
  const perGate = (weights: PerGate<Weights | null>): PerGate<Float64Array | null> => ({
    input: reals(weights.input),
    forget: reals(weights.forget),
    cell: reals(weights.cell),
    output: reals(weights.output),
  });
  return {
    input: perGate(cell.inputToGate),
    recurrent: perGate(cell.recurrentToGate),
    peephole: perGate(cell.cellToGate),
    bias: perGate(cell.gateBias),
    norm: perGate(cell.layerNormCoefficients),
    projection: reals(cell.projectionWeights),
    projectionBias: reals(cell.projectionBias),
  };
}

function reals(weights: Weights | null): Float64Array | null {
  return weights === null ? null : Float64Array.from(realValues(weights));
}

/** out[r] = sum over k of matrix[r, k] * vector[at + k]; four rows at a time, since a row alone waits for its own additions. */
export function multiplyInto(matrix: Float64Array, vector: Float64Array, at: number, depth: number, out: Float64Array): void {
  const rows = out.length;
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const a = r * depth;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let k = 0; k < depth; k++) {
      const v = vector[at + k]!;
      s0 += matrix[a + k]! * v;
      s1 += matrix[a + depth + k]! * v;
      s2 += matrix[a + 2 * depth + k]! * v;
      s3 += matrix[a + 3 * depth + k]! * v;
    }
    out[r] = s0;
    out[r + 1] = s1;
    out[r + 2] = s2;
    out[r + 3] = s3;
  }
  for (; r < rows; r++) {
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += matrix[r * depth + k]! * vector[at + k]!;
    out[r] = sum;
  }
}

/**
 * The input's share of every gate, which does not depend on the state: W x, plus the bias unless layer norm comes between.
 * @param x reals, [steps * batch, input]
 * @returns [steps * batch, cell] per gate
 */
export function inputProducts(cell: LstmCell, weights: RealWeights, x: Float64Array, rows: number): PerGate<Float64Array | null> {
  const { input: depth, cell: cells } = cell.sizes;
  const product = (gate: Gate): Float64Array | null => {
    const matrix = weights.input[gate];
    if (matrix === null) return null;
    const bias = cell.layerNorm ? null : weights.bias[gate];
    const out = new Float64Array(rows * cells);
    for (let row = 0; row < rows; row++) {
      const slot = out.subarray(row * cells, (row + 1) * cells);
      multiplyInto(matrix, x, row * depth, depth, slot);
      if (bias !== null) for (let k = 0; k < cells; k++) slot[k]! += bias[k]!;
    }
    return out;
  };
  return { input: product('input'), forget: product('forget'), cell: product('cell'), output: product('output') };
}
