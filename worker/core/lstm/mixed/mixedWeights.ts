import { Float32Matrix } from '../../kernels/float32Matrix';
import { realValues, type LstmCell, type PerGate, type Weights } from '../lstmCell';

/** One cell's constants as reals, packed for the float32 kernels; null where the topology has none. */
export interface RealWeights {
  /** [cell, input] */
  readonly input: PerGate<Float32Matrix | null>;
  /** [cell, output] */
  readonly recurrent: PerGate<Float32Matrix | null>;
  /** [cell] */
  readonly peephole: PerGate<Float32Array | null>;
  readonly bias: PerGate<Float32Array | null>;
  readonly norm: PerGate<Float32Array | null>;
  /** [output, cell] */
  readonly projection: Float32Matrix | null;
  readonly projectionBias: Float32Array | null;
}

/** Integers times their scales, float weights as they are. Pauses after every matrix, since packing a large one takes a while. */
export function* realWeights(cell: LstmCell): Generator<void, RealWeights> {
  const { input, output, cell: cells } = cell.sizes;
  return {
    input: yield* matrices(cell.inputToGate, cells, input),
    recurrent: yield* matrices(cell.recurrentToGate, cells, output),
    peephole: vectors(cell.cellToGate),
    bias: vectors(cell.gateBias),
    norm: vectors(cell.layerNormCoefficients),
    projection: yield* matrix(cell.projectionWeights, output, cells),
    projectionBias: vector(cell.projectionBias),
  };
}

function* matrices(
  weights: PerGate<Weights | null>,
  rows: number,
  columns: number,
): Generator<void, PerGate<Float32Matrix | null>> {
  return {
    input: yield* matrix(weights.input, rows, columns),
    forget: yield* matrix(weights.forget, rows, columns),
    cell: yield* matrix(weights.cell, rows, columns),
    output: yield* matrix(weights.output, rows, columns),
  };
}

/** Packed in the order of the columns, with a pause; null where there is none. */
export function* matrix(weights: Weights | null, rows: number, columns: number): Generator<void, Float32Matrix | null> {
  if (weights === null) return null;
  const packed = new Float32Matrix(rows, columns, 'columns');
  packed.setRows(0, realValues(weights));
  yield;
  return packed;
}

function vectors({ input, forget, cell, output }: PerGate<Weights | null>): PerGate<Float32Array | null> {
  return { input: vector(input), forget: vector(forget), cell: vector(cell), output: vector(output) };
}

function vector(weights: Weights | null): Float32Array | null {
  return weights === null ? null : realValues(weights);
}
