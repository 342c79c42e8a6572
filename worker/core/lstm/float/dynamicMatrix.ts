import { Int8Matrix, VECTORS } from '../../kernels/int8Matrix';
import { roundHalfToEven } from '../../quantization/affine';
import { addRowSums } from '../packing';
import type { RealMatrix } from './floatParameters';

/** How reals become uint8 codes: one scale and zero point for all vectors of a product. */
interface Parameters {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** int8 codes are what the kernels multiply: codes, and the zero points of both sides, are taken 128 lower. */
const SHIFT = 128;

/**
 * An int8 or uint8 matrix times vectors that are quantized to uint8 on the fly, all of them with the same scale and zero point; the dot
 * products are int32, each is multiplied by the float32 product of both scales and added to the base in float32. Packs with pauses.
 * Source: ONNX Runtime, core/providers/cpu/rnn/rnn_helpers.cc (ComputeGemm), core/util/qmath.h (GetQuantizationParameter), on one thread:
 * with more it cuts batches apart, and quantizes each part by itself.
 * @param weights [rows, columns], as int8: uint8 codes 128 lower
 * @param scales of each row's weights
 * @param zeroPoint of the weights, as int8
 */
export function* dynamicMatrix(
  weights: Int8Array,
  columns: number,
  scales: Float32Array,
  zeroPoint: number,
): Generator<void, RealMatrix> {
  const rows = scales.length;
  const matrix = yield* Int8Matrix.preparing(weights, rows, columns);
  const rowSums = new Int32Array(rows);
  addRowSums(weights, columns, 1, rowSums);
  const codeSums = new Float64Array(VECTORS);
  const factors = new Float32Array(rows);
  let covered: Parameters | null = null;
  return {
    rows,
    columns,
    cover: (x) => {
      covered = parametersOf(x, 0, columns, x.length / columns, columns);
    },
    multiply: (x, at, stride, count, base, y) => {
      const parameters = covered ?? parametersOf(x, at, stride, count, columns);
      const offset = parameters.zeroPoint - SHIFT;
      for (let r = 0; r < rows; r++) factors[r] = parameters.scale * scales[r]!;
      const baseStride = base.length === rows ? 0 : rows;
      for (let first = 0; first < count; first += VECTORS) {
        const vectors = Math.min(VECTORS, count - first);
        for (let v = 0; v < vectors; v++) {
          codeSums[v] = quantizeRoundHalfToEven(x, at + (first + v) * stride, parameters, matrix.codes(v));
        }
        matrix.multiply(vectors);
        for (let v = 0; v < vectors; v++) {
          const dots = matrix.dots(v);
          const to = (first + v) * rows;
          const from = (first + v) * baseStride;
          // sum of (code - offset) * (weight - zeroPoint), whole numbers throughout
          const ofCodes = zeroPoint * (codeSums[v]! - columns * offset);
          for (let r = 0; r < rows; r++) {
            const dot = Math.fround(dots[r]! - offset * rowSums[r]! - ofCodes);
            y[to + r] = base[from + r]! + Math.fround(dot * factors[r]!);
          }
        }
      }
    },
  };
}

/** scale = (max - min) / 255 of a range that holds 0, 1 where that is empty; zeroPoint = round(-min / scale) half to even; in float32. */
function parametersOf(x: Float32Array, at: number, stride: number, count: number, columns: number): Parameters {
  let low = 0;
  let high = 0;
  for (let row = 0; row < count; row++) {
    const from = at + row * stride;
    for (let k = from; k < from + columns; k++) {
      const value = x[k]!;
      if (value < low) low = value;
      else if (value > high) high = value;
    }
  }
  const scale = low === high ? 1 : Math.fround(Math.fround(high - low) / 255);
  const zeroPoint = Math.fround(-low / scale);
  return { scale, zeroPoint: roundHalfToEven(Math.max(0, Math.min(255, zeroPoint))) };
}

/** code = clamp(round(x / scale) half to even + zeroPoint, 0, 255), stored 128 lower. Returns their sum. */
function quantizeRoundHalfToEven(x: Float32Array, at: number, { scale, zeroPoint }: Parameters, codes: Int8Array): number {
  let sum = 0;
  for (let c = 0; c < codes.length; c++) {
    const code = roundHalfToEven(Math.fround(x[at + c]! / scale)) + zeroPoint;
    const stored = (code < 0 ? 0 : code > 255 ? 255 : code) - SHIFT;
    codes[c] = stored;
    sum += stored;
  }
  return sum;
}
