import { sumInt8 } from '../kernels/sumInt8';
import type { Gate } from './signals';
import { storedValues, type PerGate, type Weights } from './lstmCell';
import { elementCount } from '../run/arrays';
import type { Accumulators } from './integer/codeArithmetic';

/** The gates' int8 matrices one after the other: [gates * cell, columns]. Pauses after each. */
export function* packMatrices(
  gates: readonly Gate[],
  matrices: PerGate<Weights | null>,
  valuesPerGate: number,
): Generator<void, Int8Array> {
  const packed = new Int8Array(gates.length * valuesPerGate);
  for (const [position, gate] of gates.entries()) {
    const weights = matrices[gate];
    if (weights !== null) packed.set(int8Values(weights), position * valuesPerGate);
    yield;
  }
  return packed;
}

/** int8 values, to be read only: those in the file where they lie there as they are. Old converters store hybrid ones as uint8. */
export function int8Values(weights: Weights): Int8Array {
  const { dtype, data, sparsity, shape } = weights.stored;
  const count = elementCount(shape);
  if ((dtype === 'int8' || dtype === 'uint8') && data !== null && sparsity === null && data.length >= count) {
    return new Int8Array(data.buffer, data.byteOffset, count);
  }
  const values = storedValues(weights);
  return values instanceof Int8Array ? values : Int8Array.from(values as ArrayLike<number>);
}

/** The gates' biases one after the other into `packed`; int64 ones as numbers. */
export function packBiases(gates: readonly Gate[], biases: PerGate<Weights | null>, packed: Accumulators): void {
  gates.forEach((gate, position) => {
    const weights = biases[gate];
    if (weights === null) return;
    const values = storedValues(weights);
    for (let k = 0; k < values.length; k++) packed[position * values.length + k] = Number(values[k]);
  });
}

/** bias[r] += factor * rowSum(r), in place: a zero point goes into the bias ahead of time. */
export function addRowSums(matrix: Int8Array, columns: number, factor: number, bias: Accumulators): void {
  for (let r = 0; r < bias.length; r++) bias[r]! += factor * sumInt8(matrix, r * columns, columns);
}
