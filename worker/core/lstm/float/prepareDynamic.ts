import { computedGates, type LstmCell, type PerGate, type Weights } from '../lstmCell';
import type { OperandReader } from '../operandReader';
import { int8Values } from '../packing';
import { dynamicMatrix } from './dynamicMatrix';
import type { FloatActivations, FloatParameters } from './floatParameters';
import { mlasSigmoid, mlasTanh } from './mlasActivations';
import { preparing, type Packer } from './prepareFloat';

/**
 * An LSTM of integer matrices whose inputs are quantized to uint8 on the fly, as ONNX Runtime's DynamicQuantizeLSTM computes it: its
 * order of float operations and its activations, so that every code is the same. With a peephole the bias is added before it, not after.
 * Pauses after every matrix.
 * @throws UnsupportedOperatorError when scales are missing or an activation is unknown
 */
export function* preparingDynamic(cell: LstmCell, reader: OperandReader): Generator<void, FloatParameters> {
  const { cell: cells } = cell.sizes;
  const gates = computedGates(cell);
  const pack: Packer = function* (matrices, columns) {
    const scales = new Float32Array(gates.length * cells);
    const codes = new Int8Array(scales.length * columns);
    for (const [position, gate] of gates.entries()) {
      scales.set(scalesOf(matrices, gate, cells, reader), position * cells);
      codes.set(asInt8(matrices[gate]), position * cells * columns);
      yield;
    }
    return yield* dynamicMatrix(codes, columns, scales, zeroPointOf(matrices));
  };
  if (cell.projection) throw reader.refusal('with weights that are quantized dynamically there is no projection');
  const parameters = yield* preparing(cell, reader, 'hybrid', pack, null);
  const { gates: gateActivation, cell: cellActivation, hidden } = parameters.activations;
  return {
    ...parameters,
    matmulBase: new Float32Array(parameters.matmulBase.length),
    lateBias: parameters.matmulBase,
    activations: { gates: ofMlas(gateActivation), cell: ofMlas(cellActivation), hidden: ofMlas(hidden) },
  };
}

function ofMlas(activation: FloatActivations['cell']): FloatActivations['cell'] {
  return activation === 'sigmoid' ? mlasSigmoid : activation === 'tanh' ? mlasTanh : activation;
}

/** Of each row. */
function scalesOf(
  matrices: PerGate<Weights | null>,
  gate: keyof typeof matrices,
  rows: number,
  reader: OperandReader,
): Float32Array {
  const { tensor } = matrices[gate] ?? {};
  const scales = tensor?.quantization?.scales ?? new Float32Array(0);
  if (scales.length !== 1 && scales.length !== rows) {
    throw reader.refusal(`${tensor?.name ?? `the ${gate} weights`} has ${scales.length} scales for ${rows} rows`);
  }
  return scales.length === rows ? scales : new Float32Array(rows).fill(scales[0] ?? 0);
}

/** All gates of a matrix have the same one. As int8. */
function zeroPointOf({ output }: PerGate<Weights | null>): number {
  const zeroPoint = output?.tensor.quantization?.zeroPoints[0] ?? 0;
  return output?.stored.dtype === 'uint8' ? zeroPoint - 128 : zeroPoint;
}

/** uint8 codes 128 lower. */
function asInt8(weights: Weights | null): Int8Array {
  if (weights === null) return new Int8Array(0);
  const codes = int8Values(weights);
  return weights.stored.dtype === 'uint8' ? codes.map((code) => code ^ -128) : codes;
}
